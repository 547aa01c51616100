package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// quote shows a value that was found; nothing is said to be missing.
func quote(s string) string {
	if s == "" {
		return "nothing"
	}
	return fmt.Sprintf("%q", s)
}

// oneOf lists what would have been right.
func oneOf(known []string) string {
	switch len(known) {
	case 0:
		return "nothing, as none is declared"
	case 1:
		return known[0]
	}
	return "one of " + strings.Join(known, ", ")
}

// words are levels as plain strings.
func words(levels []ontology.Sensitivity) []string {
	out := make([]string, len(levels))
	for i, l := range levels {
		out[i] = string(l)
	}
	return out
}

// suggest returns ` (did you mean "x"?)` for the known word that is nearest to
// the one that was written, or "" when none is near.
func suggest(word string, known []string) string {
	near, ok := problem.Nearest(word, slices.Sorted(slices.Values(known)))
	if !ok {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", near)
}
