package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// maxPlaces bounds how many places one note on what could not be read names.
const maxPlaces = 3

// notesOnUnresolved says what could not be read, once for all places of a stack that it is
// found in. That account and region are not known is said of the stack, not of every value.
func notesOnUnresolved(all []Unresolved) []string {
	type same struct{ stack, text, reason string }
	places := map[same][]string{}
	var order []same
	floating := map[string]bool{}
	for _, u := range all {
		floating[u.Place] = floating[u.Place] || strings.HasPrefix(u.Reason, template.NoFixedPlace)
	}
	for _, u := range all {
		stack, _, _ := strings.Cut(u.Place, " ")
		root, _, _ := strings.Cut(stack, "/")
		if u.Place != stack && u.Reason == template.NoFixedPlace && floating[root] {
			continue
		}
		key := same{stack, u.Text, u.Reason}
		if places[key] == nil {
			order = append(order, key)
		}
		if !slices.Contains(places[key], u.Place) {
			places[key] = append(places[key], u.Place)
		}
	}
	out := make([]string, len(order))
	for i, key := range order {
		at := places[key]
		where := strings.Join(at[:min(len(at), maxPlaces)], ", ")
		if more := len(at) - maxPlaces; more > 0 {
			where += fmt.Sprintf(" and %d more", more)
		}
		out[i] = "unresolved: " + Unresolved{Place: where, Text: key.text, Reason: key.reason}.String()
	}
	return out
}
