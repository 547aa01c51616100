package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// ImagesStack is a domain's HealthImaging data store with the import of studies
// that arrive in the raw zone and, where a product lists the series, what keeps its
// table.
type ImagesStack struct {
	awscdk.Stack

	store    *imagestore.ImageStore
	imports  *imagestore.Import
	metadata *imagestore.Metadata
	grants   *governance.Permissions
}

// Store is the data store.
func (s *ImagesStack) Store() *imagestore.ImageStore { return s.store }

// Import takes in the studies that arrive.
func (s *ImagesStack) Import() *imagestore.Import { return s.imports }

// Metadata keeps the table of series, nil where no product lists them.
func (s *ImagesStack) Metadata() *imagestore.Metadata { return s.metadata }

// Permissions are the Lake Formation grants of the stack, nil without Metadata.
func (s *ImagesStack) Permissions() *governance.Permissions { return s.grants }

// images makes the stack of a domain's data store. CloudFormation puts the stack's
// tags on the store and the store can change none of them, so they are the ones
// that never change: the address of the domain's owner is left out (rule 7.6).
func (b *builder) images(domain *mesh.DomainPlan) *ImagesStack {
	plan := domain.ImageStore
	if plan == nil {
		return nil
	}
	s := &ImagesStack{}
	b.storeStack(s, b.storeProps(plan.StackName, domain, fmt.Sprintf("Images of the domain %s of the data mesh %s", domain.Name, b.plan.Mesh)), domain)
	lake, topic := newLake(s, domain), newAlarmTopic(s, domain)

	s.store = imagestore.NewImageStore(s, jsii.String("Images"), &imagestore.ImageStoreProps{
		DatastoreName: jsii.String(plan.DatastoreName),
		Key:           lake.Key(),
	})
	s.imports = imagestore.NewImport(s, jsii.String("Import"), &imagestore.ImportProps{
		Store:      s.store,
		Landing:    storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String(plan.Landing)},
		Results:    &storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String(plan.Results)},
		Quarantine: &storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String(plan.Quarantine)},
		AlarmTopic: topic,
	})
	nameRole(plan.ImportRole, s.imports.Role())
	nameRole(plan.RunRole, s.imports, "Workflow", "Role")
	if plan.Series != nil {
		b.afterProduct(s, domain.Name, plan.Series.Product)
		for _, p := range domain.Products { // whose jobs may be granted the same locations, one at a time
			if p.Name != plan.Series.Product && p.HasJobs() {
				b.afterProduct(s, domain.Name, p.Name)
			}
		}
		s.keepSeries(plan.Series, lake, topic)
		nameRole(plan.ReadRole, s.metadata.Function().Role())
	}
	return s
}

// keepSeries makes what fills the table of series. The table itself stands in the stack
// of its product; its landing table stands in the same database
// without a product, so that no subscription reaches it.
func (s *ImagesStack) keepSeries(plan *mesh.ImageSeriesPlan, lake storage.ILakeStorage, topic awssns.ITopic) {
	s.grants = governance.NewPermissions(s, jsii.String("Grants"))
	s.metadata = imagestore.NewMetadata(s, jsii.String("Metadata"), &imagestore.MetadataProps{
		Store:        s.store,
		DatabaseName: jsii.String(plan.Database),
		TableName:    jsii.String(plan.Table),
		Files:        storage.S3Location{Bucket: lake.Zone(plan.Zone), Prefix: jsii.String(plan.Files)},
		Landing:      storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String(plan.Landing)},
		LandingTable: jsii.String(plan.LandingTable.Table.Name),
		WorkGroup: query.NewWorkGroup(s, jsii.String("WorkGroup"), &query.WorkGroupProps{
			Name:        jsii.String(plan.WorkGroup),
			Description: jsii.String("Fills the table " + plan.Table),
			Key:         lake.Key(),
		}),
		Permissions:     s.grants,
		LocationARNs:    plan.Locations,
		RefreshRoleName: jsii.String(plan.Role),
		AlarmTopic:      topic,
	})
}
