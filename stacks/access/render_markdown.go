package access

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the matrix for a pull request or a wiki.
func (m *Matrix) Markdown(w io.Writer) error {
	words := newWords(m)
	out := &strings.Builder{}
	if len(m.Rows) == 0 {
		fmt.Fprintln(out, noRows)
	} else {
		markdownLine(out, headings())
		markdownLine(out, []string{"---", "---", "---", "---", "---", "---"})
	}
	for _, l := range words.lines(m) {
		for i, c := range l.cells {
			l.cells[i] = escape(c)
		}
		if groups := l.RowLimits(); len(groups) == 1 && len(groups[0].Rows) > 0 {
			l.cells[4] = code(groups[0].String())
		}
		markdownLine(out, l.cells)
	}
	legend, admins := words.remarks(m)
	for _, l := range legend {
		fmt.Fprintf(out, "\n%s\n", escape(l))
	}
	markdownSection(out, adminsTitle, admins)
	markdownSection(out, notesTitle, m.Notes)
	_, err := io.WriteString(w, out.String())
	return err
}

func markdownLine(out *strings.Builder, cells []string) {
	fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
}

func markdownSection(out *strings.Builder, title string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(out, "\n**%s**\n\n", title)
	for _, item := range items {
		fmt.Fprintf(out, "- %s\n", escape(item))
	}
}

// escape keeps a text from being read as Markdown or HTML.
func escape(text string) string {
	return strings.NewReplacer(
		"\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", "\r", " ", "\n", " ",
	).Replace(text)
}

// code shows a text as code inside a table cell.
func code(text string) string {
	return "`" + strings.NewReplacer("`", "'", "|", "\\|", "\r", " ", "\n", " ").Replace(text) + "`"
}
