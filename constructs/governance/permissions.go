package governance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Permissions is the ledger of a stack's Lake Formation grants. It keeps one
// grant per principal and resource, whatever was asked for in how many calls,
// and creates the grants one after another.
type Permissions struct {
	constructs.Construct

	stack   string        // path of the stack
	entries []*entry      // sorted by key
	around  *surroundings // what another ledger has seen in the app for this one to check; nil else
}

type entry struct {
	key         string
	principal   Principal
	granted     lakeformation.Resource
	permissions []lakeformation.Permission
	grantable   []lakeformation.Permission
	resource    awslakeformation.CfnPrincipalPermissions
}

// NewPermissions makes the ledger of a stack, where its place in the tree or its
// id matters; else use PermissionsOf. A stack has one: Lake Formation fails on
// grants made in parallel, and only the grants of one ledger wait for each other
// (rule 2.5). A second one panics and names the first. Let stacks with grants in
// the same account depend on each other.
//
// At synthesis the ledger refuses, whatever the order in which things were made:
// grants to an administrator of Lake Formation in the same environment, who needs
// none (rule 2.8); the same grant in the ledger of another stack of the
// environment, because Lake Formation keeps one per principal and resource (rule
// 2.4); and permissions on a resource link other than DESCRIBE and DROP (rule 5.5).
func NewPermissions(scope constructs.Construct, id *string) *Permissions {
	stack := awscdk.Stack_Of(scope)
	if other := ledgerOf(stack); other != nil {
		var list problem.List
		list.Addf("Permissions", "a second ledger in the stack "+*stack.StackName(), "one per stack, as grants of two ledgers do not wait for each other",
			"use the one at "+*other.Node().Path()+", which PermissionsOf returns")
		cdkx.Check(scope, id, list)
	}
	p := &Permissions{stack: *stack.Node().Path()}
	constructs.NewConstruct_Override(p, scope, id)
	p.Node().AddValidation(&ledgerCheck{ledger: p})
	return p
}

// GrantOptions refines a grant. The zero value grants without the right to
// pass on, and waits for nothing but the other grants.
type GrantOptions struct {
	// Grantable lets the principal grant the permissions to others.
	// Default: false.
	Grantable bool

	// After lists what must exist before the grant: the database or table, its
	// tags, the registered location, the filter, the role. Lake Formation
	// resources refer to each other by name, so nothing of this is implied.
	// Default: none.
	After []awscdk.CfnResource
}

// Grant gives the principal permissions on the resource. Calls for the same
// principal and resource join into one CloudFormation resource, whose logical
// id depends on that pair only (rule 2.4): adding a permission never replaces a
// grant by another name. Permissions stand in a fixed order and the chain of
// grants is sorted, so the order of calls changes no resource, only where it
// stands in the file.
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
	o := GrantOptions{}
	if options != nil {
		o = *options
	}
	cdkx.Fail(p, principal.problem(), resource.Check(permissions), principal.foreignTo(p), foreignToken(p, resource.Location))

	if resource.Catalog == *awscdk.Stack_Of(p).Account() {
		resource.Catalog = "" // the same resource, whether its own catalog is named or not
	}
	e := p.entry(principal, resource)
	if resource.Kind == lakeformation.KindDataCells {
		cdkx.Fail(p, p.checkFilters())
	}
	e.permissions = lakeformation.SortPermissions(append(e.permissions, permissions...))
	e.resource.SetPermissions(permissionNames(e.permissions))
	if o.Grantable {
		e.grantable = lakeformation.SortPermissions(append(e.grantable, permissions...))
		e.resource.SetPermissionsWithGrantOption(permissionNames(e.grantable))
	}
	for _, needed := range o.After {
		e.resource.AddResourceDependency(needed, nil)
	}
	return &Grant{made: []awslakeformation.CfnPrincipalPermissions{e.resource}}
}

// Grants are the CloudFormation resources in the order in which they are created.
func (p *Permissions) Grants() []awslakeformation.CfnPrincipalPermissions {
	out := make([]awslakeformation.CfnPrincipalPermissions, len(p.entries))
	for i, e := range p.entries {
		out[i] = e.resource
	}
	return out
}

func (p *Permissions) checkFilters() error {
	grants := make([]lakeformation.Grant, len(p.entries))
	for i, e := range p.entries {
		grants[i] = lakeformation.Grant{Principal: e.principal.key, Resource: e.granted}
	}
	return lakeformation.CheckFilters(grants)
}

// entry finds the grant of a pair or links a new one into the chain.
func (p *Permissions) entry(principal Principal, resource lakeformation.Resource) *entry {
	key := principal.key + " on " + resource.Key()
	at, found := slices.BinarySearchFunc(p.entries, key, func(e *entry, key string) int { return strings.Compare(e.key, key) })
	if found {
		return p.entries[at]
	}
	sum := sha256.Sum256([]byte(key))
	id := fmt.Sprintf("%s-%s-%s", principal.short(), resource.Kind, hex.EncodeToString(sum[:4]))
	e := &entry{key: key, principal: principal, granted: resource, resource: awslakeformation.NewCfnPrincipalPermissions(p, jsii.String(id), &awslakeformation.CfnPrincipalPermissionsProps{
		Principal:                  &awslakeformation.CfnPrincipalPermissions_DataLakePrincipalProperty{DataLakePrincipalIdentifier: principal.identifier},
		Resource:                   resourceProperty(resource, p),
		Permissions:                permissionNames(nil),
		PermissionsWithGrantOption: permissionNames(nil),
	})}
	p.entries = slices.Insert(p.entries, at, e)
	if at > 0 {
		e.resource.AddResourceDependency(p.entries[at-1].resource, nil)
	}
	if at+1 < len(p.entries) {
		next := p.entries[at+1].resource
		if at > 0 {
			next.RemoveResourceDependency(p.entries[at-1].resource)
		}
		next.AddResourceDependency(e.resource, nil)
	}
	return e
}

func permissionNames(in []lakeformation.Permission) *[]*string {
	names := make([]string, len(in))
	for i, p := range in {
		names[i] = string(p)
	}
	return cdkx.Strings(names)
}
