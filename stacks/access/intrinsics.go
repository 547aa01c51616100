package access

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// resolver works out the intrinsic functions of one template. What it cannot
// work out becomes a marker that is unique to the stack, and is recorded.
type resolver struct {
	stack      string
	account    string
	region     string
	resources  map[string]resource
	parameters map[string]any // of a nested stack, as its parent sets them
	depth      int            // of resolving names through other resources

	unresolved func(Unresolved)
	refuse     func(place, got, expected, fix string)
}

// none is what Ref AWS::NoValue gives: the property is left out.
var none any = struct{}{}

// value resolves everything in a piece of a template.
func (r *resolver) value(in any, place string) any {
	switch v := in.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for i, item := range v {
			if item = r.value(item, fmt.Sprintf("%s[%d]", place, i)); item != none {
				out = append(out, item)
			}
		}
		return out
	case map[string]any:
		if name, argument, ok := intrinsic(v); ok {
			return r.call(name, argument, v, place)
		}
		out := make(map[string]any, len(v))
		for key, item := range v {
			if item = r.value(item, place+"."+key); item != none {
				out[key] = item
			}
		}
		return out
	}
	return in
}

// intrinsic takes {"Fn::X": argument} or {"Ref": argument} apart.
func intrinsic(m map[string]any) (name string, argument any, ok bool) {
	if len(m) != 1 {
		return "", nil, false
	}
	for name, argument = range m {
	}
	return name, argument, name == "Ref" || strings.HasPrefix(name, "Fn::")
}

func (r *resolver) call(name string, argument any, whole map[string]any, place string) any {
	var out any
	var ok bool
	switch name {
	case "Ref":
		if id, isText := argument.(string); isText {
			return r.ref(id, place)
		}
	case "Fn::GetAtt":
		if id, attribute, isAtt := attributeOf(argument); isAtt {
			return r.attribute(id, attribute, place)
		}
	case "Fn::If":
		r.refuse(place, "Fn::If", "a value that does not depend on a condition",
			"decide it when the template is synthesized; conditions are not evaluated, because both answers may be deployed")
		return r.unknown(whole, place, "conditions are not evaluated")
	case "Fn::Join":
		out, ok = r.join(argument, place)
	case "Fn::Sub":
		out, ok = r.sub(argument, place)
	case "Fn::Split":
		out, ok = r.split(argument, place)
	case "Fn::Select":
		out, ok = r.pick(argument, place)
	}
	if !ok {
		return r.unknown(whole, place, name+" cannot be worked out from the template")
	}
	return out
}

// unknown records and returns the marker of an intrinsic function.
func (r *resolver) unknown(what any, place, reason string) any {
	text, err := json.Marshal(what)
	if err != nil {
		text = []byte(fmt.Sprint(what))
	}
	return r.marker(r.stack+" "+string(text), place, reason)
}

func (r *resolver) marker(body, place, reason string) string {
	text := "${" + body + "}"
	r.unresolved(Unresolved{Place: place, Text: text, Reason: reason})
	return text
}

func (r *resolver) ref(id, place string) any {
	if value, ok := r.pseudo(id); ok {
		if text, isText := value.(string); isText && unresolved(text) {
			return r.marker(strings.Trim(text, "${}"), place, "the stack has no fixed account and region")
		}
		return value
	}
	if value, ok := r.parameters[id]; ok {
		if text, isText := value.(string); isText && unresolved(text) {
			r.unresolved(Unresolved{Place: place, Text: text, Reason: "the parent stack sets parameter " + id + " to something unresolved"})
		}
		return value
	}
	res, ok := r.resources[id]
	if !ok {
		return r.marker(r.stack+"."+id, place, "a parameter, whose value is only known when the stack is deployed")
	}
	if name, ok := r.physicalID(res, place); ok {
		return name
	}
	return r.marker(r.stack+"."+id, place, res.Type+" has no fixed name")
}

// pseudo returns the value of a pseudo parameter.
func (r *resolver) pseudo(id string) (any, bool) {
	switch id {
	case "AWS::AccountId":
		return r.account, true
	case "AWS::Region":
		return r.region, true
	case "AWS::Partition":
		if unresolved(r.region) {
			return "${AWS::Partition}", true
		}
		return partitionOf(r.region).name, true
	case "AWS::URLSuffix":
		if unresolved(r.region) {
			return "${AWS::URLSuffix}", true
		}
		return partitionOf(r.region).suffix, true
	case "AWS::StackName":
		return r.stack, true
	case "AWS::NoValue":
		return none, true
	}
	return nil, false
}

func (r *resolver) join(argument any, place string) (any, bool) {
	args, ok := argument.([]any)
	if !ok || len(args) != 2 {
		return nil, false
	}
	separator, ok := args[0].(string)
	items, isList := r.value(args[1], place).([]any)
	if !ok || !isList {
		return nil, false
	}
	parts := make([]string, len(items))
	for i, item := range items {
		if parts[i], ok = scalar(item); !ok {
			return nil, false
		}
	}
	return strings.Join(parts, separator), true
}

var placeholder = regexp.MustCompile(`\$\{([^{}]+)\}`)

func (r *resolver) sub(argument any, place string) (any, bool) {
	variables := map[string]any{}
	template, ok := argument.(string)
	if args, isList := argument.([]any); isList && len(args) == 2 {
		if template, ok = args[0].(string); ok {
			variables, ok = args[1].(map[string]any)
		}
	}
	if !ok {
		return nil, false
	}
	return placeholder.ReplaceAllStringFunc(template, func(match string) string {
		name := strings.TrimSpace(match[2 : len(match)-1])
		if literal, isLiteral := strings.CutPrefix(name, "!"); isLiteral {
			return "${" + literal + "}"
		}
		var value any
		if variable, isVariable := variables[name]; isVariable {
			value = r.value(variable, place)
		} else if id, attribute, isAttribute := strings.Cut(name, "."); isAttribute {
			value = r.attribute(id, attribute, place)
		} else {
			value = r.ref(name, place)
		}
		text, isText := scalar(value)
		if !isText {
			return r.marker(r.stack+"."+name, place, "not a text")
		}
		return text
	}), true
}

func (r *resolver) split(argument any, place string) (any, bool) {
	args, ok := argument.([]any)
	if !ok || len(args) != 2 {
		return nil, false
	}
	separator, ok := args[0].(string)
	text, isText := r.value(args[1], place).(string)
	if !ok || !isText || unresolved(text) {
		return nil, false
	}
	var out []any
	for _, part := range strings.Split(text, separator) {
		out = append(out, part)
	}
	return out, true
}

func (r *resolver) pick(argument any, place string) (any, bool) {
	args, ok := argument.([]any)
	if !ok || len(args) != 2 {
		return nil, false
	}
	text, _ := scalar(r.value(args[0], place))
	index, err := strconv.Atoi(text)
	items, isList := r.value(args[1], place).([]any)
	if err != nil || !isList || index < 0 || index >= len(items) {
		return nil, false
	}
	return items[index], true
}

// attributeOf takes both forms of Fn::GetAtt apart.
func attributeOf(argument any) (id, attribute string, ok bool) {
	switch v := argument.(type) {
	case string:
		return strings.Cut(v, ".")
	case []any:
		if len(v) == 2 {
			id, ok = v[0].(string)
			attribute, isText := v[1].(string)
			return id, attribute, ok && isText
		}
	}
	return "", "", false
}

func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}
