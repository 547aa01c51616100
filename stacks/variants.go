package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/constructs/variants"
	"github.com/lakemesh/lakemesh/constructs/variants/schema"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// VariantsStack is what loads the VCF files that land in a domain's raw zone. Their tables
// stand in the stack of the product variants, but for the one of erased samples.
type VariantsStack struct {
	awscdk.Stack

	lake   *variants.VariantLake
	grants *governance.Permissions
}

// Lake loads the files.
func (s *VariantsStack) Lake() *variants.VariantLake { return s.lake }

// Permissions are the Lake Formation grants of the stack.
func (s *VariantsStack) Permissions() *governance.Permissions { return s.grants }

// variants makes the stack of what loads the VCF files of a domain. It waits for the tables,
// and for stacks with jobs that may be granted the same locations, one at a time.
func (b *builder) variants(domain *mesh.DomainPlan) *VariantsStack {
	plan := domain.Variants
	if plan == nil {
		return nil
	}
	s := &VariantsStack{}
	b.storeStack(s, withOwner(b.storeProps(plan.StackName, domain, fmt.Sprintf("Loads VCF files of the domain %s of the data mesh %s", domain.Name, b.plan.Mesh)), domain), domain)
	for _, p := range domain.Products {
		if p.Name == schema.Product || p.HasJobs() {
			b.afterProduct(s, domain.Name, p.Name)
		}
	}
	lake := newLake(s, domain)
	s.grants = governance.NewPermissions(s, jsii.String("Grants"))
	props := &variants.VariantLakeProps{
		Name:             jsii.String(plan.Name),
		Engine:           variants.Engine(plan.Engine),
		MaximumCapacity:  &variants.Capacity{VCPU: float64(plan.Capacity.VCPU), MemoryGB: float64(plan.Capacity.MemoryGB), DiskGB: float64(plan.Capacity.DiskGB)},
		Schedule:         jsii.String(plan.Schedule),
		Landing:          storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String(plan.Landing)},
		Runs:             &storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String(plan.Runs)},
		Files:            storage.S3Location{Bucket: lake.Zone(plan.Zone), Prefix: jsii.String(plan.Files)},
		DatabaseName:     jsii.String(plan.Database),
		LocationARNs:     plan.Locations,
		Key:              lake.Key(),
		Permissions:      s.grants,
		AlarmTopic:       newAlarmTopic(s, domain),
		JobRoleName:      jsii.String(plan.JobRole),
		WorkflowRoleName: jsii.String(plan.RunRole),
	}
	if plan.Assembly != "" {
		props.Assembly = jsii.String(plan.Assembly)
	}
	if plan.Reference != "" {
		props.Reference = &variants.Reference{Bucket: lake.Raw(), Key: jsii.String(plan.Reference)}
	}
	s.lake = variants.NewVariantLake(s, jsii.String("Variants"), props)
	return s
}
