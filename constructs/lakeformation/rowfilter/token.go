package rowfilter

import (
	"fmt"
	"strings"
)

// kind is what a token is.
type kind int

const (
	end kind = iota
	identifier
	keyword
	text
	number
	operator
	punctuation
)

// token is one word of an expression.
type token struct {
	kind  kind
	value string // identifiers without quotes, keywords in upper case, the rest as written
	at    int    // offset in bytes

	quoted bool // an identifier in double quotes
}

func (t token) String() string {
	if t.kind == end {
		return "the end of the condition"
	}
	return fmt.Sprintf("%q", t.value)
}

// keywords are the words with a meaning of their own; a column of such a name
// stands in double quotes.
var keywords = map[string]bool{
	"AND": true, "OR": true, "NOT": true, "IN": true, "BETWEEN": true, "LIKE": true,
	"IS": true, "NULL": true, "TRUE": true, "FALSE": true,
}

// tokens splits an expression into words; the last one is the end.
func tokens(s string) ([]token, error) {
	var out []token
	for i := 0; i < len(s); {
		if s[i] == ' ' || s[i] == '\t' {
			i++
			continue
		}
		t, next, err := scan(s, i)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		i = next
	}
	return append(out, token{kind: end, at: len(s)}), nil
}

// scan reads the token that starts at i, and says where the next one may start.
func scan(s string, i int) (token, int, error) {
	switch c := s[i]; {
	case isLetter(c):
		j := span(s, i, func(c byte) bool { return isLetter(c) || isDigit(c) })
		return word(s[i:j], i), j, nil
	case isDigit(c) || (c == '-' || c == '.') && i+1 < len(s) && (isDigit(s[i+1]) || s[i+1] == '.'):
		j := span(s, i+1, func(c byte) bool { return isDigit(c) || c == '.' || isLetter(c) })
		return scanNumber(s[i:j], i, j)
	case c == '\'' || c == '"':
		return scanQuoted(s, i)
	case strings.IndexByte("(),.", c) >= 0:
		return token{kind: punctuation, value: s[i : i+1], at: i}, i + 1, nil
	}
	for _, op := range []string{"<>", "!=", "<=", ">=", "=", "<", ">"} {
		if strings.HasPrefix(s[i:], op) {
			return token{kind: operator, value: op, at: i}, i + len(op), nil
		}
	}
	r := []rune(s[i:])[0]
	return token{}, 0, &Error{
		Offset:   i,
		Got:      fmt.Sprintf("%q", r),
		Expected: "columns, 'text', numbers, = <> != < <= > >=, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL and parentheses",
		Fix:      "take it out",
	}
}

func word(s string, at int) token {
	if upper := strings.ToUpper(s); keywords[upper] {
		return token{kind: keyword, value: upper, at: at}
	}
	return token{kind: identifier, value: strings.ToLower(s), at: at}
}

func scanNumber(s string, at, next int) (token, int, error) {
	if !isNumber(s) {
		return token{}, 0, &Error{Offset: at, Got: fmt.Sprintf("%q", s), Expected: "a number such as 42 or -1.5", Fix: "write text in 'single quotes'"}
	}
	return token{kind: number, value: s, at: at}, next, nil
}

// scanQuoted reads 'text' or a "column"; a doubled quote stands for itself.
func scanQuoted(s string, at int) (token, int, error) {
	quote := s[at]
	var b strings.Builder
	for i := at + 1; i < len(s); i++ {
		if s[i] != quote {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == quote {
			b.WriteByte(quote)
			i++
			continue
		}
		if quote == '"' {
			return token{kind: identifier, value: strings.ToLower(b.String()), at: at, quoted: true}, i + 1, nil
		}
		return token{kind: text, value: b.String(), at: at}, i + 1, nil
	}
	return token{}, 0, &Error{
		Offset:   at,
		Got:      fmt.Sprintf("a quote %c that is not closed", quote),
		Expected: "text in 'single quotes'",
		Fix:      "close it; a quote inside text is written twice",
	}
}

// span is the end of the run of bytes from i that are wanted.
func span(s string, i int, wanted func(byte) bool) int {
	for i < len(s) && wanted(s[i]) {
		i++
	}
	return i
}

func isLetter(c byte) bool { return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
