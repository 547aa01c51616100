package render

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// tableWidth is how wide a rendered table may become, in characters.
const tableWidth = 136

// Table writes the matrix for a terminal, at most 136 characters wide, with
// principals by their short names.
func Table(w io.Writer, m *access.Matrix) error {
	names := newNames(m)
	cells := [][]string{headings(names.columns)}
	before := ""
	for _, l := range lines(m, names) {
		if l.cells[0] == before {
			l.cells[0] = ""
		} else {
			before = l.cells[0]
		}
		cells = append(cells, l.cells)
	}
	out := &strings.Builder{}
	if len(m.Rows) == 0 {
		fmt.Fprintln(out, wrap(noRows(m), tableWidth))
	} else {
		fmt.Fprintln(out, layout(cells))
	}
	if needsLegend(m) {
		fmt.Fprintln(out, legend)
	}
	if others := otherWays(m); others != "" {
		fmt.Fprintln(out, "\n"+wrap(others, tableWidth))
	}
	list(out, adminsTitle, administrators(m, names))
	list(out, notesTitle, notes(m))
	_, err := io.WriteString(w, out.String())
	return err
}

// list writes a title and one item a line, long ones wrapped.
func list(out *strings.Builder, title string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s:\n", title)
	for _, item := range items {
		fmt.Fprintln(out, "  - "+strings.ReplaceAll(wrap(item, tableWidth-4), "\n", "\n    "))
	}
}

// layout returns the table of some lines of cells, the first of them as headings.
func layout(lines [][]string) string {
	t := table.NewWriter()
	t.SetStyle(table.Style{
		Box:     table.BoxStyle{MiddleHorizontal: "─", MiddleSeparator: gap, MiddleVertical: gap},
		Format:  table.FormatOptions{Header: text.FormatDefault},
		Options: table.Options{SeparateColumns: true, SeparateHeader: true},
	})
	t.SuppressTrailingSpaces()
	configs := make([]table.ColumnConfig, len(lines[0]))
	for i, width := range fit(lines) {
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: width, WidthMaxEnforcer: wrap}
	}
	t.SetColumnConfigs(configs)
	for i, cells := range lines {
		row := make(table.Row, len(cells))
		for k, c := range cells {
			row[k] = c
		}
		if i == 0 {
			t.AppendHeader(row)
		} else {
			t.AppendRow(row)
		}
	}
	return t.Render()
}

const (
	gap       = "  " // between columns
	narrowest = 12   // characters that every column keeps
	nameCost  = 3    // of a line that is broken inside a name
)

// fit returns the widths of columns. It narrows the column whose cells then break least,
// of several the widest, until the table fits.
func fit(lines [][]string) []int {
	widths, sum := make([]int, len(lines[0])), len(gap)*(len(lines[0])-1)
	for i := range widths {
		for _, cells := range lines {
			widths[i] = max(widths[i], utf8.RuneCountInString(cells[i]))
		}
		sum += widths[i]
	}
	cost := func(column int) (n int) { // of lines that are broken, and more of names
		for _, cells := range lines {
			wrapped := wrap(cells[column], widths[column]-1)
			breaks := strings.Count(wrapped, "\n")
			n += breaks*breaks + nameCost*(len(strings.Fields(wrapped))-len(strings.Fields(cells[column])))
		}
		return n
	}
	for ; sum > tableWidth; sum-- {
		best, least := 0, math.MaxInt
		for i, width := range widths {
			if n := cost(i); width > narrowest && (n < least || n == least && width > widths[best]) {
				best, least = i, n
			}
		}
		widths[best]--
	}
	return widths
}

// wrap breaks a text into lines of at most width characters: after a comma or semicolon,
// else at a space, else inside a name after its punctuation, else anywhere.
func wrap(s string, width int) string {
	runes := []rune(s)
	var out []string
	for len(runes) > width {
		at := breakAt(runes, width)
		out = append(out, strings.TrimSpace(string(runes[:at])))
		runes = []rune(strings.TrimLeft(string(runes[at:]), " "))
	}
	return strings.Join(append(out, string(runes)), "\n")
}

func breakAt(runes []rune, width int) int {
	for _, good := range []func(before, after rune) bool{
		func(before, after rune) bool { return after == ' ' && strings.ContainsRune(",;", before) },
		func(before, after rune) bool { return after == ' ' || before == ' ' },
		func(before, _ rune) bool { return strings.ContainsRune("._/-:", before) },
	} {
		for i := width; i > width/3; i-- {
			if good(runes[i-1], runes[i]) {
				return i
			}
		}
	}
	return width
}
