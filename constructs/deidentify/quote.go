package deidentify

import "strings"

// text makes a literal of a text.
func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func texts(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = text(v)
	}
	return strings.Join(out, ", ")
}
