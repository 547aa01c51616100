package template

import (
	"regexp"
	"strconv"
	"strings"
)

func (r *Resolver) join(argument any, place string) (any, bool) {
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

func (r *Resolver) sub(argument any, place string) (any, bool) {
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
			return r.Marker(r.stack.Name+"."+name, place, "not a text")
		}
		return text
	}), true
}

func (r *Resolver) split(argument any, place string) (any, bool) {
	args, ok := argument.([]any)
	if !ok || len(args) != 2 {
		return nil, false
	}
	separator, ok := args[0].(string)
	text, isText := r.value(args[1], place).(string)
	if !ok || !isText || IsUnresolved(text) {
		return nil, false
	}
	var out []any
	for _, part := range strings.Split(text, separator) {
		out = append(out, part)
	}
	return out, true
}

func (r *Resolver) pick(argument any, place string) (any, bool) {
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
