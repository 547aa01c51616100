package governance

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// PermissionsOf returns the ledger of the stack that scope stands in: the one
// that NewPermissions made there, else a new one. Every grant of this library
// goes through it, so that grants of one stack are merged and wait for each other
// (rules 2.4 and 2.5).
func PermissionsOf(scope constructs.IConstruct) *Permissions {
	stack := awscdk.Stack_Of(scope)
	if ledger := ledgerOf(stack); ledger != nil {
		return ledger
	}
	return NewPermissions(stack, jsii.String("LakeFormationGrants"))
}

// ledgerOf finds the ledger of a stack, nil where there is none yet. Nested
// stacks, which stand below it, have ledgers of their own.
func ledgerOf(stack awscdk.Stack) *Permissions {
	path := *stack.Node().Path()
	for _, c := range *stack.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		if p, ok := c.(*Permissions); ok && p.stack == path {
			return p
		}
	}
	return nil
}

// first is the one of the grants that is created before the others; what it
// waits for, all of them wait for.
func (p *Permissions) first(grants []awslakeformation.CfnPrincipalPermissions) awslakeformation.CfnPrincipalPermissions {
	for _, e := range p.entries {
		if slices.Contains(grants, e.resource) {
			return e.resource
		}
	}
	return nil
}

// sameEnvironment lists the constructs of a type that stand in the app for the
// account and region of scope, in the order of the tree.
func sameEnvironment[T constructs.IConstruct](scope constructs.IConstruct) []T {
	var out []T
	here := environment(scope)
	for _, c := range *scope.Node().Root().Node().FindAll(constructs.ConstructOrder_PREORDER) {
		if found, ok := c.(T); ok && environment(found) == here {
			out = append(out, found)
		}
	}
	return out
}

// foreignToken is the error of a value that only the deployment of another
// account or region knows. The CDK would turn it into Fn::GetStackOutput without
// a word (rule 5.6).
func foreignToken(scope constructs.IConstruct, value string) error {
	if !cdkx.IsToken(value) {
		return nil
	}
	for _, token := range *awscdk.Tokenization_ReverseString(jsii.String(value)).Tokens() {
		if reference, ok := token.(awscdk.Reference); ok {
			if err := foreign(scope, reference.Target()); err != nil {
				return err
			}
		}
	}
	return nil
}

func foreign(scope, owner constructs.IConstruct) error {
	here, there := environment(scope), environment(owner)
	if here == there {
		return nil
	}
	return fmt.Errorf("a value of %s, which only its deployment in %s knows; expected a plain string in %s; fix: give the resource a fixed name and write its ARN out", *owner.Node().Path(), there, here)
}
