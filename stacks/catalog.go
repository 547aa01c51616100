package stacks

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
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
		if location.HybridAccess != "" {
			props.HybridAccessReason = jsii.String(location.HybridAccess)
		}
		if bucket := s.storage.Zone(location.Zone); bucket != nil {
			props.After = []constructs.IDependable{bucket}
		}
		s.locations[location.ARN] = governance.NewLocation(s, jsii.String("Location-"+location.ARN), props).Cfn()
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
		s.databases[d.Name] = made
	}
}

// addTags makes the LF-Tags of the domain alone, and puts tags on its databases.
func (s *DomainStack) addTags() {
	governance.NewOntology(s, jsii.String("Ontology"), &governance.OntologyProps{Tags: s.plan.Tags})
	for _, a := range s.plan.Associations {
		addAssociation(s, s.mesh.Mesh, a)
	}
}

// addOptimizerRole makes the role that keeps the domain's Iceberg tables tidy, in every
// product, and notes it as a principal of the stack's grants.
func (s *DomainStack) addOptimizerRole() {
	if s.plan.OptimizerRole == "" {
		return
	}
	props := &catalog.OptimizerRoleProps{RoleName: jsii.String(s.plan.OptimizerRole), Key: s.storage.Key()}
	for _, database := range s.plan.Optimized() {
		props.Databases = append(props.Databases, catalog.OptimizedDatabase{
			Database: s.databases[database.Name], Location: jsii.String(database.Location),
		})
	}
	s.optimizer = catalog.NewOptimizerRole(s, jsii.String("OptimizerRole"), props)
	s.principals[s.plan.OptimizerARN] = []awscdk.CfnResource{resourceOf(s.optimizer.Role())}
}

// addKeys makes the table of the domain's de-identification key, in a bucket that no
// other role of the domain reaches: with a folder of the lake for it, whoever owns
// the files of the lake could read it, or make a table of it.
func (s *DomainStack) addKeys(locationRole *governance.LocationRole) {
	keys := s.plan.Keys
	if keys == nil {
		return
	}
	s.keys = storage.NewKeyBucket(s, jsii.String("Keys"), &storage.KeyBucketProps{
		BucketName: jsii.String(keys.Bucket),
		Key:        s.storage.Key(),
		AccessLogs: s.storage.Logs(),
		Access: &storage.LakeFormationAccess{
			BreakGlassARNs: s.plan.Files.Administrators,
			RoleARNs:       []string{s.plan.LocationRoleARN, keys.Job.RoleARN},
		},
	})
	location := governance.NewLocation(s, jsii.String("Location-"+keys.Location), &governance.LocationProps{
		ARN: jsii.String(keys.Location), Role: locationRole, Key: s.storage.Key(),
		After: []constructs.IDependable{s.keys},
	})
	s.locations[keys.Location] = location.Cfn()

	database := catalog.NewDatabase(s, jsii.String("Database-keys"), &catalog.DatabaseProps{
		Name:        jsii.String(keys.Database),
		Description: jsii.String("The de-identification key of " + s.plan.Name),
		LocationURI: jsii.String(s3uri.Location{Bucket: keys.Bucket}.URI()),
	})
	database.Cfn().AddResourceDependency(location.Cfn(), nil)
	s.databases[keys.Database] = database
	catalog.NewTable(s, jsii.String("Table-keys"), &catalog.TableProps{
		Database: database,
		Table:    &keys.Table.Table,
		Location: jsii.String(keys.Table.Location),
	})
}

// Product is a data product of the domain, by its name in the mesh, to grant on
// in Go beside the subscriptions of the mesh file:
//
//	clinical.Product("patient_deid").GrantRead(governance.RolePrincipal(role), nil)
//
// The grants stand in the Permissions of the product's stack; a grant that a subscription
// makes already is an error at synthesis. They are no subscription: they have no purpose
// and no end, and the guardrails of the mesh file do not see them. Whoever reads
// the templates, as the package access does, sees them. It panics on a name that
// the domain does not publish.
func (s *DomainStack) Product(name string) *governance.DataProduct {
	return s.ProductStack(name).data()
}

// ProductStack is the stack of a data product of the domain, by its name in the mesh: of
// one in parts the first, which has its jobs.
//
//	clinical.ProductStack("fhir").Refresh().GrantStart(operator)
//
// It panics on a name that the domain does not publish.
func (s *DomainStack) ProductStack(name string) *ProductStack {
	product, published := s.products[name]
	if !published {
		panic(fmt.Errorf("%s: no product %q; expected one of %q", *s.StackName(), name, slices.Sorted(maps.Keys(s.products))))
	}
	return product
}
