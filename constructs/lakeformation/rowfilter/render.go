package rowfilter

import (
	"slices"
	"strings"
)

// String is the expression, as Lake Formation and Parse take it: the same text
// for the same condition, with parentheses where the meaning needs them.
//
// What Check finds problems in has no expression. Its text begins with "%!" and
// is refused wherever an expression is read, so that a mistake never shows rows.
func (c Condition) String() string {
	if err := c.Check("condition").Err(); err != nil {
		return "%!(" + err.Error() + ")"
	}
	return c.render()
}

func (c Condition) render() string {
	c = c.single()
	switch c.operator {
	case and, or:
		texts := make([]string, len(c.parts))
		for i, p := range c.parts {
			texts[i] = p.within(c)
		}
		return strings.Join(texts, " "+c.operator+" ")
	case not:
		if p := c.parts[0].single(); slices.Contains([]string{"IN", "BETWEEN", "LIKE"}, p.operator) {
			return p.comparison(not + " " + p.operator)
		}
		return not + " " + c.parts[0].within(c)
	}
	return c.comparison(c.operator)
}

// within is the condition as a part of another: in parentheses where the other
// binds stronger.
func (c Condition) within(outer Condition) string {
	if strength(c.single().operator) < strength(outer.operator) {
		return "(" + c.render() + ")"
	}
	return c.render()
}

// single takes away an AND or OR of one part.
func (c Condition) single() Condition {
	for (c.operator == and || c.operator == or) && len(c.parts) == 1 {
		c = c.parts[0]
	}
	return c
}

// strength orders what binds its parts: NOT more than AND, AND more than OR.
func strength(operator string) int {
	switch operator {
	case or:
		return 0
	case and:
		return 1
	case not:
		return 2
	}
	return 3
}

func (c Condition) comparison(operator string) string {
	words := []string{name(c.column), operator}
	texts := make([]string, len(c.values))
	for i, v := range c.values {
		texts[i] = v.String()
	}
	switch c.operator {
	case "IN":
		words = append(words, "("+strings.Join(texts, ", ")+")")
	case "BETWEEN":
		words = append(words, strings.Join(texts, " AND "))
	default:
		words = append(words, texts...)
	}
	return strings.Join(words, " ")
}

// name is a column as an expression spells it: in double quotes where it would
// be read as something else.
func name(column string) string {
	if isDigit(column[0]) || isReserved(column) {
		return `"` + column + `"`
	}
	return column
}
