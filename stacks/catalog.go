package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func (s *DomainStack) addLocations() {
	role := governance.NewLocationRole(s, jsii.String("LocationRole"), &governance.LocationRoleProps{
		RoleName: jsii.String(s.plan.LocationRole),
	})
	for _, location := range s.plan.Locations {
		props := &governance.LocationProps{ARN: jsii.String(location.ARN), Role: role, ReadOnly: jsii.Bool(location.ReadOnly)}
		if !location.ReadOnly {
			props.Key = s.storage.Key()
		}
		made := governance.NewLocation(s, jsii.String("Location-"+location.ARN), props)
		if bucket := s.storage.Zone(location.Zone); bucket != nil {
			made.Node().AddDependency(bucket)
		}
		s.locations[location.ARN] = made.Cfn()
	}
	s.addKeys(role)
}

func (s *DomainStack) addCatalog() {
	for _, d := range s.plan.Databases {
		made := catalog.NewDatabase(s, jsii.String("Database-"+string(d.Zone)), &catalog.DatabaseProps{
			Name:        jsii.String(d.Name),
			Description: jsii.String(d.Description),
			LocationURI: jsii.String(d.Location),
		})
		for _, location := range s.plan.Locations {
			if location.Zone == d.Zone {
				made.Cfn().AddResourceDependency(s.locations[location.ARN], nil)
			}
		}
		s.databases[d.Name] = made
	}
	for i := range s.plan.Tables {
		t := &s.plan.Tables[i]
		if t.Table.View != nil {
			continue
		}
		made := catalog.NewTable(s, jsii.String("Table-"+string(t.Zone)+"-"+t.Table.Name), &catalog.TableProps{
			Database: s.databases[t.Database],
			Table:    &t.Table,
			Contract: t.Contract,
			Location: jsii.String(t.Location),
			Deployed: t.Deployed,
			// The plan has refused what no engine was told of.
			AcceptChanges: jsii.Bool(t.Deployed != nil),
		})
		for _, location := range s.plan.Locations {
			// The database waits for the locations of its own zone.
			if location.Zone != t.Zone && s3uri.Parse(location.ARN).Contains(s3uri.Parse(t.Location)) {
				made.Cfn().AddResourceDependency(s.locations[location.ARN], nil)
			}
		}
		s.tables[t.Database+"."+t.Table.Name] = made.Cfn()
		if t.Table.Format == contract.FormatIceberg {
			s.iceberg = append(s.iceberg, made)
		}
	}
}

// addViews makes the views of the domain's contracts, after its tables.
func (s *DomainStack) addViews() {
	var tables []awscdk.CfnResource
	for _, key := range slices.Sorted(maps.Keys(s.tables)) {
		tables = append(tables, s.tables[key])
	}
	for i := range s.plan.Tables {
		t := &s.plan.Tables[i]
		if t.Table.View == nil {
			continue
		}
		made := catalog.NewView(s, jsii.String("View-"+string(t.Zone)+"-"+t.Table.Name), &catalog.ViewProps{
			Database: s.databases[t.Database],
			Table:    &t.Table,
			Contract: t.Contract,
			After:    tables,
		})
		s.tables[t.Database+"."+t.Table.Name] = made.Cfn()
	}
}

// addAssociations puts the tags on databases, tables and columns.
func (s *DomainStack) addAssociations() {
	for _, a := range s.plan.Associations {
		governance.NewTagAssociation(s, jsii.String("Tags-"+s.associationID(a)), &governance.TagAssociationProps{
			Association: a,
			Fixed:       jsii.Bool(true), // the id names the target and, of keys that come and go, the key
		})
	}
}

// associationID names an association by its target, and by its key where that is
// one of the mesh file.
func (s *DomainStack) associationID(a lakeformation.TagAssociation) string {
	id := a.Resource.Database
	if a.Resource.Table != "" {
		id += "-" + a.Resource.Table
	}
	if a.Resource.Kind == lakeformation.KindColumns {
		id += "-" + strings.Join(a.Resource.Columns, "-")
	}
	builtIn := slices.ContainsFunc(ontology.TagKeys(), func(facet string) bool { return ontology.Key(s.mesh.Mesh, facet) == a.Tags[0].Key })
	if !builtIn {
		id += "-" + a.Tags[0].Key
	}
	return id
}

