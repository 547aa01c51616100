package stacks

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// Mesh is every stack of a plan, in the plan's order. A kind of stack has a field here, a
// line in Build, which makes the kinds in the order of the fields, and a type in a file beside.
type Mesh struct {
	Foundations   []*FoundationStack   // one per account and region
	Domains       []*DomainStack       // one per domain
	Products      []*ProductStack      // of every domain, one per product
	FhirStores    []*FhirStack         // of domains that have one
	Images        []*ImagesStack       // of domains with an image store
	Omics         []*OmicsStack        // of domains with stores of sequences
	Variants      []*VariantsStack     // of domains that load VCF files
	Shares        []*ShareStack        // of meshes in several environments
	Links         []*LinkStack         // likewise
	Subscriptions []*SubscriptionStack // one per domain
}

// Build adds the stacks of a plan to an app or stage. A domain's stack waits for
// the foundation of its environment, those of its products wait for the domain's, and a
// consumer's subscriptions for its own domain and for every product it reads; where that
// stands in another account, for the shares of its domain and for the links to them. A
// FHIR store waits for its domain.
//
// The stack of a domain that shares or subscribes to nothing is made all the same,
// with a resource that does nothing in it: cdk deploy takes back the grants that
// left a stack, but forgets a stack that left the app.
//
// It panics, as constructs do, with every problem that the constructs find; a
// plan that mesh.Definition.Plan made has none.
func Build(scope constructs.Construct, plan *mesh.Plan) *Mesh {
	b := &builder{
		scope:       scope,
		plan:        plan,
		foundations: map[mesh.Environment]awscdk.Stack{},
		domains:     map[string]*DomainStack{},
		products:    map[string][]awscdk.Stack{},
		shares:      map[string]awscdk.Stack{},
		linked:      map[mesh.Environment]awscdk.Stack{},
	}
	return &Mesh{
		Foundations:   each(plan.Foundations, b.foundation),
		Domains:       each(plan.Domains, b.domain),
		Products:      b.allProducts(),
		FhirStores:    each(plan.FhirStores, b.fhirStore),
		Images:        each(plan.Domains, b.images),
		Omics:         each(plan.Domains, b.omics),
		Variants:      each(plan.Domains, b.variants),
		Shares:        each(plan.Shares, b.share),
		Links:         each(plan.Links, b.links),
		Subscriptions: each(plan.Consumers, b.subscriptions),
	}
}

// each builds the stack of every plan, where there is one.
func each[P any, S comparable](plans []P, build func(*P) S) []S {
	var out []S
	var none S
	for i := range plans {
		if stack := build(&plans[i]); stack != none {
			out = append(out, stack)
		}
	}
	return out
}

func (b *builder) domain(plan *mesh.DomainPlan) *DomainStack {
	subscriber, _ := b.plan.Consumer(plan.Name)
	s := &DomainStack{
		mesh:       b.plan,
		plan:       plan,
		subscriber: subscriber,
		principals: map[string][]awscdk.CfnResource{},
		granted:    map[string][]*governance.Grant{},
		databases:  map[string]*catalog.Database{},
		locations:  map[string]awscdk.CfnResource{},
		products:   map[string]*ProductStack{},
		readers:    map[string]*query.WorkGroup{},
	}
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), withOwner(b.domainProps(plan.StackName, plan.Name, plan.Environment,
		fmt.Sprintf("Domain %s of the data mesh %s", plan.Name, b.plan.Mesh), true), plan))
	b.after(s, plan.Environment)
	b.domains[plan.Name] = s

	s.storage = storage.NewLakeStorage(s, jsii.String("Storage"), &storage.LakeStorageProps{
		BucketNames: storage.NewBucketNames(plan.Buckets, plan.Logs),
		KeyAlias:    jsii.String(b.plan.Mesh + "-" + plan.Name),
		Raw:         &storage.ZoneProps{EnableEventBridge: jsii.Bool(b.hasStore(plan)), Lifecycle: &storage.Lifecycle{ExpireFolders: s.expiring(ontology.Raw)}},
		Curated:     &storage.ZoneProps{Lifecycle: &storage.Lifecycle{ExpireFolders: s.expiring(ontology.Curated)}},
		Analytics:   &storage.ZoneProps{Lifecycle: &storage.Lifecycle{ExpireFolders: s.expiring(ontology.Analytics)}},

		OnlyLakeFormation: &storage.LakeFormationAccess{
			BreakGlassARNs: plan.Files.Administrators, RoleARNs: b.everyZone(plan), ZoneRoleARNs: plan.Files.Zones,
		},
	})
	if plan.KeyParameter != "" {
		s.addKeyParameter()
	}
	s.addAlarms()
	s.addWorkGroups()
	s.addLocations()
	s.addCatalog()
	s.addTags()
	s.addJobRole()
	s.addOptimizerRole()
	s.addJobs()
	s.addEvaluator()
	s.addGrants()
	s.jobsAfterGrants()
	s.addCrawlers()
	s.addReaders()
	s.addDashboard()
	return s
}

// hasStore reports whether deliveries in the raw zone start the import of a store.
func (b *builder) hasStore(plan *mesh.DomainPlan) bool {
	_, hasFhirStore := b.plan.FhirStore(plan.Name)
	return hasFhirStore || plan.ImageStore != nil || plan.Variants != nil
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

// expiring are the folders of a zone that are not kept for ever.
func (s *DomainStack) expiring(zone ontology.Zone) []storage.FolderExpiration {
	var out []storage.FolderExpiration
	if store, _ := s.mesh.FhirStore(s.plan.Name); store.Exports != "" && zone == ontology.Curated {
		out = append(out, storage.FolderExpiration{Prefix: jsii.String(store.Exports), AfterDays: jsii.Number(store.ExportDays)})
	}
	for _, folder := range s.plan.Expirations {
		if folder.Zone == zone {
			out = append(out, storage.FolderExpiration{Prefix: jsii.String(folder.Folder), AfterDays: jsii.Number(folder.Days)})
		}
	}
	return out
}
