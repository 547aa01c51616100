package governance

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// entry is a grant of Permissions: everything that was asked for one principal and
// resource and stands there.
type entry struct {
	grants   *Permissions
	key      string
	requests []*request

	resource awslakeformation.CfnPrincipalPermissions // nil until it is rendered
	id, text string                                   // as it was rendered
	rendered string                                   // what of the requests it was rendered from

	previous *entry // in the chain
	after    map[awscdk.CfnResource]bool
	before   map[constructs.IConstruct]bool
}

// enter puts a request into the Permissions.
func (p *Permissions) enter(a *request) *entry {
	e := p.entries[a.key]
	if e == nil {
		e = &entry{grants: p, key: a.key, after: map[awscdk.CfnResource]bool{}, before: map[constructs.IConstruct]bool{}}
		p.entries[a.key] = e
		p.check()
	}
	e.requests = append(e.requests, a)
	a.entry = e
	return e
}

// check has the CDK ask what is wrong with the grants, once there are any.
func (p *Permissions) check() {
	if !p.checked {
		p.checked = true
		var b batch.Batch
		b.Call(b.Get(p, "node"), "addValidation", &permissionsCheck{grants: p})
		b.Send()
	}
}

// combined is what all requests ask together.
func (e *entry) combined() *request {
	all := *e.requests[0]
	for _, a := range e.requests[1:] {
		all.prefer(a)
		all.permissions = lakeformation.SortPermissions(append(all.permissions, a.permissions...))
		all.grantable = lakeformation.SortPermissions(append(all.grantable, a.grantable...))
	}
	return &all
}

// render makes the CloudFormation resources of grants, or brings them up to date.
func render(all []*entry) {
	var b batch.Batch
	var made []*entry
	var steps []batch.Step
	for _, e := range all {
		if step := e.render(&b); step != nil {
			made, steps = append(made, e), append(steps, step)
		}
	}
	b.Send(steps...)
	for i, e := range made {
		e.resource = batch.Value[awslakeformation.CfnPrincipalPermissions](&b, steps[i])
		cdkx.Note(e.resource, e.grants)
	}
}

// render is the step that makes the resource, nil for one that is there.
func (e *entry) render(b *batch.Batch) batch.Step {
	all := e.combined()
	rendered := fmt.Sprint(all.text(), *all.identifier, all.permissions, all.grantable)
	if rendered == e.rendered {
		return nil
	}
	e.rendered = rendered
	who := &awslakeformation.CfnPrincipalPermissions_DataLakePrincipalProperty{DataLakePrincipalIdentifier: all.identifier}
	property := resourceProperty(all.resource, catalogOf(all.resource, e.grants))
	if e.resource != nil {
		e.resource.SetPrincipal(who)
		e.resource.SetResource(awscdk.Token_AsAny(property))
		e.resource.SetPermissions(permissionNames(all.permissions))
		e.resource.SetPermissionsWithGrantOption(permissionNames(all.grantable))
		return nil
	}
	e.text = all.text()
	e.id = grantID(all.who.Text, all.resource.Kind, e.text)
	step := batch.New[awslakeformation.CfnPrincipalPermissions](b, e.grants, e.id, &awslakeformation.CfnPrincipalPermissionsProps{
		Principal: who, Resource: property,
		Permissions:                permissionNames(all.permissions),
		PermissionsWithGrantOption: permissionNames(all.grantable),
	})
	if slices.Contains(all.permissions, lakeformation.All) { // which Grant has let through for one reason only
		b.Call(step, "addMetadata", template.AcknowledgementsMetadata, []any{map[string]any{
			"id": "LakeMesh.LF14", "reason": "A job of Spark with full table access: Lake Formation lends credentials to write a table only to whom ALL is granted on it. The role has no right in IAM to delete a table.",
		}})
	}
	return step
}

var unfitForID = regexp.MustCompile(`[^A-Za-z0-9_.@=,+-]`)

// grantID names a grant by its principal, the kind of its resource and a hash of
// the whole. It is all that ever names a grant: nothing else may go into it.
func grantID(principal string, kind lakeformation.Kind, text string) string {
	sum := sha256.Sum256([]byte(text))
	short := unfitForID.ReplaceAllLiteralString(principal[strings.LastIndexAny(principal, "/:")+1:], "")
	return fmt.Sprintf("%s-%s-%s", short, kind, hex.EncodeToString(sum[:4]))
}

func permissionNames(in []lakeformation.Permission) *[]*string {
	names := make([]string, len(in))
	for i, p := range in {
		names[i] = string(p)
	}
	return cdkx.Strings(names)
}

