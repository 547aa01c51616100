package governance

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Permissions are the Lake Formation grants that a stack makes. They hold one
// grant per principal and resource, whatever was asked for in how many calls,
// and are created one after another.
type Permissions struct {
	constructs.Construct

	home     *order.Stack
	asked    map[string]*request            // what was asked of these Permissions, by identity
	entries  map[string]*entry              // what stands in them, by identity
	filters  map[string]map[string]bool     // data cells filters by principal and table
	products map[lakeformation.Product]bool // those that were granted
	checked  bool                           // the CDK asks what is wrong with them
}

// permissionsKey is where the registry of a stack keeps its Permissions.
const permissionsKey = "permissions"

// PermissionsOf returns the Permissions of the stack that scope stands in: the one
// that NewPermissions made there, else a new one. Every grant of this library
// goes through it, so that grants of one stack are merged and wait for each other
// (rules 2.4 and 2.5).
func PermissionsOf(scope constructs.IConstruct) *Permissions {
	if cdkx.Missing(scope) {
		panic(fmt.Errorf("PermissionsOf: %w", problem.Problem{Path: "scope", Got: "nothing", Expected: "a construct, such as a stack", Fix: "pass the stack whose grants are meant"}))
	}
	return permissionsOf(order.Of(scope))
}

func permissionsOf(home *order.Stack) *Permissions {
	slot := permissionsSlot(home)
	if *slot == nil {
		NewPermissions(home.Stack, jsii.String("LakeFormationGrants"))
	}
	return *slot
}

// permissionsSlot is where the Permissions of a stack are found in the same time however
// large the stack is. Nested stacks have Permissions of their own.
func permissionsSlot(home *order.Stack) **Permissions {
	slot, _ := home.Registry.Part(permissionsKey, func() any { return new(*Permissions) }).(**Permissions)
	return slot
}

// NewPermissions makes the Permissions of a stack, where its place in the tree or its
// id matters; else use PermissionsOf. A stack has one: Lake Formation fails on
// grants made in parallel, and only the grants of one Permissions wait for each other
// (rule 2.5). A second one panics and names the first. Let stacks with grants in
// the same account depend on each other.
//
// At synthesis the Permissions refuse, whatever the order in which things were made:
// grants to an administrator of Lake Formation in the same environment, who needs
// none (rule 2.8); the same grant in the Permissions of another stack of the
// environment, because Lake Formation keeps one per principal and resource (rule
// 2.4); and permissions on a resource link other than DESCRIBE and DROP (rule 5.5).
// Stacks without a fixed account and region share an environment with the stacks
// of their own CDK stage only.
func NewPermissions(scope constructs.Construct, id *string) *Permissions {
	home := order.Of(scope)
	var list problem.List
	if home != nil {
		if other := *permissionsSlot(home); other != nil {
			list.Addf("Permissions", "a second Permissions in the stack "+*home.Stack.StackName(), "one per stack, as grants of two do not wait for each other",
				"use the one at "+*other.Node().Path()+", which PermissionsOf returns")
		}
	}
	cdkx.Check(scope, id, list)

	p := &Permissions{
		home: home, asked: map[string]*request{}, entries: map[string]*entry{},
		filters: map[string]map[string]bool{}, products: map[lakeformation.Product]bool{},
	}
	cdkx.Add(p, scope, id)
	*permissionsSlot(home) = p
	stageOf(home).add(p)
	return p
}

// GrantOptions refines a grant. The zero value grants without the right to
// pass on.
type GrantOptions struct {
	// Grantable lets the principal grant the permissions to others.
	// Default: false.
	Grantable bool

	// FullTableAccess says that a job of Spark with full table access is granted ALL on one
	// table (rule 13.11), which the policy rule LakeMesh.LF14 refuses else.
	// Default: false; permissions are enumerated.
	FullTableAccess bool

	// After lists what must exist before the grant and this library does not know
	// of: a database or table of plain CDK, or something of another stack. What it
	// makes in the same stack comes first by itself.
	// Default: none.
	After []awscdk.CfnResource
}

