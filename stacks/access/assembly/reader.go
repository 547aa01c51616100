package assembly

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// reader adds the resources of one template to a state.
type reader struct {
	*template.Resolver
	stack     *template.Stack
	state     *access.State
	defaults  *defaults
	uncertain bool // the resource at hand may not be made, or made otherwise

	alternatives bool // some properties of the templates depend on conditions
}

func newReader(stack *template.Stack, state *access.State, defaults *defaults) *reader {
	r := &reader{Resolver: template.NewResolver(stack), stack: stack, state: state, defaults: defaults}
	r.OnUnresolved = func(u access.Unresolved) { state.Unresolved = append(state.Unresolved, u) }
	r.OnLeftOut = func(u access.Unresolved) { state.LeftOut = append(state.LeftOut, u) }
	r.OnProblem = func(place, got, expected, fix string) {
		r.OnUnresolved(access.Unresolved{Place: place, Text: "got " + got, Reason: "expected " + expected + "; " + fix})
	}
	return r
}

// read adds every resource of the template that bears on access.
func (r *reader) read() {
	for _, u := range r.stack.Unread {
		r.OnUnresolved(u)
	}
	r.leftOut()
	for _, id := range slices.Sorted(maps.Keys(r.stack.Resources)) {
		res := r.stack.Resources[id]
		place := r.stack.Name + " " + id
		if res.Type == "AWS::CloudFormation::Stack" && r.stack.Nested(id) == nil {
			r.OnUnresolved(access.Unresolved{Place: place, Text: res.Type, Reason: "the template of the nested stack is not in the assembly"})
		}
		if read, relevant := readers[res.Type]; relevant && (res.Type != machineType || saysWho(res)) {
			r.resourceAndAlternatives(read, res, place)
			r.sayUnread(res, place)
			for _, macro := range template.MacrosIn(res.Properties) {
				r.OnUnresolved(access.Unresolved{Place: place, Text: template.Written(macro), Reason: "a macro, which may say anything else in its place"})
			}
		} else {
			r.other(res, place)
		}
	}
}

// leftOut says what of Lake Formation a condition that is decided leaves out.
func (r *reader) leftOut() {
	for _, id := range slices.Sorted(maps.Keys(r.stack.LeftOut)) {
		res, place := r.stack.LeftOut[id], r.stack.Name+" "+id
		if read, relevant := readers[res.Type]; relevant && strings.HasPrefix(res.Type, "AWS::LakeFormation::") {
			what := read(newReader(r.stack, &access.State{}, newDefaults()), res, place)
			r.state.LeftOut = append(r.state.LeftOut, access.Unresolved{Place: place, Text: what, Reason: "not made, as condition " + res.Condition + " is false here"})
		}
	}
}

// maxConditions bounds how many conditions of one resource are taken both ways.
const maxConditions = 4

// readFunc adds a resource to the state and returns who gets what by it.
type readFunc func(*reader, template.Resource, string) string

// resourceAndAlternatives reads a resource as if it were made, once for every answer to
// the conditions that what it says depends on, and says who gets what by them.
func (r *reader) resourceAndAlternatives(read readFunc, res template.Resource, place string) {
	made := r.condition(res)
	var answer func(given []string)
	answer = func(given []string) {
		asked := ""
		if r.alternatives && len(given) < maxConditions {
			asked = r.asks(read, res, place)
		}
		if asked != "" {
			for _, holds := range []bool{true, false} {
				r.Assumed[asked] = holds
				answer(append(given[:len(given):len(given)], fmt.Sprintf("%s is %t", asked, holds)))
			}
			delete(r.Assumed, asked)
			return
		}
		r.uncertain = made != "" || len(given) > 0
		what := read(r, res, place)
		if made != "" {
			r.OnUnresolved(access.Unresolved{Place: place, Text: what, Reason: "condition " + made + " decides whether it is made; it is read as if it were"})
		}
		if len(given) > 0 {
			r.OnUnresolved(access.Unresolved{Place: place, Text: what, Reason: "so it is when " + strings.Join(given, " and ") + "; every answer is read"})
		}
	}
	r.Assumed = map[string]bool{}
	if res.Condition != "" {
		r.Assumed[res.Condition] = true
	}
	answer(nil)
	r.uncertain = false
}

// asks returns the first condition that what a resource says depends on and that nothing
// is assumed of; "" for none.
func (r *reader) asks(read readFunc, res template.Resource, place string) string {
	trial, asked := newReader(r.stack, &access.State{}, newDefaults()), ""
	trial.Assumed = r.Assumed
	trial.OnCondition = func(name string) { asked = cmp.Or(asked, name) }
	read(trial, res, place)
	return asked
}

// condition returns the condition that decides whether a resource is made: its own, or
// that of a stack that it is nested in; "" for none.
func (r *reader) condition(res template.Resource) string {
	condition := res.Condition
	for s := r.stack; condition == "" && s.Parent != nil; s = s.Parent {
		condition = s.Parent.Resources[s.LogicalID].Condition
	}
	return condition
}
