package template

import (
	"fmt"
	"strings"
)

// parameter returns the value of a parameter of the template, where it can be known:
// what the parent of a nested stack sets it to, or else its default.
func (r *Resolver) parameter(id, place string) (any, bool) {
	declared := r.stack.declared[id]
	kind := Text(declared, "Type")
	if raw, set := r.stack.parameters[id]; set && r.mayAsk() {
		value := r.in(r.stack.Parent).value(raw, place)
		if out, known := r.named(kind, value, place); known {
			return out, true
		}
		return ofKind(kind, value), true
	}
	if value, set := r.stack.given[id]; set {
		if out, known := r.named(kind, value, place); known {
			return out, true
		}
		return ofKind(kind, value), true
	}
	standard := Property(declared, "Default")
	if strings.HasPrefix(kind, storedKind) {
		return r.named(kind, standard, place)
	}
	if standard == nil {
		return nil, false
	}
	if value, contradicted := r.assumedValue(id); value != "" {
		return ofKind(kind, value), true
	} else if contradicted {
		return nil, false
	}
	if r.stack.Parent == nil {
		r.OnUnresolved(Unresolved{Place: place, Text: Written(standard), Reason: "the default of parameter " + id + ", which may be deployed with another value"})
	}
	return ofKind(kind, standard), true
}

// storedKind begins the type of a parameter that is given as the name of one of Systems
// Manager and has its value.
const storedKind = "AWS::SSM::Parameter::Value<"

// named returns the value of the parameter of Systems Manager that a parameter names, when
// the stacks make it.
func (r *Resolver) named(kind string, name any, place string) (any, bool) {
	text, isText := name.(string)
	if !isText || !strings.HasPrefix(kind, storedKind) {
		return nil, false
	}
	value, known := r.storedValue(text, place)
	return ofKind(strings.TrimSuffix(strings.TrimPrefix(kind, storedKind), ">"), value), known
}

// ofKind makes a list of the text that a parameter with several values is given as.
func ofKind(kind string, value any) any {
	text, isText := value.(string)
	if !isText || kind != "CommaDelimitedList" && !strings.HasPrefix(kind, "List<") {
		return value
	}
	var out []any
	for item := range strings.SplitSeq(text, ",") {
		out = append(out, strings.TrimSpace(item))
	}
	return out
}

// findInMap resolves Fn::FindInMap.
func (r *Resolver) findInMap(argument any, place string) (any, bool) {
	args, _ := argument.([]any)
	if len(args) < 3 {
		return nil, false
	}
	var in any = r.stack.mappings
	for i, arg := range args[:3] {
		key, isKey := scalar(r.value(arg, fmt.Sprintf("%s[%d]", place, i)))
		entries, isMap := in.(map[string]any)
		if !isKey || !isMap {
			return nil, false
		}
		in = entries[key]
	}
	if in == nil && len(args) > 3 {
		in = r.value(Property(args[3], "DefaultValue"), place)
	}
	return in, in != nil
}
