package governance

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
)

// placement is the Permissions of a CDK stage. It decides where grants stand when the stage
// is synthesized.
type placement struct {
	all      []*Permissions
	pending  []*request // where they stand is not decided
	waits    *order.Waits
	crossing []*request // stand in another stack than what they are about; whether that goes is seen later
	problems map[*Permissions][]string
}

func stageOf(home *order.Stack) *placement {
	part, _ := home.Stage.Part(func() order.Part { return &placement{problems: map[*Permissions][]string{}} }).(*placement)
	return part
}

func (l *placement) add(p *Permissions) { l.all = append(l.all, p) }
func (l *placement) wait(a *request)    { l.pending = append(l.pending, a) }

// sorted are the Permissions in an order that follows from their stacks.
func (l *placement) sorted() []*Permissions {
	return slices.SortedFunc(slices.Values(l.all), func(a, b *Permissions) int { return order.Compare(a.home, b.home) })
}

func compareRequests(a, b *request) int {
	return cmp.Or(order.Compare(a.grants.home, b.grants.home), strings.Compare(a.text(), b.text()))
}

// Settle decides where the grants stand, makes them and puts them in order.
func (l *placement) Settle() {
	l.waits = order.NewWaits()
	pending := l.pending
	l.pending = nil
	for _, a := range slices.SortedFunc(slices.Values(pending), compareRequests) {
		if a.entry == nil { // else Cfn was asked for
			l.place(a)
		}
	}
	sorted := l.sorted()
	link(sorted...)
	for _, p := range sorted {
		p.waitForTags(l.waits)
	}
}

// place decides in which Permissions a request stands.
func (l *placement) place(a *request) {
	home := a.grants.home
	if maker := a.maker(); maker != nil && maker != home {
		switch {
		case maker.Outer == home.Outer:
			home = maker
		case !l.waits.After(home, maker):
			l.waits.Add(maker, home)
			l.crossing, a.crossing = append(l.crossing, a), true
			home = maker
		}
	}
	if home != a.grants.home {
		home = order.Of(home.Stack)
	}
	permissionsOf(home).enter(a)
}

// maker is the stack that makes the principal, nil where none of the app does.
func (a *request) maker() *order.Stack {
	if !a.who.Made() {
		return nil
	}
	return a.who.Owners[0].Stack
}

// made is the resource of a request, which is placed and made where it is not yet.
func (a *request) made() awslakeformation.CfnPrincipalPermissions {
	if a.entry == nil {
		l := stageOf(a.grants.home)
		l.waits = order.NewWaits()
		l.place(a)
	}
	render([]*entry{a.entry})
	return a.entry.resource
}

// Finish lets the stacks of principals wait for the stacks of what is granted to
// them, now that the CDK knows every dependency. Where it is the other way around,
// by a reference that no call named, the grant moves to what it is about.
func (l *placement) Finish() {
	clear(l.problems)
	crossing := slices.SortedFunc(slices.Values(l.crossing), compareRequests)
	l.crossing, l.waits = nil, order.NewWaits()
	for _, a := range crossing {
		a.crossing = false
		if l.waits.After(a.grants.home, a.entry.grants.home) {
			l.move(a)
			continue
		}
		needed := append(slices.Clone(a.after), resources(a.needed(false, true))...)
		if len(needed) > 0 {
			var b batch.Batch
			a.entry.waitFor(&b, needed...)
			b.Send()
			l.waits.Add(a.entry.grants.home, a.grants.home)
		}
	}
}

func resources(nodes []*order.Node) []awscdk.CfnResource {
	out := make([]awscdk.CfnResource, len(nodes))
	for i, n := range nodes {
		out[i] = n.Done()
	}
	return out
}

// move takes a grant out of the Permissions of its principal and enters it in the one
// that was asked.
func (l *placement) move(a *request) {
	from := a.entry
	stack := from.grants.home
	if len(from.before) > 0 || stack != stack.Outer || a.grants.home != a.grants.home.Outer {
		l.problems[from.grants] = append(l.problems[from.grants], fmt.Sprintf("got a grant to %s on %s that %s waits for, while %s refers to %s; expected one direction; "+
			"fix: call AddStackDependency on %s with %s, and let what waits for the grant stand there", a.who.Text, a.shown.Key(),
			stack.Path, a.grants.home.Path, stack.Path, a.grants.home.Path, stack.Path))
		return
	}
	from.requests = slices.DeleteFunc(from.requests, func(other *request) bool { return other == a })
	if len(from.requests) == 0 {
		delete(from.grants.entries, from.key)
		var b batch.Batch
		for _, e := range from.grants.chain() {
			if e.previous == from {
				e.follow(&b, from.previous)
			}
		}
		b.Send()
		from.grants.Node().TryRemoveChild(&from.id)
	}
	a.identifier = stack.Stack.ExportValue(a.identifier, nil) // what the CDK makes of a reference, which it looks for no more
	a.grants.enter(a)
	link(from.grants, a.grants)
}