// addOptimizerRole makes the role that keeps the domain's Iceberg tables tidy,
// and notes it as a principal of the stack's grants.
func (s *DomainStack) addOptimizerRole() {
	if s.plan.OptimizerRole == "" {
		return
	}
	s.optimizer = catalog.NewOptimizerRole(s, jsii.String("OptimizerRole"), &catalog.OptimizerRoleProps{
		RoleName: jsii.String(s.plan.OptimizerRole),
		Key:      s.storage.Key(),
	})
	s.principals[s.plan.OptimizerARN] = []awscdk.CfnResource{resourceOf(s.optimizer.Role())}
}

// addOptimizers compacts every Iceberg table of the domain, expires its snapshots
// and deletes its orphan files. Glue tries the role when an optimizer is made, so
// they wait for the role's grants.
func (s *DomainStack) addOptimizers() {
	if s.optimizer == nil {
		return // Glue has none in the region
	}
	for _, table := range s.iceberg {
		made := catalog.NewTableOptimizer(s, jsii.String("Optimizer-"+*table.DatabaseName()+"-"+*table.TableName()), &catalog.TableOptimizerProps{
			Table: table,
			Role:  s.optimizer,
		})
		for _, optimizer := range made.Cfn() {
			s.afterGrants(s.plan.OptimizerARN, optimizer)
		}
	}
}

// addKeys makes the table of the domain's de-identification key, in a bucket that no
// other role of the domain reaches: with a folder of the lake for it, whoever owns
// the files of the lake could read it, or make a table of it.
func (s *DomainStack) addKeys(locationRole *governance.LocationRole) {
	if s.plan.Deidentify == nil || s.plan.Deidentify.Keys == nil {
		return
	}
	keys := s.plan.Deidentify.Keys
	s.keys = storage.NewKeyBucket(s, jsii.String("Keys"), &storage.KeyBucketProps{
		BucketName: jsii.String(keys.Bucket),
		Key:        s.storage.Key(),
		AccessLogs: s.storage.Logs(),
		Access: &storage.LakeFormationAccess{
			BreakGlassARNs: s.plan.Files.Administrators,
			RoleARNs:       []string{s.plan.LocationRoleARN, s.plan.Deidentify.RoleARN},
		},
	})
	location := governance.NewLocation(s, jsii.String("Location-"+keys.Location), &governance.LocationProps{
		ARN: jsii.String(keys.Location), Role: locationRole, Key: s.storage.Key(),
	})
	location.Node().AddDependency(s.keys)
	s.locations[keys.Location] = location.Cfn()

	database := catalog.NewDatabase(s, jsii.String("Database-keys"), &catalog.DatabaseProps{
		Name:        jsii.String(keys.Database),
		Description: jsii.String("The de-identification key of " + s.plan.Name),
		LocationURI: jsii.String(s3uri.Location{Bucket: keys.Bucket}.URI()),
	})
	database.Cfn().AddResourceDependency(location.Cfn(), nil)
	s.databases[keys.Database] = database
	table := catalog.NewTable(s, jsii.String("Table-keys"), &catalog.TableProps{
		Database: database,
		Table:    &keys.Table.Table,
		Location: jsii.String(keys.Table.Location),
	})
	s.tables[keys.Database+"."+keys.Table.Table.Name] = table.Cfn()
}

// Product is a data product of the domain, by its name in the mesh, to grant on
// in Go beside the subscriptions of the mesh file:
//
//	clinical.Product("patient_deid").GrantRead(governance.RolePrincipal(role), nil)
//
// The grants stand in the Permissions of this stack; a grant that a subscription makes
// already is an error at synthesis. They are no subscription: they have no purpose
// and no end, and the guardrails of the mesh file do not see them. Whoever reads
// the templates, as the package access does, sees them. It panics on a name that
// the domain does not publish.
func (s *DomainStack) Product(name string) *governance.DataProduct {
	product, published := s.products[name]
	if !published {
		panic(fmt.Errorf("%s: no product %q; expected one of %q", *s.StackName(), name, slices.Sorted(maps.Keys(s.products))))
	}
	return product
}

// addProducts names the products of the domain; that makes no resources.
func (s *DomainStack) addProducts(meshName string) {
	for _, t := range s.plan.Tables {
		if s.products[t.Product] != nil {
			continue
		}
		s.products[t.Product] = governance.NewDataProduct(s, jsii.String("Product-"+t.Product), &governance.DataProductProps{
			Mesh:    jsii.String(meshName),
			Domain:  jsii.String(s.plan.Name),
			Product: jsii.String(t.Product),
			Zone:    t.Zone,
		})
	}
}
