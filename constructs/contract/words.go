package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// suggest is the fix for a word that is none of the allowed ones.
func suggest(got string, allowed []string) string {
	if near, ok := problem.Nearest(got, allowed); ok {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "write one of them"
}

func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// brief keeps messages readable.
func brief(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func oneOf(allowed []string) string { return "one of " + strings.Join(allowed, ", ") }
