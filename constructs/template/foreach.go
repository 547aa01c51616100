package template

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// languageExtensions is the macro that a template needs for loops. It makes nothing else.
const languageExtensions = "AWS::LanguageExtensions"

const (
	loopPrefix = "Fn::ForEach::"
	maxLoops   = 4096 // stops loops in loops, whose turns multiply
)

// unrolled returns the entries of an object with those of the loops among them whose
// collections are written out; the other loops stay.
// Source: "Fn::ForEach".
func unrolled(in map[string]any, budget *int) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !strings.HasPrefix(name, loopPrefix) {
			out[name] = in[name]
			continue
		}
		turns, ok := turnsOf(in[name], budget)
		if !ok {
			out[name] = in[name]
			continue
		}
		for _, turn := range turns {
			maps.Copy(out, unrolled(turn, budget))
		}
	}
	return out
}

// turnsOf is what a loop says in each of its turns.
func turnsOf(loop any, budget *int) ([]map[string]any, bool) {
	parts, _ := loop.([]any)
	if len(parts) != 3 {
		return nil, false
	}
	identifier, isName := parts[0].(string)
	collection, isList := parts[1].([]any)
	body, isObject := parts[2].(map[string]any)
	if *budget -= len(collection); !isName || !isList || !isObject || *budget < 0 {
		return nil, false
	}
	var out []map[string]any
	for _, item := range collection {
		value, isText := scalar(item)
		if !isText {
			return nil, false
		}
		turn, _ := put(body, identifier, value).(map[string]any)
		out = append(out, turn)
	}
	return out, true
}

var notAlphanumeric = regexp.MustCompile(`[^A-Za-z0-9]`)

// put returns a piece of a template with the value of a loop's identifier put in.
func put(in any, identifier, value string) any {
	text := func(s string) string {
		s = strings.ReplaceAll(s, "${"+identifier+"}", value)
		return strings.ReplaceAll(s, "&{"+identifier+"}", notAlphanumeric.ReplaceAllString(value, ""))
	}
	switch v := in.(type) {
	case string:
		return text(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = put(item, identifier, value)
		}
		return out
	case map[string]any:
		if len(v) == 1 && v["Ref"] == identifier {
			return value
		}
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[text(key)] = put(item, identifier, value)
		}
		return out
	}
	return in
}
