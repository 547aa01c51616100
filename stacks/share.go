package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// ShareStack is what one domain grants to other accounts: row and column
// filters, and grants that the accounts pass on to their principals. Lake
// Formation makes the shares of AWS Resource Access Manager itself (rule 5.2).
type ShareStack struct {
	awscdk.Stack

	grants *governance.Permissions
}

// Permissions are the Lake Formation grants of the stack.
func (s *ShareStack) Permissions() *governance.Permissions { return s.grants }

func (b *builder) share(plan *mesh.SharePlan) *ShareStack {
	s := &ShareStack{}
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), b.domainProps(plan.StackName, plan.Domain, plan.Environment,
		fmt.Sprintf("What %s shares with other accounts of the data mesh %s", plan.Domain, b.plan.Mesh), false))
	s.AddStackDependency(b.domains[plan.Domain], jsii.String("tables and their tags come first"))
	for _, consumer := range plan.Consumers {
		s.AddStackDependency(b.domains[consumer], jsii.String("roles come first"))
	}
	s.grants = b.grants(s, plan.Filters, plan.Grants)
	b.shares[plan.Domain] = s
	return s
}
