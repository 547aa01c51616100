package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// addFreshness makes the workflow that measures the age of the domain's products, and notes
// its role as a principal of the stack's grants. Tables of products stand in later stacks.
func (s *DomainStack) addFreshness() {
	plan := s.plan.Freshness
	if plan == nil {
		return
	}
	props := &monitoring.FreshnessProps{
		Mesh: jsii.String(s.mesh.Mesh), Domain: jsii.String(s.plan.Name), Key: s.storage.Key(),
		StateMachineName: jsii.String(plan.StateMachine), RoleName: jsii.String(plan.Role), AlarmTopic: s.alarms.Topic(),
	}
	if plan.WorkGroup != "" {
		props.WorkGroup = s.newWorkGroup("FreshnessWorkGroup", plan.WorkGroup, "Queries the snapshots of tables of the domain "+s.plan.Name, false)
	}
	for _, p := range plan.Products {
		product := monitoring.FreshProduct{Name: jsii.String(p.Product), Minutes: jsii.Number(p.Minutes), StateMachineARNs: p.StateMachineARNs}
		for _, t := range p.Tables {
			id := fmt.Sprintf("Watched-%s.%s", t.Database, t.Table)
			product.Tables = append(product.Tables, catalog.TableFromName(s, jsii.String(id), jsii.String(t.Database), jsii.String(t.Table)))
		}
		for _, folder := range p.Folders {
			product.Folders = append(product.Folders, storage.S3Location{Bucket: s.zoneBucket(folder.Bucket), Prefix: jsii.String(folder.Folder())})
		}
		props.Products = append(props.Products, product)
	}
	s.freshness = monitoring.NewFreshness(s, jsii.String("Freshness"), props)
	s.principals[plan.RoleARN] = []awscdk.CfnResource{resourceOf(s.freshness.Role())}
}

// Freshness measures the age of the domain's products; nil where none promises any that
// can be watched.
func (s *DomainStack) Freshness() *monitoring.Freshness { return s.freshness }
