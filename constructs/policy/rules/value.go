package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

func get(in any, path string) any     { return template.Property(in, path) }
func text(in any, path string) string { return template.Text(in, path) }

func has(in any, path string) bool { return get(in, path) != nil }

// literal returns the text of a key that may hold dots itself.
func literal(in any, key string) string {
	m, _ := in.(map[string]any)
	s, _ := m[key].(string)
	return s
}

// entries returns the elements of a list, nil for anything else.
func entries(in any) []any {
	list, _ := in.([]any)
	return list
}

func list(in any, path string) []any { return entries(get(in, path)) }

// texts returns the texts of a list.
func texts(in any, path string) []string {
	var out []string
	for _, v := range list(in, path) {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// members are the keys of a map that have a value, sorted.
func members(in any) []string {
	m, _ := in.(map[string]any)
	return slices.Sorted(maps.Keys(m))
}

// known reports whether a text is there and holds nothing that only a deployment tells.
func known(s string) bool { return s != "" && !template.IsUnresolved(s) }

// compact is a value as JSON on one line, or "nothing".
func compact(v any) string {
	if v == nil {
		return "nothing"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}

// words joins names for a sentence; "nothing" when there are none.
func words(in []string) string {
	if len(in) == 0 {
		return "nothing"
	}
	return strings.Join(in, " and ")
}
