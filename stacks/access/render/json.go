package render

import (
	"encoding/json"
	"io"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// JSON writes the whole matrix, indented, with what it does not say as the last note. A column without "rows" is seen in
// every row.
func JSON(w io.Writer, m *access.Matrix) error {
	out := *m
	out.Rows = append([]access.Row{}, m.Rows...)
	out.Admins = append([]access.Admin{}, m.Admins...)
	out.Notes = notes(m)
	out.Bypasses = append([]access.Bypass{}, m.Bypasses...)
	out.Grantors = append([]access.Grantor{}, m.Grantors...)
	return writeJSON(w, out)
}

// writeJSON writes anything, indented.
func writeJSON(w io.Writer, out any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
