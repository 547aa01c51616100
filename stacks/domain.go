package stacks

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/query"
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
		BucketNames: storage.NewBucketNames(plan.Buckets, plan.Logs),
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

// addGrants enters what the domain's own roles may do into the stack's Permissions.
func (s *DomainStack) addGrants() {
	s.grants = governance.NewPermissions(s, jsii.String("Grants"))
	for _, grant := range s.plan.Grants {
		made := s.grants.Grant(governance.PrincipalOf(grant.Principal), grant.Resource, grant.Permissions, &governance.GrantOptions{
			After: s.principals[grant.Principal],
		})
		s.granted[grant.Principal] = append(s.granted[grant.Principal], made)
	}
}
