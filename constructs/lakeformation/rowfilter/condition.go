package rowfilter

import (
	"errors"
	"strings"
)

// Condition is a test that a row passes or fails, made by the functions of this
// package. It is a value: joining conditions leaves them as they are. The zero
// value is no condition.
//
// As everywhere in SQL, a comparison with a column that is null is neither true
// nor false, and the row is not shown: NotEquals and Not leave such rows out too.
// Add Or(…, IsNull(column)) where they are to be shown.
type Condition struct {
	operator string
	column   string
	values   []Value
	parts    []Condition // of AND, OR and NOT
	text     string      // of an expression, as it was written
	err      *Error      // of an expression that could not be read
}

// What a condition can be besides the comparisons.
const (
	and = "AND"
	or  = "OR"
	not = "NOT"
	raw = "raw"
)

// Equals keeps the rows whose column has the value. Text is compared with regard
// to case.
func Equals[T Constant](column string, value T) Condition { return compare(column, "=", value) }

// NotEquals keeps the rows whose column has another value, and is not null.
func NotEquals[T Constant](column string, value T) Condition { return compare(column, "<>", value) }

// Less keeps the rows whose column is below the value.
func Less[T Constant](column string, value T) Condition { return compare(column, "<", value) }

// LessOrEqual keeps the rows whose column is at most the value.
func LessOrEqual[T Constant](column string, value T) Condition { return compare(column, "<=", value) }

// Greater keeps the rows whose column is above the value.
func Greater[T Constant](column string, value T) Condition { return compare(column, ">", value) }

// GreaterOrEqual keeps the rows whose column is at least the value.
func GreaterOrEqual[T Constant](column string, value T) Condition {
	return compare(column, ">=", value)
}

// Between keeps the rows whose column is in the range, both ends included.
func Between[T Constant](column string, low, high T) Condition {
	return compare(column, "BETWEEN", low, high)
}

// In keeps the rows whose column has one of the values; at least one is needed.
func In[T Constant](column string, values ...T) Condition { return compare(column, "IN", values...) }

// Like keeps the rows whose text matches a pattern, in which % stands for any
// text and _ for any one character. Case matters.
func Like(column, pattern string) Condition { return compare(column, "LIKE", pattern) }

// IsNull keeps the rows without a value in the column. Lake Formation does not
// take it on partition columns.
func IsNull(column string) Condition { return Condition{operator: "IS NULL", column: column} }

// IsNotNull keeps the rows with a value in the column. Lake Formation does not
// take it on partition columns.
func IsNotNull(column string) Condition { return Condition{operator: "IS NOT NULL", column: column} }

// And keeps the rows that pass every condition; at least one is needed.
func And(conditions ...Condition) Condition { return join(and, conditions) }

// Or keeps the rows that pass any of the conditions; at least one is needed.
func Or(conditions ...Condition) Condition { return join(or, conditions) }

// Not keeps the rows that fail the condition.
func Not(condition Condition) Condition { return join(not, []Condition{condition}) }

// Raw is an expression as Parse takes it. What is wrong with it is found by
// Check; Raw("") is a mistake, and not every row.
func Raw(expression string) Condition {
	e, err := Parse(expression)
	if err != nil {
		out := Condition{operator: raw, text: expression}
		_ = errors.As(err, &out.err)
		return out
	}
	e.Condition.text = strings.TrimSpace(expression)
	return e.Condition
}

// Text is the expression as Raw was given it; of a condition that was made otherwise,
// its String.
func (c Condition) Text() string {
	if c.text != "" || c.operator == raw || c.IsZero() {
		return c.text
	}
	return c.String()
}

// MarshalText writes the condition as its Text.
func (c Condition) MarshalText() ([]byte, error) { return []byte(c.Text()), nil }

// Predicates are the comparisons in the condition, from left to right.
func (c Condition) Predicates() []Predicate {
	var out []Predicate
	for _, p := range c.parts {
		out = append(out, p.Predicates()...)
	}
	if c.column != "" {
		out = append(out, Predicate{Column: c.column, Operator: strings.Replace(c.operator, "IS NOT", "IS", 1), Values: c.values})
	}
	return out
}

// IsZero reports whether it is no condition.
func (c Condition) IsZero() bool { return c.operator == "" }

func compare[T Constant](column, operator string, values ...T) Condition {
	out := Condition{operator: operator, column: column}
	for _, v := range values {
		out.values = append(out.values, valueOf(v))
	}
	return out
}

func join(operator string, parts []Condition) Condition {
	return Condition{operator: operator, parts: append([]Condition(nil), parts...)}
}
