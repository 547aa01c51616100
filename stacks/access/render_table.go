package access

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// tableWidth is how wide a rendered table may become, in characters.
const tableWidth = 136

// Table writes the matrix for a terminal, at most 136 characters wide, with
// principals by their short names.
func (m *Matrix) Table(w io.Writer) error {
	words := newWords(m)
	lines := [][]string{headings()}
	before := ""
	for _, l := range words.lines(m) {
		if l.cells[0] == before {
			l.cells[0] = ""
		} else {
			before = l.cells[0]
		}
		lines = append(lines, l.cells)
	}
	out := &strings.Builder{}
	if len(m.Rows) == 0 {
		fmt.Fprintln(out, noRows)
	} else {
		grid(out, lines)
	}
	legend, admins := words.remarks(m)
	for _, l := range legend {
		fmt.Fprintln(out, l)
	}
	section(out, adminsTitle, admins)
	section(out, notesTitle, m.Notes)
	_, err := io.WriteString(w, out.String())
	return err
}

// section writes a title and one item a line, long ones wrapped.
func section(out *strings.Builder, title string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s:\n", title)
	for _, item := range items {
		for i, line := range wrap(item, tableWidth-4) {
			bullet := "  - "
			if i > 0 {
				bullet = "    "
			}
			fmt.Fprintln(out, bullet+line)
		}
	}
}

// grid writes lines of cells, the first of them as headings.
func grid(out *strings.Builder, lines [][]string) {
	widths := fit(lines, tableWidth-len(gap)*(len(lines[0])-1))
	for n, cells := range lines {
		wrapped := make([][]string, len(cells))
		height := 1
		for i, c := range cells {
			wrapped[i] = wrap(c, widths[i])
			height = max(height, len(wrapped[i]))
		}
		for y := range height {
			parts := make([]string, len(cells))
			for i := range cells {
				text := ""
				if y < len(wrapped[i]) {
					text = wrapped[i][y]
				}
				parts[i] = text + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			}
			fmt.Fprintln(out, strings.TrimRight(strings.Join(parts, gap), " "))
		}
		if n == 0 {
			rules := make([]string, len(widths))
			for i, width := range widths {
				rules[i] = strings.Repeat("─", width)
			}
			fmt.Fprintln(out, strings.Join(rules, gap))
		}
	}
}

const (
	gap        = "  " // between columns
	narrowest  = 12   // characters that every column keeps
	brokenWord = 20   // lines that a column may grow by before a word is broken
)

// fit returns widths that add up to at most limit. It takes from the column that
// makes the table the least higher, and breaks words only where nothing else helps.
func fit(lines [][]string, limit int) []int {
	columns := make([]column, len(lines[0]))
	widths, sum := make([]int, len(columns)), 0
	for i := range columns {
		columns[i] = column{at: i, costs: map[int][]int{}}
		for _, cells := range lines {
			widths[i] = max(widths[i], utf8.RuneCountInString(cells[i]))
		}
		sum += widths[i]
	}
	for ; sum > limit; sum-- {
		best, least := -1, 0
		for i := range columns {
			if widths[i] <= narrowest {
				continue
			}
			widths[i]--
			cost := 0
			for n := range lines {
				highest := 0
				for k := range columns {
					highest = max(highest, columns[k].cost(lines, widths[k])[n])
				}
				cost += highest
			}
			widths[i]++
			if best < 0 || cost < least || cost == least && widths[i] > widths[best] {
				best, least = i, cost
			}
		}
		if best < 0 {
			break
		}
		widths[best]--
	}
	return widths
}

// column remembers what its cells cost at each width: their lines, and more for
// a word that is broken.
type column struct {
	at    int
	costs map[int][]int
}

func (c column) cost(lines [][]string, width int) []int {
	if known, ok := c.costs[width]; ok {
		return known
	}
	costs := make([]int, len(lines))
	for n, cells := range lines {
		runes := []rune(cells[c.at])
		for costs[n] = 1; len(runes) > width; costs[n]++ {
			at, clean := breakAt(runes, width)
			if !clean {
				costs[n] += brokenWord
			}
			runes = []rune(strings.TrimLeft(string(runes[at:]), " "))
		}
	}
	c.costs[width] = costs
	return costs
}

// wrap breaks a text into lines of at most width characters.
func wrap(text string, width int) []string {
	runes := []rune(text)
	var out []string
	for len(runes) > width {
		at, _ := breakAt(runes, width)
		out = append(out, strings.TrimSpace(string(runes[:at])))
		runes = []rune(strings.TrimLeft(string(runes[at:]), " "))
	}
	return append(out, string(runes))
}

// breakAt returns where a text that is too long is broken: after a comma or
// semicolon, else at a space, else after other punctuation, else anywhere,
// which is not clean.
func breakAt(runes []rune, width int) (at int, clean bool) {
	for _, ends := range []string{",;", " ", "._/-:"} {
		for i := width; i > width/3; i-- {
			after := strings.ContainsRune(ends, runes[i-1])
			switch ends {
			case ",;":
				if after && runes[i] == ' ' {
					return i, true
				}
			case " ":
				if after || runes[i] == ' ' {
					return i, true
				}
			default:
				if after {
					return i, true
				}
			}
		}
	}
	return width, false
}
