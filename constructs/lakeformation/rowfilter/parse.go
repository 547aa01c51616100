package rowfilter

import (
	"fmt"
	"slices"
	"strings"
)

// MaxLength is the number of characters that an expression must stay below.
const MaxLength = 2048

// Expression is a condition that was read.
type Expression struct {
	Predicates []Predicate // every comparison in it, from left to right
}

// Predicate is one comparison of a column with values.
type Predicate struct {
	Column   string // in lower case, as Lake Formation compares names
	Operator string // =, <>, !=, <, <=, >, >=, IN, BETWEEN, LIKE or IS NULL
	Values   []Value
	Offset   int // of the column in the expression, in bytes
}

// Value is a constant.
type Value struct {
	Type Type
	Text string // without quotes
}

// Error says what is wrong in an expression, and where.
type Error struct {
	Offset   int // in bytes
	Got      string
	Expected string
	Fix      string
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

// Parse reads a condition. The error, when there is one, is an *Error.
func Parse(expression string) (*Expression, error) {
	switch {
	case strings.TrimSpace(expression) == "":
		return nil, &Error{Got: "an empty condition", Expected: "a condition such as study_id = 'NCT0456'", Fix: "write one, or leave rows out to show every row"}
	case len([]rune(expression)) >= MaxLength:
		return nil, &Error{Got: fmt.Sprintf("%d characters", len([]rune(expression))), Expected: fmt.Sprintf("fewer than %d", MaxLength), Fix: "shorten the condition; a column made for the purpose can replace a long list"}
	}
	if i := strings.IndexAny(expression, "\r\n;"); i >= 0 {
		return nil, &Error{Offset: i, Got: map[bool]string{true: "a semicolon", false: "a line break"}[expression[i] == ';'], Expected: "one condition on one line", Fix: "take it out"}
	}
	words, err := tokens(expression)
	if err != nil {
		return nil, err
	}
	p := &parser{words: words}
	if err := p.either(); err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, p.unexpected("AND, OR or the end of the condition", "join comparisons with AND or OR")
	}
	return &Expression{Predicates: p.found}, nil
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

func (p *parser) either() error { return p.list("OR", p.both) }
func (p *parser) both() error   { return p.list("AND", p.not) }

func (p *parser) list(word string, part func() error) error {
	for {
		if err := part(); err != nil {
			return err
		}
		if !p.accept(keyword, word) {
			return nil
		}
	}
}

func (p *parser) not() error {
	for p.accept(keyword, "NOT") {
		continue
	}
	if !p.accept(punctuation, "(") {
		return p.comparison()
	}
	if err := p.either(); err != nil {
		return err
	}
	return p.expect(punctuation, ")", "close the parenthesis")
}

func (p *parser) comparison() error {
	t := p.peek()
	if t.kind != identifier {
		return p.unexpected("a column", "write the column first, then the operator, then the value")
	}
	p.take()
	if err := p.refuseCallOrPath(t); err != nil {
		return err
	}
	op, values, err := p.operation()
	if err != nil {
		return err
	}
	p.found = append(p.found, Predicate{Column: t.value, Operator: op, Values: values, Offset: t.at})
	return nil
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

func (p *parser) operation() (string, []Value, error) {
	if t := p.peek(); t.kind == operator {
		p.take()
		v, err := p.value()
		return t.value, []Value{v}, err
	}
	if p.accept(keyword, "IS") {
		p.accept(keyword, "NOT")
		return "IS NULL", nil, p.expect(keyword, "NULL", "write IS NULL or IS NOT NULL")
	}
	p.accept(keyword, "NOT")
	switch {
	case p.accept(keyword, "IN"):
		values, err := p.values()
		return "IN", values, err
	case p.accept(keyword, "BETWEEN"):
		values, err := p.between()
		return "BETWEEN", values, err
	case p.accept(keyword, "LIKE"):
		v, err := p.value()
		return "LIKE", []Value{v}, err
	}
	return "", nil, p.unexpected("one of = <> != < <= > >= IN BETWEEN LIKE IS", "write an operator after the column")
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
