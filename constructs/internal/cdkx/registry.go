package cdkx

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// AllowDestroyContext is the context key that an app sets to true for stacks whose
// data may be destroyed.
const AllowDestroyContext = "lakemesh:allow-destroy"

const registryID = "LakeMeshRegistry"

// Registry is what the constructs of a stack have to know of each other: which
// names are taken, and which resources are kept. A lookup costs the same however large
// the stack is.
type Registry struct {
	// Stack is the stack that the registry is of.
	Stack awscdk.Stack

	// Registrar is that of the stage that is synthesized with the stack.
	Registrar *Registrar

	names     map[string]constructs.IConstruct
	kept      []kept
	notifying []constructs.IConstruct
	parts     map[string]any
}

// Registrar has the registries of all stacks of a stage or app. It stands in the first of
// them, for the CDK to ask at synthesis what is wrong, and makes no resource.
type Registrar struct {
	constructs.Construct

	registries []*Registry
	last       []func()
}

type kept struct {
	owner    constructs.Construct
	resource constructs.IConstruct // or the construct around it
	prop     string                // of the owner, which alone lets it go; "" for the context
}

// RegistryOf returns the registry of the stack that scope stands in, and makes it
// at the first call; nil for a Missing scope, which Check reports.
func RegistryOf(scope constructs.IConstruct) *Registry {
	if Missing(scope) {
		return nil
	}
	stack := StackOf(scope)
	return Once(stack, "registry", func() *Registry {
		return Once(RootOf(stack), "registry of "+PathOf(stack), func() *Registry {
			r := &Registry{Stack: stack, Registrar: registrarOf(stack), names: map[string]constructs.IConstruct{}, parts: map[string]any{}}
			r.Registrar.registries = append(r.Registrar.registries, r)
			return r
		})
	})
}

// registrarOf is that of the stage of a stack, which the first stack makes.
func registrarOf(stack awscdk.Stack) *Registrar {
	var whole constructs.IConstruct = StageOf(stack)
	if Missing(whole) {
		whole = RootOf(stack)
	}
	return Once(whole, "registrar", func() *Registrar {
		r := &Registrar{}
		Add(r, stack, jsii.String(registryID))
		NodeOf(r).AddValidation(&registryCheck{r})
		return r
	})
}

// Part is what a package keeps in the registry of a stack under a key; create makes
// it at the first call.
func (r *Registry) Part(key string, create func() any) any {
	part, made := r.parts[key]
	if !made {
		part = create()
		r.parts[key] = part
	}
	return part
}

// Finally is called once in a synthesis, when the CDK knows every reference.
func (r *Registrar) Finally(do func()) { r.last = append(r.last, do) }

// CheckTaken reports a name that another construct of the stack has. kind says of
// what, such as "database"; a nil or empty name is generated and never taken.
func (r *Registry) CheckTaken(list *problem.List, path, kind string, name *string) {
	if r == nil || Value(name, "") == "" {
		return
	}
	if other, taken := r.names[kind+" "+*name]; taken {
		list.Addf(path, fmt.Sprintf("%s, the name of the %s at %s", Quote(*name), kind, *other.Node().Path()),
			"a name used once in the stack", "rename one of them, or use the one that is there")
	}
}

// Claim enters the name of a construct that has been made.
func (r *Registry) Claim(kind string, name *string, owner constructs.IConstruct) {
	if Value(name, "") != "" {
		r.names[kind+" "+*name] = owner
	}
}

// Guard refuses at synthesis what makes a kept resource of the owner go: an
// aspect such as awscdk.RemovalPolicies, or a call of ApplyRemovalPolicy. Two
// keys let data go: here the call is one, and the context AllowDestroyContext
// set to true the other. Overrides of a template's attributes are seen by the
// rules of package policy only. A resource is named itself or by the L2 around
// it. This costs nothing until synthesis, and then one message for all.
func (r *Registry) Guard(owner constructs.Construct, resources ...constructs.IConstruct) {
	for _, resource := range resources {
		r.kept = append(r.kept, kept{owner, resource, ""})
	}
}

