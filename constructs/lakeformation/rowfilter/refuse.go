package rowfilter

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// plainColumn is compiled when it is first asked: every program that links this package
// would pay for its long repeat when it starts.
var plainColumn = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9_]{1,255}$`) })

// Check returns everything that keeps the condition from being an expression:
// AND, OR or IN of nothing, a column that is not a catalog name (rule 6.5), a
// constant that cannot be written safely, and MaxLength characters or more. The
// path is what the condition is called; its parts are path[0] and so on.
//
// Whether the columns exist, and hold what they are compared with, is the
// question of Expression.Check.
func (c Condition) Check(path string) problem.List {
	list := c.problems(path)
	if len(list) > 0 {
		return list.Sorted()
	}
	if n := utf8.RuneCountInString(c.render()); n >= MaxLength {
		e := tooLong(n)
		list.Addf(path, e.Got, e.Expected, e.Fix)
	}
	return list
}

func (c Condition) problems(path string) problem.List {
	var list problem.List
	switch c.operator {
	case "":
		list.Addf(path, "no condition", "a condition", "make one with Equals, In, Between or another function")
	case raw:
		list.Addf(path, fmt.Sprintf("%s at character %d", c.err.Got, c.err.Offset+1), c.err.Expected, c.err.Fix)
	case and, or, not:
		if len(c.parts) == 0 {
			list.Addf(path, c.operator+" of nothing", "at least one condition", "add one, or leave it out")
		}
		for i, p := range c.parts {
			list = append(list, p.problems(fmt.Sprintf("%s[%d]", path, i))...)
		}
	default:
		list = c.comparisonProblems(path)
	}
	return list
}

func (c Condition) comparisonProblems(path string) problem.List {
	var list problem.List
	if !plainColumn().MatchString(c.column) {
		fix := "name a column of the table"
		if lower := strings.ToLower(c.column); plainColumn().MatchString(lower) {
			fix = "write " + lower
		}
		list.Addf(path, fmt.Sprintf("the column %q", c.column), "a catalog name of lower-case letters, digits and _", fix)
	}
	if c.operator == "IN" && len(c.values) == 0 {
		list.Addf(path, "IN of no values", "at least one value", "add one, or leave the condition out")
	}
	for i, v := range c.values {
		at := path
		if len(c.values) > 1 {
			at = fmt.Sprintf("%s[%d]", path, i)
		}
		got, expected, fix, ok := v.problem()
		switch {
		case !ok:
			list.Addf(at, got, expected, fix)
		case c.operator == "LIKE" && v.Type != Text:
			list.Addf(at, "LIKE "+v.String(), "a pattern in text", "write it in quotes")
		case v.Type != c.values[0].Type && c.values[0].Type != Unsupported:
			list.Addf(at, fmt.Sprintf("the %s %s beside the %s %s", v.Type, v, c.values[0].Type, c.values[0]), "values of one type", "compare a column with values of its own type")
		}
	}
	return list
}