// Grant gives the principal permissions on the resource. Calls for the same
// principal and resource join into one CloudFormation resource, whose logical
// id depends on those two only (rule 2.4): adding a permission never replaces a
// grant by another name. They are the same when they are the same once deployed: a
// role of the app and its ARN written out, or imported twice, are one principal.
// The id holds no token and no name of a CDK stage. Permissions stand in a fixed
// order and the chain of grants is sorted, so the order of calls changes nothing.
//
// A grant waits for the database, table, filter, location or LF-Tags that it
// names, where the same stack makes them. It stands in these Permissions, except for a
// principal that another stack of the environment makes: then in the Permissions of
// that stack, which is deployed after this one; unless this stack is deployed
// after that one, by what it refers to or depends on, in whatever order the
// program says so.
//
// Every property of a grant is create-only in CloudFormation. A changed set of
// permissions replaces the grant under the same identity; whether CloudFormation
// gets through this without a collision can only be seen on a live account.
//
// It panics on a principal or permission that Lake Formation would refuse, on a
// token of another account or region, which CloudFormation could not resolve
// (rule 5.6), and on more data cells filters of one table than a principal can have.
// Source: "AWS::LakeFormation::PrincipalPermissions".
func (p *Permissions) Grant(principal Principal, resource lakeformation.Resource, permissions []lakeformation.Permission, options *GrantOptions) *Grant {
	o := cdkx.Value(options, GrantOptions{})
	checked := permissions
	if o.FullTableAccess && resource.Kind == lakeformation.KindTable && resource.Table != lakeformation.AllTables && slices.Equal(permissions, []lakeformation.Permission{lakeformation.All}) {
		checked = lakeformation.PermissionsFor(resource)
	}
	cdkx.Fail(p, principal.problem(), p.checkResource(resource, checked), checkAfter(o.After))
	asked := p.identify(principal, resource)
	problems := append(foreign(p.home, "Principal", asked.who.Owners), foreign(p.home, "Resource", asked.owners)...)
	cdkx.CheckPartitionIn(&problems, p.home.Region, "Principal", asked.who.Text)
	cdkx.CheckPartitionIn(&problems, p.home.Region, "Resource", asked.shown.Location)
	cdkx.Fail(p, problems.Err(), p.checkFilter(asked))

	at := p.asked[asked.key]
	if at == nil {
		at = asked
		p.asked[asked.key] = at
		p.check()
		stageOf(p.home).wait(at)
	}
	at.join(asked, permissions, &o)
	p.home.Stage.Touch()
	return &Grant{requests: []*request{at}}
}

// Grants are the CloudFormation resources in the order in which they are created.
// Asking decides where the grants of the app stand by what is known so far.
func (p *Permissions) Grants() []awslakeformation.CfnPrincipalPermissions {
	stageOf(p.home).Settle()
	chain := p.chain()
	out := make([]awslakeformation.CfnPrincipalPermissions, len(chain))
	for i, e := range chain {
		out[i] = e.resource
	}
	return out
}

// Grant is what a grant verb gives back: one grant, or the several that the verb
// needs. The CloudFormation resources are made when the app is synthesized, and
// where they stand is decided then, when the whole program is known.
type Grant struct {
	requests []*request
}

// Cfn are the CloudFormation resources, for properties that the Permissions do not
// set: one for each principal and resource. Asking makes them, and decides in
// which stack they stand by what is known so far.
func (g *Grant) Cfn() []awslakeformation.CfnPrincipalPermissions {
	var out []awslakeformation.CfnPrincipalPermissions
	for _, a := range g.requests {
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
		if cdkx.Missing(construct) && len(g.requests) > 0 {
			cdkx.Argument(g.requests[0].grants, "waiting", construct, "constructs that wait for the grant")
		}
	}
	for _, a := range g.requests {
		a.waiting = append(a.waiting, waiting...)
		a.grants.home.Stage.Touch()
	}
}

// Combine returns the grants of both, as awsiam.Grant has it.
func (g *Grant) Combine(other *Grant) *Grant {
	if other == nil {
		return g
	}
	return &Grant{requests: slices.Concat(g.requests, other.requests)}
}

// checkFilter counts the filters of a table that a principal is granted.
func (p *Permissions) checkFilter(asked *request) error {
	r := asked.same
	if r.Kind != lakeformation.KindDataCells {
		return nil
	}
	table := lakeformation.Table(r.Database, r.Table).In(r.Catalog).Key()
	key := asked.who.Same + " on " + table
	granted := p.filters[key]
	if granted == nil {
		granted = map[string]bool{}
		p.filters[key] = granted
	}
	if !granted[r.Filter] && len(granted) == lakeformation.MaxFilters {
		var list problem.List
		list.Addf(asked.who.Text, fmt.Sprintf("%d filters of %s", len(granted)+1, table), fmt.Sprintf("at most %d, the limit of Lake Formation for one principal and table", lakeformation.MaxFilters),
			"join their conditions with OR, or give the rows a table of their own")
		return list.Err()
	}
	granted[r.Filter] = true
	return nil
}

func checkAfter(after []awscdk.CfnResource) error {
	var list problem.List
	for i, needed := range after {
		if cdkx.Missing(needed) {
			list.Addf(fmt.Sprintf("After[%d]", i), "nothing", "a resource", "leave it out")
		}
	}
	return list.Err()
}

// checkResource reports what keeps the permissions from being granted on the
// resource.
func (p *Permissions) checkResource(r lakeformation.Resource, permissions []lakeformation.Permission) error {
	for _, text := range tagTexts(r) {
		if cdkx.HoldsToken(text) {
			var list problem.List
			list.Addf("Resource", "an LF-Tag that is known only at deployment", "plain text", "write the key and the values out")
			return list.Err()
		}
	}
	return mapTexts(r, func(text string) string { return p.home.Identify(text).Text }).Check(permissions)
}
