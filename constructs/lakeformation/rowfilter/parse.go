package rowfilter

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxLength is the number of characters that an expression must stay below.
const MaxLength = 2048

// Expression is a condition that was read.
type Expression struct {
	Predicates []Predicate // every comparison in it, from left to right
	Condition  Condition   // the whole of it
}

// Predicate is one comparison of a column with values.
type Predicate struct {
	Column   string  // in lower case, as Lake Formation compares names
	Operator string  // =, <>, !=, <, <=, >, >=, IN, BETWEEN, LIKE or IS NULL
	Values   []Value // that the column is compared with; none for IS NULL
	Offset   int     // of the column in the expression, in bytes
}

// Error says what is wrong in an expression, and where.
type Error struct {
	Offset   int    // in bytes
	Got      string // what stands there
	Expected string // what may stand there
	Fix      string // what the author does about it
}

// Error is the whole finding in one line.
func (e *Error) Error() string {
	return fmt.Sprintf("at character %d: got %s; expected %s; fix: %s", e.Offset+1, e.Got, e.Expected, e.Fix)
}

// Columns are the names of the columns that the expression looks at, sorted.
func (e *Expression) Columns() []string {
	var out []string
	for _, p := range e.Predicates {
		out = append(out, p.Column)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func tooLong(characters int) *Error {
	return &Error{Got: fmt.Sprintf("%d characters", characters), Expected: fmt.Sprintf("fewer than %d", MaxLength), Fix: "shorten the condition; a column made for the purpose can replace a long list"}
}

// Parse reads a condition. The error, when there is one, is an *Error.
func Parse(expression string) (*Expression, error) {
	characters := utf8.RuneCountInString(expression)
	switch {
	case strings.TrimSpace(expression) == "":
		return nil, &Error{Got: "an empty condition", Expected: "a condition such as study_id = 'NCT0456'", Fix: "write one, or leave rows out to show every row"}
	case characters >= MaxLength:
		return nil, tooLong(characters)
	}
	if err := refuseCharacters(expression); err != nil {
		return nil, err
	}
	words, err := tokens(expression)
	if err != nil {
		return nil, err
	}
	p := &parser{words: words}
	condition, err := p.either()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, p.unexpected("AND, OR or the end of the condition", "join comparisons with AND or OR")
	}
	return &Expression{Predicates: p.found, Condition: condition}, nil
}

// refuseCharacters finds what stands nowhere in an expression, not even in text.
// See unsafeText for the backslash.
func refuseCharacters(expression string) error {
	i := strings.IndexAny(expression, "\r\n;\\")
	if i < 0 {
		return nil
	}
	switch expression[i] {
	case ';':
		return &Error{Offset: i, Got: "a semicolon", Expected: "one condition on one line", Fix: "take it out"}
	case '\\':
		return &Error{Offset: i, Got: "a backslash", Expected: "text without backslashes, which query engines read differently", Fix: "match around it with LIKE, or compare a column without it"}
	}
	return &Error{Offset: i, Got: "a line break", Expected: "one condition on one line", Fix: "take it out"}
}

// parser descends the grammar
//
//	either     = both { OR both }
//	both       = not { AND not }
//	not        = { NOT } ( "(" either ")" | comparison )
//	comparison = column ( operator value | [NOT] IN "(" values ")"
//	           | [NOT] BETWEEN value AND value | [NOT] LIKE text | IS [NOT] NULL )
type parser struct {
	words []token
	next  int
	found []Predicate
}

func (p *parser) peek() token { return p.words[p.next] }

func (p *parser) take() token {
	t := p.words[p.next]
	if t.kind != end {
		p.next++
	}
	return t
}

// accept takes the next word when it is the given one.
func (p *parser) accept(k kind, value string) bool {
	if t := p.peek(); t.kind != k || t.value != value {
		return false
	}
	p.take()
	return true
}

func (p *parser) expect(k kind, value, fix string) error {
	if p.accept(k, value) {
		return nil
	}
	return p.unexpected(value, fix)
}

func (p *parser) unexpected(expected, fix string) error {
	t := p.peek()
	return &Error{Offset: t.at, Got: t.String(), Expected: expected, Fix: fix}
}

func (p *parser) either() (Condition, error) { return p.list(or, p.both) }
func (p *parser) both() (Condition, error)   { return p.list(and, p.not) }

func (p *parser) list(word string, part func() (Condition, error)) (Condition, error) {
	out := Condition{operator: word}
	for {
		c, err := part()
		if err != nil {
			return out, err
		}
		out.parts = append(out.parts, c)
		if !p.accept(keyword, word) {
			return out.single(), nil
		}
	}
}

func (p *parser) not() (Condition, error) {
	negations := 0
	for p.accept(keyword, not) {
		negations++
	}
	out, err := p.parenthesized()
	for range negations {
		out = Not(out)
	}
	return out, err
}

func (p *parser) parenthesized() (Condition, error) {
	if !p.accept(punctuation, "(") {
		return p.comparison()
	}
	out, err := p.either()
	if err != nil {
		return out, err
	}
	return out, p.expect(punctuation, ")", "close the parenthesis")
}

func (p *parser) comparison() (Condition, error) {
	t := p.peek()
	if t.kind != identifier {
		return Condition{}, p.unexpected("a column", "write the column first, then the operator, then the value")
	}
	p.take()
	if err := p.refuseCallOrPath(t); err != nil {
		return Condition{}, err
	}
	if !t.quoted && isReserved(t.value) {
		return Condition{}, &Error{
			Offset: t.at, Got: fmt.Sprintf("%q, a word that SQL keeps for itself", t.value), Expected: "such a column in double quotes",
			Fix: fmt.Sprintf("write %q", t.value),
		}
	}
	c, negated, err := p.operation()
	if err != nil {
		return c, err
	}
	c.column = t.value
	p.found = append(p.found, Predicate{Column: c.column, Operator: c.operator, Values: c.values, Offset: t.at})
	switch {
	case negated && c.operator == "IS NULL":
		return IsNotNull(c.column), nil
	case negated:
		return Not(c), nil
	}
	return c, nil
}

// refuseCallOrPath refuses what may follow a name elsewhere in SQL.
func (p *parser) refuseCallOrPath(name token) error {
	switch next := p.peek(); {
	case next.kind == punctuation && next.value == "(":
		return &Error{Offset: name.at, Got: fmt.Sprintf("a call of the function %q", name.value), Expected: "a column", Fix: "Lake Formation takes no functions in row filters; compare a column with constants"}
	case next.kind == punctuation && next.value == ".":
		return &Error{Offset: name.at, Got: fmt.Sprintf("a part of %q", name.value), Expected: "a column of the table", Fix: "give the part a column of its own in the product"}
	}
	return nil
}

// operation reads what follows a column, and whether NOT stands in it.
func (p *parser) operation() (c Condition, negated bool, err error) {
	if t := p.peek(); t.kind == operator {
		p.take()
		v, err := p.value()
		return Condition{operator: t.value, values: []Value{v}}, false, err
	}
	if p.accept(keyword, "IS") {
		negated = p.accept(keyword, not)
		return Condition{operator: "IS NULL"}, negated, p.expect(keyword, "NULL", "write IS NULL or IS NOT NULL")
	}
	negated = p.accept(keyword, not)
	switch {
	case p.accept(keyword, "IN"):
		c.operator = "IN"
		c.values, err = p.values()
	case p.accept(keyword, "BETWEEN"):
		c.operator = "BETWEEN"
		c.values, err = p.between()
	case p.accept(keyword, "LIKE"):
		var v Value
		v, err = p.value()
		c.operator, c.values = "LIKE", []Value{v}
	default:
		err = p.unexpected("one of = <> != < <= > >= IN BETWEEN LIKE IS", "write an operator after the column")
	}
	return c, negated, err
}

func (p *parser) between() ([]Value, error) {
	low, err := p.value()
	if err != nil {
		return nil, err
	}
	if err := p.expect(keyword, "AND", "write BETWEEN low AND high"); err != nil {
		return nil, err
	}
	high, err := p.value()
	return []Value{low, high}, err
}

func (p *parser) values() ([]Value, error) {
	if err := p.expect(punctuation, "(", "write the values in parentheses: IN ('a', 'b')"); err != nil {
		return nil, err
	}
	var out []Value
	for {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		if !p.accept(punctuation, ",") {
			return out, p.expect(punctuation, ")", "close the parenthesis")
		}
	}
}

func (p *parser) value() (Value, error) {
	t := p.peek()
	switch {
	case t.kind == text:
		if got, expected, fix := unsafeText(t.value); got != "" {
			return Value{}, &Error{Offset: t.at, Got: got, Expected: expected, Fix: fix}
		}
		p.take()
		return Value{Type: Text, Text: t.value}, nil
	case t.kind == number:
		p.take()
		return Value{Type: Number, Text: t.value}, nil
	case t.kind == keyword && (t.value == "TRUE" || t.value == "FALSE"):
		p.take()
		return Value{Type: Boolean, Text: t.value}, nil
	case t.kind == keyword && t.value == "NULL":
		return Value{}, p.unexpected("a constant", "write IS NULL or IS NOT NULL; nothing equals NULL")
	case t.kind == identifier:
		p.take()
		if err := p.refuseCallOrPath(t); err != nil {
			return Value{}, err
		}
		return Value{}, &Error{Offset: t.at, Got: fmt.Sprintf("the column %q", t.value), Expected: "a constant", Fix: "Lake Formation compares columns with constants only; write text in 'single quotes'"}
	}
	return Value{}, p.unexpected("a constant", "write 'text', a number, TRUE or FALSE")
}
