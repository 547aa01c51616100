package governance

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
)

// Grant is what a grant verb gives back: one grant, or the several that the verb
// needs.
type Grant struct {
	made []awslakeformation.CfnPrincipalPermissions
}

// Cfn are the CloudFormation resources, for properties that the ledger does not
// set: one for each principal and resource.
func (g *Grant) Cfn() []awslakeformation.CfnPrincipalPermissions { return slices.Clone(g.made) }

// ApplyBefore makes constructs wait until everything is granted, as awsiam.Grant
// has it: a job that reads a table, for example, is made after its grant.
func (g *Grant) ApplyBefore(waiting ...constructs.IConstruct) {
	for _, construct := range waiting {
		for _, made := range g.made {
			construct.Node().AddDependency(made)
		}
	}
}

// Combine returns the grants of both, as awsiam.Grant has it.
func (g *Grant) Combine(other *Grant) *Grant {
	return &Grant{made: slices.Concat(g.made, other.made)}
}
