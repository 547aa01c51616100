package mesh

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// at writes a property path of keys and indexes: at("domains", 2, "name") is
// domains[2].name. Keys with other characters than letters, digits, _ and - are
// quoted.
func at(steps ...any) string {
	var b strings.Builder
	for _, step := range steps {
		key, isKey := step.(string)
		switch {
		case !isKey:
			fmt.Fprintf(&b, "[%d]", step)
		case !plainKey.MatchString(key):
			fmt.Fprintf(&b, "[%q]", key)
		case b.Len() > 0:
			b.WriteString("." + key)
		default:
			b.WriteString(key)
		}
	}
	return b.String()
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

// atMost says what a count should have been.
func atMost(n int, what string) string { return fmt.Sprintf("at most %d %s", n, what) }

func zoneNames() []string {
	var out []string
	for _, z := range ontology.Zones() {
		out = append(out, string(z))
	}
	return out
}

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
