package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

type builder struct {
	scope       constructs.Construct
	plan        *mesh.Plan
	foundations map[mesh.Environment]awscdk.Stack
	domains     map[string]*DomainStack
	products    map[string][]awscdk.Stack // by domain.product
	shares      map[string]awscdk.Stack
	linked      map[mesh.Environment]awscdk.Stack
}

// props are what all stacks have in common.
func (b *builder) props(name string, environment mesh.Environment, description string, stateful bool) *awscdk.StackProps {
	return &awscdk.StackProps{
		StackName:             jsii.String(name),
		Description:           jsii.String(description),
		Env:                   &awscdk.Environment{Account: jsii.String(environment.Account), Region: jsii.String(environment.Region)},
		TerminationProtection: jsii.Bool(stateful),
		Tags: &map[string]*string{
			"lakemesh:mesh":  jsii.String(b.plan.Mesh),
			"lakemesh:stage": jsii.String(b.plan.Stage),
		},
	}
}

// domainProps are what the stacks of a domain have in common.
func (b *builder) domainProps(name, domain string, environment mesh.Environment, description string, stateful bool) *awscdk.StackProps {
	props := b.props(name, environment, description, stateful)
	(*props.Tags)[template.DomainTag] = jsii.String(domain)
	return props
}

// withOwner adds the address of the team. It may change, so what can never take
// another tag goes without it (rule 7.6).
func withOwner(props *awscdk.StackProps, domain *mesh.DomainPlan) *awscdk.StackProps {
	(*props.Tags)["lakemesh:owner"] = jsii.String(domain.Owner)
	return props
}

// after makes a stack wait for the foundation of an environment.
func (b *builder) after(stack awscdk.Stack, environment mesh.Environment) {
	foundation, planned := b.foundations[environment]
	if !planned {
		panic(fmt.Errorf("%s: the plan has no foundation for account %s in %s", *stack.StackName(), environment.Account, environment.Region))
	}
	stack.AddStackDependency(foundation, jsii.String("settings and LF-Tags come first"))
}

// resourceOf is the CloudFormation resource behind a construct of the CDK.
func resourceOf(construct constructs.IConstruct) awscdk.CfnResource {
	resource, ok := construct.Node().DefaultChild().(awscdk.CfnResource)
	if !ok {
		panic(fmt.Errorf("%s: no CloudFormation resource behind it", *construct.Node().Path()))
	}
	return resource
}

// storeProps are those of a stack beside a domain's own.
func (b *builder) storeProps(name string, plan *mesh.DomainPlan, description string) *awscdk.StackProps {
	return b.domainProps(name, plan.Name, plan.Environment, description, true)
}

// storeStack makes a stack beside a domain's own.
func (b *builder) storeStack(stack awscdk.Stack, props *awscdk.StackProps, plan *mesh.DomainPlan) {
	awscdk.NewStack_Override(stack, b.scope, props.StackName, props)
	stack.AddStackDependency(b.domains[plan.Name], jsii.String("key, buckets and databases come first"))
}

// keepEmptyStack puts a resource that does nothing into a stack without any other:
// CloudFormation takes no empty stacks.
func keepEmptyStack(scope awscdk.Stack) {
	awscdk.NewCfnWaitConditionHandle(scope, jsii.String("Nothing"), nil)
}
