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
	gap       = "  " // between columns
	narrowest = 12   // characters that every column keeps
)

// What a table costs that is too narrow: each line, and each place where a cell
// is broken inside a name or even inside a word.
const (
	lineCost = 4
	nameCost = 3
	wordCost = 80
)

// fit returns widths that add up to at most limit. It takes from the column
// where that costs the least, again and again.
func fit(lines [][]string, limit int) []int {
	columns := make([]column, len(lines[0]))
	widths, sum := make([]int, len(columns)), 0
	for i := range columns {
		columns[i] = column{at: i, known: map[int]breaks{}}
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
			cost := costOf(columns, lines, widths)
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
	balance(columns, lines, widths)
	return widths
}

// balance moves width from one column to another while that makes the table cheaper.
func balance(columns []column, lines [][]string, widths []int) {
	const furthest = 16
	cost := costOf(columns, lines, widths)
	for {
		from, to, amount, least := 0, 0, 0, cost
		for i := range widths {
			for k := range widths {
				for n := 1; i != k && n <= furthest && widths[i]-n >= narrowest; n++ {
					widths[i], widths[k] = widths[i]-n, widths[k]+n
					if c := costOf(columns, lines, widths); c < least {
						from, to, amount, least = i, k, n, c
					}
					widths[i], widths[k] = widths[i]+n, widths[k]-n
				}
			}
		}
		if amount == 0 {
			return
		}
		widths[from], widths[to], cost = widths[from]-amount, widths[to]+amount, least
	}
}

// costOf returns what the table costs with these widths.
func costOf(columns []column, lines [][]string, widths []int) int {
	cost := 0
	all := make([]breaks, len(columns))
	for i, c := range columns {
		all[i] = c.breaks(lines, widths[i])
		cost += all[i].cost
	}
	for n := range lines {
		highest := 0
		for _, b := range all {
			highest = max(highest, b.heights[n])
		}
		cost += highest * lineCost
	}
	return cost
}

// column remembers how its cells break at each width.
type column struct {
	at    int
	known map[int]breaks
}

// breaks is how the cells of a column break at one width.
type breaks struct {
	heights []int // lines of each cell
	cost    int   // of the places where they break
}

func (c column) breaks(lines [][]string, width int) breaks {
	if b, ok := c.known[width]; ok {
		return b
	}
	b := breaks{heights: make([]int, len(lines))}
	for n, cells := range lines {
		runes := []rune(cells[c.at])
		for b.heights[n] = 1; len(runes) > width; b.heights[n]++ {
			at, cost := breakAt(runes, width)
			b.cost += cost
			runes = []rune(strings.TrimLeft(string(runes[at:]), " "))
		}
	}
	c.known[width] = b
	return b
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

// breakAt returns where a text that is too long is broken, and what that costs:
// after a comma or semicolon, else at a space, else inside a name after its
// punctuation, else anywhere.
func breakAt(runes []rune, width int) (at, cost int) {
	for i := width; i > width/3; i-- {
		if runes[i] == ' ' && strings.ContainsRune(",;", runes[i-1]) {
			return i, 0
		}
	}
	for i := width; i > width/3; i-- {
		if runes[i] == ' ' || runes[i-1] == ' ' {
			return i, 0
		}
	}
	for i := width; i > width/3; i-- {
		if strings.ContainsRune("._/-:", runes[i-1]) {
			return i, nameCost
		}
	}
	return width, wordCost
}