// GuardAlways is Guard for a resource that no aspect deletes, not even with the context:
// only the prop of its owner that is named does, which asks first what is kept of it. An
// owner with that prop does not guard the resource.
func (r *Registry) GuardAlways(owner constructs.Construct, resource constructs.IConstruct, prop string) {
	r.kept = append(r.kept, kept{owner, resource, prop})
}

// GuardNotifications refuses at synthesis that AddEventNotification was called on
// a bucket whose events go to EventBridge or to queues by its own configuration:
// the custom resource behind it writes the whole configuration anew, and they
// are lost (rule 13.10).
func (r *Registry) GuardNotifications(bucket constructs.IConstruct) {
	r.notifying = append(r.notifying, bucket)
}

// registryCheck is what the CDK asks at synthesis, after every aspect.
type registryCheck struct{ registrar *Registrar }

// Validate lists what would be lost.
func (c *registryCheck) Validate() *[]*string {
	lost := c.destroyed()
	for _, r := range c.registrar.registries {
		lost = append(lost, r.overwritten()...)
	}
	for _, do := range c.registrar.last {
		do()
	}
	return Strings(lost)
}

// destroyed are the kept resources that would be deleted.
func (c *registryCheck) destroyed() []string {
	var out []string
	var all []kept
	for _, r := range c.registrar.registries {
		all = append(all, r.kept...)
	}
	read := c.options(all)
	for i, k := range all {
		found := ""
		options, _ := read[i].(map[string]any)
		switch {
		case !keeps(options["deletionPolicy"]):
			found = "deleted with its stack"
		case !keeps(options["updateReplacePolicy"]):
			found = "deleted when it is replaced"
		}
		if found == "" || k.prop == "" && MayDestroy(k.owner) {
			continue
		}
		otherwise := "or set the context " + AllowDestroyContext + " to true where data may be destroyed"
		if k.prop != "" {
			otherwise = "or set " + k.prop + ", which takes the context " + AllowDestroyContext + " too"
		}
		out = append(out, fmt.Sprintf("%s: got a removal policy with which %s is %s; expected one that retains it, because data goes only where two keys agree; "+
			"fix: leave it out of RemovalPolicies and ApplyRemovalPolicy, %s",
			*k.owner.Node().Path(), *k.cfn().CfnResourceType(), found, otherwise))
	}
	return out
}

// options are those of kept resources, read in one message.
func (c *registryCheck) options(all []kept) []any {
	if len(all) == 0 {
		return nil
	}
	var b batch.Batch
	asked := make([]any, len(all))
	for i, k := range all {
		var resource any = k.resource
		if _, ok := resource.(awscdk.CfnResource); !ok {
			resource = b.Get(b.Get(resource, "node"), "defaultChild")
		}
		asked[i] = b.Get(resource, "cfnOptions")
	}
	resolved := b.Call(StackOf(c.registrar), "resolve", asked)
	b.Send(resolved)
	return batch.Value[[]any](&b, resolved)
}

func (k kept) cfn() awscdk.CfnResource {
	if resource, ok := k.resource.(awscdk.CfnResource); ok {
		return resource
	}
	return L1(k.resource)
}

// overwritten are the buckets whose notifications a custom resource overwrites.
func (r *Registry) overwritten() []string {
	var out []string
	for _, bucket := range r.notifying {
		if bucket.Node().TryFindChild(jsii.String("Notifications")) == nil { // of AddEventNotification
			continue
		}
		text := *bucket.Node().Path() + ": got AddEventNotification on a bucket whose events go to EventBridge or to queues; expected one who writes the bucket's notifications, " +
			"because the custom resource of AddEventNotification removes the others; fix: add a rule of EventBridge (EnableEventBridge) for the bucket's events"
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

func keeps(policy any) bool { return policy == "Retain" || policy == "RetainExceptOnCreate" }

// MayDestroy reports whether the context of a construct lets data go.
func MayDestroy(scope constructs.Construct) bool {
	switch value := scope.Node().TryGetContext(jsii.String(AllowDestroyContext)).(type) {
	case bool:
		return value
	case string: // from the command line
		return value == "true"
	}
	return false
}
