package strictyaml

import (
	"fmt"
	"strings"
	"unicode"
)

// maxExcerpt is how many characters of a line an excerpt shows.
const maxExcerpt = 100

// excerpt returns the line before, the line and a caret under the column.
func excerpt(lines [][]rune, line, column int) string {
	if line < 1 || line > len(lines) {
		return ""
	}
	text := lines[line-1]
	column = min(max(1, column), len(text)+1)
	from := 0
	if column > maxExcerpt-20 {
		from = column - maxExcerpt/2
	}
	var b strings.Builder
	if line > 1 {
		writeLine(&b, line-1, lines[line-2], from)
	}
	writeLine(&b, line, text, from)
	caret := make([]rune, 0, column-from)
	for _, r := range text[from : column-1] {
		if r != '\t' {
			r = ' '
		}
		caret = append(caret, r)
	}
	fmt.Fprintf(&b, "%6s | %s^", "", string(caret))
	return b.String()
}

// writeLine writes a numbered line from a column on. Control characters are
// replaced, so that a file cannot speak to the reader's terminal.
func writeLine(b *strings.Builder, number int, text []rune, from int) {
	from = min(from, len(text))
	to := min(from+maxExcerpt, len(text))
	shown := strings.Map(func(r rune) rune {
		if r != '\t' && unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, string(text[from:to]))
	b.WriteString(strings.TrimRight(fmt.Sprintf("%6d | %s", number, shown), " \t"))
	b.WriteByte('\n')
}
