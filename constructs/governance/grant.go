package governance

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// Grant is what a grant verb gives back: one grant, or the several that the verb
// needs. The CloudFormation resources are made when the app is synthesized, and
// where they stand is decided then, when the whole program is known.
type Grant struct {
	pairs []*pair
}

// Cfn are the CloudFormation resources, for properties that the Permissions do not
// set: one for each principal and resource. Asking makes them, and decides in
// which stack they stand by what is known so far.
func (g *Grant) Cfn() []awslakeformation.CfnPrincipalPermissions {
	var out []awslakeformation.CfnPrincipalPermissions
	for _, a := range g.pairs {
		if made := a.made(); !slices.Contains(out, made) {
			out = append(out, made)
		}
	}
	return out
}

// ApplyBefore makes constructs wait until everything is granted, as awsiam.Grant
// has it: a job that reads a table, for example, is made after its grant.
func (g *Grant) ApplyBefore(waiting ...constructs.IConstruct) {
	for _, construct := range waiting {
		if cdkx.Missing(construct) && len(g.pairs) > 0 {
			cdkx.Argument(g.pairs[0].grants, "waiting", construct, "constructs that wait for the grant")
		}
	}
	for _, a := range g.pairs {
		a.waiting = append(a.waiting, waiting...)
		a.grants.home.Stage.Touch()
	}
}

// Combine returns the grants of both, as awsiam.Grant has it.
func (g *Grant) Combine(other *Grant) *Grant {
	if other == nil {
		return g
	}
	return &Grant{pairs: slices.Concat(g.pairs, other.pairs)}
}
