package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// Markdown writes the matrix for a pull request or a wiki.
func Markdown(w io.Writer, m *access.Matrix) error {
	names := newNames(m)
	names.inFull = true
	out := &strings.Builder{}
	if len(m.Rows) == 0 {
		fmt.Fprintln(out, EscapeMarkdown(noRows(m)))
	} else {
		markdownLine(out, headings(names.columns))
		markdownLine(out, slices.Repeat([]string{"---"}, len(names.columns)))
	}
	for _, l := range lines(m, names) {
		for i, c := range names.columns {
			if c.code != nil && c.code(l.Row) {
				l.cells[i] = code(l.cells[i])
			} else {
				l.cells[i] = EscapeMarkdown(l.cells[i])
			}
		}
		markdownLine(out, l.cells)
	}
	if needsLegend(m) {
		fmt.Fprintf(out, "\n%s\n", EscapeMarkdown(legend))
	}
	if others := otherWays(m); others != "" {
		fmt.Fprintf(out, "\n%s\n", EscapeMarkdown(others))
	}
	markdownList(out, adminsTitle, administrators(m, names))
	markdownList(out, notesTitle, notes(m))
	_, err := io.WriteString(w, out.String())
	return err
}

func markdownLine(out *strings.Builder, cells []string) {
	fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
}

// markdownList writes a title and one item a line.
func markdownList(out *strings.Builder, title string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(out, "\n**%s**\n\n", title)
	for _, item := range items {
		fmt.Fprintf(out, "- %s\n", EscapeMarkdown(item))
	}
}

// EscapeMarkdown keeps a text from being read as Markdown or HTML.
func EscapeMarkdown(text string) string {
	return strings.NewReplacer(
		"\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", "\r", " ", "\n", " ",
	).Replace(text)
}

// code shows a text as code inside a table cell.
func code(text string) string {
	return "`" + strings.NewReplacer("`", "'", "|", "\\|", "\r", " ", "\n", " ").Replace(text) + "`"
}
