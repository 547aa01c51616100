package review

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/stateful"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// pair is a stack on both sides; one of them may be nil.
type pair struct{ before, after *template.Stack }

// pairStacks finds the stacks of two lists that are one, by account, region and name, in
// the order of the names.
func pairStacks(before, after []*template.Stack) []pair {
	by := map[string]*pair{}
	of := func(s *template.Stack) *pair {
		key := strings.Join([]string{s.Name, s.Account, s.Region}, "\x00")
		if by[key] == nil {
			by[key] = &pair{}
		}
		return by[key]
	}
	for _, s := range before {
		of(s).before = s
	}
	for _, s := range after {
		of(s).after = s
	}
	var out []pair
	for _, key := range slices.Sorted(maps.Keys(by)) {
		out = append(out, *by[key])
	}
	return out
}

// resources are what holds data, keys or access and is replaced, deleted, or left in an
// account without a stack.
func resources(pairs []pair) []Finding {
	var out []Finding
	fresh := newResources(pairs)
	for _, p := range pairs {
		switch {
		case p.before == nil:
		case p.after == nil:
			out = append(out, stackGone(p.before)...)
		default:
			for _, id := range slices.Sorted(maps.Keys(p.before.Resources)) {
				out = append(out, losses(p, id, fresh)...)
			}
		}
	}
	return out
}

// severities are how much each loss matters.
var severities = map[stateful.Op]Severity{
	stateful.Deleted: Error, stateful.Replaced: Error, stateful.Refused: Error,
	stateful.MayReplace: Warning, stateful.Orphaned: Warning,
}

func losses(p pair, id string, fresh []added) []Finding {
	before := p.before.Resources[id]
	after, there := p.after.Resources[id]
	if !there {
		return lossFindings(p.before, id, stateful.Removed(before), renamed(before, fresh))
	}
	return lossFindings(p.after, id, stateful.Changed(before, after), nil)
}

func lossFindings(s *template.Stack, id string, found []stateful.Loss, why []string) []Finding {
	var out []Finding
	for _, l := range found {
		if severity, said := severities[l.Op]; said {
			f := inStack(s, id)
			f.Kind, f.Severity, f.Text, f.Why = Resource, severity, fmt.Sprintf("%s of stack %s %s", id, s.Name, l.Text), why
			out = append(out, f)
		}
	}
	return out
}

// inStack is a finding about a resource of a stack.
func inStack(s *template.Stack, id string) Finding {
	return Finding{Account: s.Account, Region: s.Region, Stack: s.Name, Resource: id, Place: Place{File: s.File}}
}

// stackGone says what a stack that left the app holds.
func stackGone(s *template.Stack) []Finding {
	var kept, lost []string
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		for _, l := range stateful.Removed(s.Resources[id]) {
			if l.Kept {
				kept = append(kept, id)
			} else {
				lost = append(lost, id)
			}
		}
	}
	if len(kept)+len(lost) == 0 {
		return nil
	}
	f := inStack(s, "")
	f.Kind, f.Severity = Resource, Warning
	f.Text = fmt.Sprintf("stack %s is gone: no deployment deletes a stack that left the app, so it stays until somebody destroys it", s.Name)
	if len(lost) > 0 {
		f.Severity = Error
		f.Why = append(f.Why, "with it are deleted, as their DeletionPolicy keeps nothing: "+strings.Join(lost, ", "))
	}
	if len(kept) > 0 {
		f.Why = append(f.Why, "what stays in the account then: "+strings.Join(kept, ", "))
	}
	return []Finding{f}
}

// added is a resource that only the second revision has.
type added struct {
	stack *template.Stack
	id    string
}

func newResources(pairs []pair) []added {
	var out []added
	for _, p := range pairs {
		if p.after == nil {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(p.after.Resources)) {
			if p.before != nil {
				if _, was := p.before.Resources[id]; was {
					continue
				}
			}
			out = append(out, added{p.after, id})
		}
	}
	return out
}

// renamed says of a resource that is gone which new one is the same under another name.
func renamed(r template.Resource, fresh []added) []string {
	for _, a := range fresh {
		if n := a.stack.Resources[a.id]; n.Type == r.Type && reflect.DeepEqual(n.Properties, r.Properties) {
			return []string{fmt.Sprintf("the new %s of stack %s is the same under another logical id, and CloudFormation makes a new one", a.id, a.stack.Name)}
		}
	}
	return nil
}
