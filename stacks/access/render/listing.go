package render

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/internal/format"
)

// listing is something of a matrix other than its rows, in each form.
type listing struct {
	none     string     // what is said when nothing is listed
	headings []string   // for people
	cells    [][]string // for people
	fields   []string   // of CSV
	values   [][]string // of CSV
	items    any        // of JSON
	notes    []string   // for people
}

// listFormats are the forms of a listing by the name that a user gives: those of formats.
func listFormats(of func(*access.Matrix) listing) format.Set[Format] {
	return format.Set[Format]{
		"csv": func(w io.Writer, m *access.Matrix) error {
			l := of(m)
			return csv.NewWriter(w).WriteAll(append([][]string{l.fields}, l.values...))
		},
		"json":     func(w io.Writer, m *access.Matrix) error { return writeJSON(w, of(m).items) },
		"markdown": func(w io.Writer, m *access.Matrix) error { return of(m).markdown(w) },
		"table":    func(w io.Writer, m *access.Matrix) error { return of(m).table(w) },
	}
}

func (l listing) markdown(w io.Writer) error {
	out := &strings.Builder{}
	if len(l.cells) == 0 {
		fmt.Fprintln(out, l.none)
	} else {
		markdownLine(out, l.headings)
		dashes := make([]string, len(l.headings))
		for i := range dashes {
			dashes[i] = "---"
		}
		markdownLine(out, dashes)
	}
	for _, cells := range l.cells {
		escaped := make([]string, len(cells))
		for i, c := range cells {
			escaped[i] = EscapeMarkdown(c)
		}
		markdownLine(out, escaped)
	}
	markdownList(out, notesTitle, l.notes)
	_, err := io.WriteString(w, out.String())
	return err
}

func (l listing) table(w io.Writer) error {
	out := &strings.Builder{}
	if len(l.cells) == 0 {
		fmt.Fprintln(out, l.none)
	} else {
		lines, before := [][]string{l.headings}, ""
		for _, cells := range l.cells {
			line := append([]string{}, cells...)
			if line[0] == before {
				line[0] = ""
			}
			before = cells[0]
			lines = append(lines, line)
		}
		fmt.Fprintln(out, layout(lines))
	}
	list(out, notesTitle, l.notes)
	_, err := io.WriteString(w, out.String())
	return err
}
