package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// LinkStack is the resource links of one environment: under the name that a
// database has at home, whoever was granted to finds it in this catalog.
type LinkStack struct {
	awscdk.Stack

	links []*governance.ResourceLink
}

// Links are the stack's resource links, sorted by name.
func (s *LinkStack) Links() []*governance.ResourceLink { return s.links }

func (b *builder) links(plan *mesh.LinksPlan) *LinkStack {
	s := &LinkStack{}
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), b.props(plan.StackName, plan.Environment,
		fmt.Sprintf("Links of the data mesh %s to databases of other accounts", b.plan.Mesh), false))
	b.after(s, plan.Environment)
	for _, link := range plan.Databases {
		s.AddStackDependency(b.shares[link.Producer], jsii.String("shares come before the links to them"))
		s.links = append(s.links, governance.NewResourceLink(s, jsii.String("Link-"+link.Name), &governance.ResourceLinkProps{
			Name:           jsii.String(link.Name),
			TargetAccount:  jsii.String(link.Target.Account),
			TargetDatabase: jsii.String(link.Database),
			TargetRegion:   jsii.String(link.Target.Region),
		}))
	}
	if len(plan.Databases) == 0 {
		keepEmptyStack(s)
	}
	b.linked[plan.Environment] = s
	return s
}
