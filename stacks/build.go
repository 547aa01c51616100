package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// Mesh is every stack of a plan, in the plan's order. A kind of stack has a field here, a
// line in Build, which makes the kinds in the order of the fields, and a file of its own.
type Mesh struct {
	Foundations   []*FoundationStack   // one per account and region
	Domains       []*DomainStack       // one per domain
	FhirStores    []*FhirStack         // of domains that have one
	Images        []*ImagesStack       // of domains with an image store
	Shares        []*ShareStack        // of meshes in several environments
	Links         []*LinkStack         // likewise
	Subscriptions []*SubscriptionStack // one per domain
}

// Build adds the stacks of a plan to an app or stage. A domain's stack waits for
// the foundation of its environment, a consumer's subscriptions wait for its own
// domain and for every domain it reads from; where that stands in another account,
// for its shares and for the links to them. A FHIR store waits for its domain.
//
// The stack of a domain that shares or subscribes to nothing is made all the same,
// with a resource that does nothing in it: cdk deploy takes back the grants that
// left a stack, but forgets a stack that left the app.
//
// It panics, as constructs do, with every problem that the constructs find; a
// plan that mesh.Definition.Plan made has none.
func Build(scope constructs.Construct, plan *mesh.Plan) *Mesh {
	b := &builder{
		scope:       scope,
		plan:        plan,
		foundations: map[mesh.Environment]*FoundationStack{},
		domains:     map[string]*DomainStack{},
		shares:      map[string]*ShareStack{},
		linked:      map[mesh.Environment]*LinkStack{},
	}
	return &Mesh{
		Foundations:   each(plan.Foundations, b.foundation),
		Domains:       each(plan.Domains, b.domain),
		FhirStores:    each(plan.FhirStores, b.fhirStore),
		Images:        each(plan.Domains, b.images),
		Shares:        each(plan.Shares, b.share),
		Links:         each(plan.Links, b.links),
		Subscriptions: each(plan.Consumers, b.subscriptions),
	}
}

// each builds the stack of every plan, where there is one.
func each[P any, S comparable](plans []P, build func(*P) S) []S {
	var out []S
	var none S
	for i := range plans {
		if stack := build(&plans[i]); stack != none {
			out = append(out, stack)
		}
	}
	return out
}

type builder struct {
	scope       constructs.Construct
	plan        *mesh.Plan
	foundations map[mesh.Environment]*FoundationStack
	domains     map[string]*DomainStack
	shares      map[string]*ShareStack
	linked      map[mesh.Environment]*LinkStack
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
	(*props.Tags)["lakemesh:domain"] = jsii.String(domain)
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
