package origin

import (
	"encoding/json"
	"io"
	"slices"

	"github.com/lakemesh/lakemesh/stacks/internal/format"
)

// Format writes where tables come from in one form.
type Format func(io.Writer, *Mesh, []*Table) error

// formats are the forms by the name that a user gives.
var formats = format.Set[Format]{
	"json":    JSON,
	"mermaid": func(w io.Writer, m *Mesh, tables []*Table) error { return m.Mermaid(w, tables) },
	"text":    Text,
}

// FormatNames returns the names of the formats, joined by commas.
func FormatNames() string { return formats.Names() }

// ParseFormat returns the format of a name.
func ParseFormat(name string) (Format, error) { return formats.Parse(name) }

// JSON writes the tables and all that they come from, indented.
func JSON(w io.Writer, m *Mesh, tables []*Table) error {
	out := Mesh{Stage: m.Stage, Tables: []Table{}}
	for _, t := range m.down(tables) {
		out.Tables = append(out.Tables, *t)
	}
	slices.SortFunc(out.Tables, func(a, b Table) int { return compareNames(a.Name, b.Name) })
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
