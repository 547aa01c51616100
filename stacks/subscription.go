package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// SubscriptionStack is what one domain's principals may see of other domains:
// row and column filters, and grants.
type SubscriptionStack struct {
	awscdk.Stack

	grants *governance.Permissions
}

// Grants is the ledger of the stack's Lake Formation grants.
func (s *SubscriptionStack) Grants() *governance.Permissions { return s.grants }

func (b *builder) subscriptions(plan *mesh.ConsumerPlan) *SubscriptionStack {
	s := &SubscriptionStack{}
	props := b.props(plan.StackName, plan.Environment, fmt.Sprintf("What %s subscribes to in the data mesh %s", plan.Domain, b.plan.Mesh), false)
	(*props.Tags)["lakemesh:domain"] = jsii.String(plan.Domain)
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), props)
	s.AddStackDependency(b.domains[plan.Domain], jsii.String("roles come first"))
	for _, subscription := range plan.Subscriptions {
		s.AddStackDependency(b.domains[subscription.Producer], jsii.String("tables and their tags come first"))
	}

	filters := map[string]awscdk.CfnResource{}
	for _, f := range plan.Filters {
		made := governance.NewRowColumnFilter(s, jsii.String("Filter-"+f.Database+"-"+f.Name), &governance.RowColumnFilterProps{Filter: f})
		filters[f.Resource().Key()] = made.Cfn()
	}
	s.grants = governance.NewPermissions(s, jsii.String("Grants"))
	for _, grant := range plan.Grants {
		options := &governance.GrantOptions{Grantable: len(grant.Grantable) > 0}
		if grant.Resource.Kind == lakeformation.KindDataCells {
			options.After = []awscdk.CfnResource{filters[grant.Resource.Key()]}
		}
		s.grants.Grant(governance.PrincipalOf(grant.Principal), grant.Resource, grant.Permissions, options)
	}
	return s
}
