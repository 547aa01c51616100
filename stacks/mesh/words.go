package mesh

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// at writes a property path of keys and indexes: at("domains", 2, "name") is
// domains[2].name.
func at(steps ...any) string {
	out := ""
	for _, step := range steps {
		switch step := step.(type) {
		case int:
			out = problem.Index(out, step)
		case string:
			out = problem.Key(out, step)
		}
	}
	return out
}

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

// words are values as plain strings.
func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
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

// atMost says what a count should have been.
func atMost(n int, what string) string { return fmt.Sprintf("at most %d %s", n, what) }

func zoneNames() []string { return words(ontology.Zones()) }

// overlap reports whether one folder holds the other.
func overlap(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// isEmail reports whether s is a bare address with a domain.
func isEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s {
		return false
	}
	local, host, _ := strings.Cut(s, "@")
	return local != "" && strings.Contains(host, ".")
}
