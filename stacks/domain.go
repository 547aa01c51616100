package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// DomainStack is a domain's lake: storage, catalog, registered locations, tags,
// the role its jobs run as, and its Athena workgroup.
type DomainStack struct {
	awscdk.Stack

	mesh       *mesh.Plan
	plan       *mesh.DomainPlan
	subscriber mesh.ConsumerPlan
	storage    *storage.LakeStorage
	workGroup  *query.WorkGroup
	readers    map[string]*query.WorkGroup // by the name of the principal
	jobRole    awsiam.Role
	grants     *governance.Permissions
	crawlers   []*crawler.Crawler

	optimizer *catalog.OptimizerRole // nil without Iceberg tables, and where Glue has no optimizers
	iceberg   []*catalog.Table

	principals map[string][]awscdk.CfnResource // what a grant to the ARN waits for
	granted    map[string][]*governance.Grant  // the grants to the ARN
	databases  map[string]*catalog.Database    // by name
	tables     map[string]awscdk.CfnResource   // by database.table
	locations  map[string]awscdk.CfnResource   // by ARN

	products map[string]*governance.DataProduct // by name

	keys       awss3.Bucket           // of the de-identification key; nil without one
	refresh    *query.Job             // nil without tables that are made by queries
	deidentify *query.Job             // nil without de-identified tables
	evolution  *query.SchemaEvolution // nil where no deployed contract is kept
}

// Storage is the domain's key and buckets.
func (s *DomainStack) Storage() *storage.LakeStorage { return s.storage }

// WorkGroup is where the role of the domain's jobs queries.
func (s *DomainStack) WorkGroup() *query.WorkGroup { return s.workGroup }

// ReaderWorkGroup is where a principal of the mesh queries for the domain, nil for
// one that does not.
func (s *DomainStack) ReaderWorkGroup(principal string) *query.WorkGroup { return s.readers[principal] }

// JobRole is the role that the domain's jobs run as, the only writer of its tables.
func (s *DomainStack) JobRole() awsiam.Role { return s.jobRole }

// Permissions are the Lake Formation grants of the stack.
func (s *DomainStack) Permissions() *governance.Permissions { return s.grants }

func (b *builder) domain(plan *mesh.DomainPlan) *DomainStack {
	subscriber, _ := b.plan.Consumer(plan.Name)
	s := &DomainStack{
		mesh:       b.plan,
		plan:       plan,
		subscriber: subscriber,
		principals: map[string][]awscdk.CfnResource{},
		granted:    map[string][]*governance.Grant{},
		databases:  map[string]*catalog.Database{},
		tables:     map[string]awscdk.CfnResource{},
		locations:  map[string]awscdk.CfnResource{},
		products:   map[string]*governance.DataProduct{},
		readers:    map[string]*query.WorkGroup{},
	}
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), withOwner(b.domainProps(plan.StackName, plan.Name, plan.Environment,
		fmt.Sprintf("Domain %s of the data mesh %s", plan.Name, b.plan.Mesh), true), plan))
	b.after(s, plan.Environment)
	b.domains[plan.Name] = s

	s.storage = storage.NewLakeStorage(s, jsii.String("Storage"), &storage.LakeStorageProps{
		BucketNames: bucketNames(plan),
		KeyAlias:    jsii.String(b.plan.Mesh + "-" + plan.Name),
		Raw:         &storage.ZoneProps{EnableEventBridge: jsii.Bool(plan.KeyParameter != "")},
		Curated:     &storage.ZoneProps{Lifecycle: &storage.Lifecycle{ExpireFolders: s.expiring()}},

		OnlyLakeFormation: &storage.LakeFormationAccess{
			BreakGlassARNs: plan.Files.Administrators, RoleARNs: b.everyZone(plan), ZoneRoleARNs: plan.Files.Zones,
		},
	})
	if plan.KeyParameter != "" {
		s.addKeyParameter()
	}
	s.addWorkGroups()
	s.addLocations()
	s.addCatalog()
	s.addViews()
	s.addAssociations()
	s.addProducts(b.plan.Mesh)
	s.addJobRole()
	s.addOptimizerRole()
	s.addJobs()
	s.addGrants()
	s.jobsAfterGrants()
	s.addOptimizers()
	s.addCrawlers()
	s.addReaders()
	return s
}

// everyZone are the roles that reach the files of every zone: also the role that
// deploys, where the mesh names it, because Glue writes the first metadata of an
// Iceberg table for it. The one that the synthesizer names is admitted by the lake.
func (b *builder) everyZone(plan *mesh.DomainPlan) []string {
	foundation, _ := b.plan.Foundation(plan.Environment)
	if foundation.Deployer == "" {
		return plan.Files.EveryZone
	}
	return append(slices.Clone(plan.Files.EveryZone), foundation.Deployer)
}

// expiring are the folders of the curated zone that are not kept.
func (s *DomainStack) expiring() []storage.FolderExpiration {
	store, _ := s.mesh.FhirStore(s.plan.Name)
	if store.Exports == "" {
		return nil
	}
	return []storage.FolderExpiration{{Prefix: jsii.String(store.Exports), AfterDays: jsii.Number(store.ExportDays)}}
}

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
			Frozen:   t.Deployed,
			// The plan has refused what no engine was told of.
			AcceptFrozen: jsii.Bool(t.Deployed != nil),
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
