package template

import (
	"fmt"
	"strings"
)

// parameter returns the value of a parameter of the template, where it can be known:
// what the parent of a nested stack sets it to, or else its default.
func (r *Resolver) parameter(id, place string) (any, bool) {
	declared := r.stack.declared[id]
	if raw, set := r.stack.parameters[id]; set && r.mayAsk() {
		return ofKind(Text(declared, "Type"), r.in(r.stack.Parent).value(raw, place)), true
	}
	if value, set := r.stack.given[id]; set {
		return ofKind(Text(declared, "Type"), value), true
	}
	standard := Property(declared, "Default")
	kind := Text(declared, "Type")
	if standard == nil || strings.HasPrefix(kind, "AWS::SSM::") { // the name of a parameter of Systems Manager
		return nil, false
	}
	if r.stack.Parent == nil {
		r.OnUnresolved(Unresolved{Place: place, Text: Written(standard), Reason: "the default of parameter " + id + ", which may be deployed with another value"})
	}
	return ofKind(kind, standard), true
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
