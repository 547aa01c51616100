package access

import (
	"encoding/json"
	"io"
)

// JSON writes the whole matrix, indented. A column without "rows" is seen in
// every row.
func (m *Matrix) JSON(w io.Writer) error {
	out := *m
	out.Rows = append([]Row{}, m.Rows...)
	out.Admins = append([]Admin{}, m.Admins...)
	out.Notes = append([]string{}, m.Notes...)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