// chain are the grants in the order in which they are created: one after another, so
// first those that have the least to wait for. No other order of them ends sooner. Of
// those that can be made at once what something waits for comes first.
func (p *Permissions) chain() []*entry {
	depth, held := map[*entry]int{}, map[*entry]int{}
	for _, e := range p.entries {
		depth[e] = e.depth()
		if slices.ContainsFunc(e.requests, func(a *request) bool { return len(a.waiting) > 0 }) {
			held[e] = 1
		}
	}
	return slices.SortedFunc(maps.Values(p.entries), func(a, b *entry) int {
		return cmp.Or(cmp.Compare(depth[a], depth[b]), cmp.Compare(held[b], held[a]), strings.Compare(a.text, b.text))
	})
}

// depth is how many resources of this library are made one after another in the stack
// until the grant can be made.
func (e *entry) depth() int {
	out := 0
	for _, a := range e.requests {
		if a.crossing {
			continue // what it needs stands in a stack that is deployed before
		}
		home := a.grants.home
		for _, node := range a.needed(false, e.isTagPolicy()) {
			out = max(out, home.Depth(node))
		}
		for _, resource := range a.after {
			if node := home.Made(resource); node != nil {
				out = max(out, home.Depth(node))
			}
		}
	}
	return out
}

// link renders the grants of Permissions and puts those of each in order.
func link(all ...*Permissions) {
	var entries []*entry
	for _, p := range all {
		entries = append(entries, p.byText()...)
	}
	render(entries)
	var b batch.Batch
	for _, p := range all {
		p.link(&b)
	}
	b.Send()
}

// link puts the grants in order: one after another, and each after what it needs. What
// an earlier one has waited for needs no dependency of its own, so there are not more
// than there are things.
func (p *Permissions) link(b *batch.Batch) {
	var previous *entry
	waited := map[awscdk.CfnResource]bool{}
	var held heldBack
	tagged := false
	for _, e := range p.chain() {
		e.follow(b, previous)
		var needs []awscdk.CfnResource
		need := func(resource awscdk.CfnResource) {
			if !waited[resource] {
				waited[resource] = true
				needs = append(needs, resource)
			}
		}
		for _, a := range e.requests {
			if a.crossing {
				continue // until the CDK knows which stack waits for which
			}
			for _, resource := range a.after {
				need(resource)
			}
			for _, node := range a.needed(previous == nil, !tagged) {
				need(node.Done())
			}
		}
		tagged = tagged || e.isTagPolicy()
		e.waitFor(b, needs...)
		held.add(e)
		previous = e
	}
	held.wait(b)
}

func (e *entry) isTagPolicy() bool {
	return e.requests[0].resource.Kind == lakeformation.KindTagPolicy
}

// byText are the grants by their texts, for the tree to be sorted whatever
// the order of calls was.
func (p *Permissions) byText() []*entry {
	names := map[*entry]string{}
	for _, e := range p.entries {
		names[e] = e.combined().text()
	}
	return slices.SortedFunc(maps.Keys(names), func(a, b *entry) int { return strings.Compare(names[a], names[b]) })
}

// follow puts the grant behind another in the chain.
func (e *entry) follow(b *batch.Batch, previous *entry) {
	if e.previous == previous {
		return
	}
	if e.previous != nil {
		b.Call(e.resource, "removeResourceDependency", e.previous.resource)
	}
	if previous != nil {
		cdkx.After(b, e.resource, previous.resource)
	}
	e.previous = previous
}

// waitFor puts the grant behind what it needs.
func (e *entry) waitFor(b *batch.Batch, needed ...awscdk.CfnResource) {
	for _, other := range needed {
		if !e.after[other] {
			e.after[other] = true
			cdkx.After(b, e.resource, other)
		}
	}
}

// heldBack is what ApplyBefore named, with the grants that it waits for.
type heldBack struct {
	waiting []constructs.IConstruct
	grants  map[constructs.IConstruct][]any
}

func (h *heldBack) add(e *entry) {
	for _, a := range e.requests {
		for _, waiting := range a.waiting {
			if e.before[waiting] {
				continue
			}
			e.before[waiting] = true
			if h.grants == nil {
				h.grants = map[constructs.IConstruct][]any{}
			}
			if h.grants[waiting] == nil {
				h.waiting = append(h.waiting, waiting)
			}
			h.grants[waiting] = append(h.grants[waiting], e.resource)
		}
	}
}

// wait makes it wait.
func (h *heldBack) wait(b *batch.Batch) {
	for _, waiting := range h.waiting {
		b.Call(b.Get(waiting, "node"), "addDependency", h.grants[waiting]...)
	}
}
