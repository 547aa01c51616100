package template

import (
	"maps"
	"slices"
	"strings"
)

// together are the stacks that are deployed by one assembly.
type together struct {
	stacks  []*Stack
	exports map[string][]output // by name; nil until somebody imports

	parameters map[string][]parameterIn // of Systems Manager, by name; nil until somebody asks
}

// output is one output of a stack.
type output struct {
	stack *Stack
	value any
}

// join lets stacks find what the others export.
func join(stacks []*Stack) {
	t := &together{stacks: stacks}
	for _, s := range stacks {
		s.together = t
	}
}

// exported returns the output that a stack imports by a name.
func (t *together) exported(name string, to *Stack) (output, bool) {
	if t == nil {
		return output{}, false
	}
	if t.exports == nil {
		t.exports = map[string][]output{}
		for _, s := range t.stacks {
			for _, id := range slices.Sorted(maps.Keys(s.outputs)) {
				if as, ok := NewResolver(s).Value(Property(s.outputs[id], "Export.Name"), "").(string); ok {
					t.exports[as] = append(t.exports[as], output{s, Property(s.outputs[id], "Value")})
				}
			}
		}
	}
	return only(t.exports[name], func(o output) bool {
		return !o.stack.Fixed() || !to.Fixed() || o.stack.Account == to.Account && o.stack.Region == to.Region
	})
}

// output returns an output of the stack of some name in a region; "" is any.
func (t *together) output(stack, id, region string) (output, bool) {
	if t == nil {
		return output{}, false
	}
	var found []output
	for _, s := range t.stacks {
		if out, set := s.outputs[id]; set && s.Name == stack && (region == "" || region == s.Region) {
			found = append(found, output{s, Property(out, "Value")})
		}
	}
	return only(found, func(output) bool { return true })
}

// only returns the one output that a predicate holds for.
func only(all []output, holds func(output) bool) (output, bool) {
	found := slices.DeleteFunc(slices.Clone(all), func(o output) bool { return !holds(o) })
	if len(found) != 1 {
		return output{}, false
	}
	return found[0], true
}

// importValue resolves Fn::ImportValue.
func (r *Resolver) importValue(argument any, place string) (any, bool) {
	name, isText := r.value(argument, place).(string)
	if !isText {
		return nil, false
	}
	out, known := r.stack.together.exported(name, r.stack)
	return r.of(out, known, place)
}

// stackOutput resolves Fn::GetStackOutput, by which the CDK refers to stacks of other
// accounts and regions.
func (r *Resolver) stackOutput(argument any, place string) (any, bool) {
	from, isObject := r.value(argument, place).(map[string]any)
	if !isObject {
		return nil, false
	}
	name := Text(from, "StackName")
	if i := strings.LastIndex(name, ":stack/"); i >= 0 { // the ARN of the stack
		name, _, _ = strings.Cut(name[i+len(":stack/"):], "/")
	}
	out, known := r.stack.together.output(name, Text(from, "OutputName"), Text(from, "Region"))
	return r.of(out, known, place)
}

// nestedOutput resolves Fn::GetAtt of an output of a nested stack.
func (r *Resolver) nestedOutput(id, attribute, place string) (any, bool) {
	name, isOutput := strings.CutPrefix(attribute, "Outputs.")
	child := r.stack.children[id]
	if !isOutput || child == nil {
		return nil, false
	}
	value, set := child.outputs[name]
	return r.of(output{child, Property(value, "Value")}, set, place)
}

// of resolves the output of another stack.
func (r *Resolver) of(out output, known bool, place string) (any, bool) {
	if !known || out.value == nil || !r.mayAsk() {
		return nil, false
	}
	return r.in(out.stack).value(out.value, place), true
}

// in returns a resolver for another stack that tells the same listeners.
func (r *Resolver) in(stack *Stack) *Resolver {
	return &Resolver{
		OnUnresolved: r.OnUnresolved, OnProblem: r.OnProblem, OnCondition: r.OnCondition, OnLeftOut: r.OnLeftOut, Assumed: r.Assumed,
		stack: stack, depth: r.depth + 1, asked: r.asked, away: true,
	}
}
