package rowfilter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

// Type is what can be compared with what.
type Type string

// The types of columns that a row filter can look at, and of constants.
const (
	Text        Type = "text"
	Number      Type = "number"
	Boolean     Type = "boolean"
	Unsupported Type = ""
)

// Column is what a check needs to know about a column of the table.
type Column struct {
	Name      string // in the catalog
	Type      string // Glue type
	Partition bool   // it is part of the partition key
}

// TypeOf returns the type that values of a Glue type are compared as, or
// Unsupported: Lake Formation documents text, numbers and booleans. Dates,
// timestamps, binary data and nested types are not among them.
func TypeOf(glue string) Type {
	t, err := gluetype.Parse(glue)
	switch {
	case err != nil:
		return Unsupported
	case t.IsText():
		return Text
	case t.IsNumber():
		return Number
	case t.Name == "boolean":
		return Boolean
	}
	return Unsupported
}

// Check returns what keeps the expression from being a filter on a table with
// these columns, in the order of the expression.
func (e *Expression) Check(columns []Column) []*Error {
	var out []*Error
	for _, p := range e.Predicates {
		if err := p.Check(columns); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// Check returns what keeps the comparison from filtering a table with these columns;
// nil where nothing does.
func (p Predicate) Check(columns []Column) *Error {
	i := slices.IndexFunc(columns, func(c Column) bool { return strings.EqualFold(c.Name, p.Column) })
	if i < 0 {
		return &Error{Offset: p.Offset, Got: fmt.Sprintf("%q, which is no column of the table", p.Column), Expected: "a column of every table of the product", Fix: "name a column that each of them has; text stands in 'single quotes'"}
	}
	c := columns[i]
	columnType := TypeOf(c.Type)
	if columnType == Unsupported {
		return &Error{Offset: p.Offset, Got: fmt.Sprintf("%q of type %s", p.Column, c.Type), Expected: "a column of text, numbers or booleans", Fix: "Lake Formation filters rows on no other types; add such a column to the product"}
	}
	if p.Operator == "IS NULL" && c.Partition {
		return &Error{Offset: p.Offset, Got: fmt.Sprintf("IS NULL on the partition column %q", p.Column), Expected: "IS NULL on other columns only", Fix: "compare it with constants; partition columns are never null"}
	}
	if p.Operator == "LIKE" && columnType != Text {
		return &Error{Offset: p.Offset, Got: fmt.Sprintf("LIKE on %q of type %s", p.Column, c.Type), Expected: "LIKE on a column of text", Fix: "compare it with = < > or BETWEEN"}
	}
	for _, v := range p.Values {
		if v.Type != columnType {
			return &Error{Offset: p.Offset, Got: fmt.Sprintf("%q of type %s compared with the %s %s", p.Column, c.Type, v.Type, v.Text), Expected: "a " + string(columnType), Fix: "compare it with a " + string(columnType)}
		}
	}
	return nil
}
