package measure

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
)

const allRows = "count(*)"

// library is the aggregate that a metric of the standard's library is.
func (c *compiler) library() string {
	q := c.rule
	switch q.Metric {
	case "rowCount":
		if c.percent() {
			c.refuse("unit", "percent of all rows", "rows", "leave the unit out")
		}
		return "CAST(" + allRows + " AS double)"
	case "duplicateValues":
		return c.duplicates()
	case "nullValues", "missingValues", "invalidValues":
		if q.Column == "" {
			c.refuse("metric", "the metric "+q.Metric+" of a table", "rowCount or duplicateValues", "move the rule to the column that it is about")
			return ""
		}
		return c.values()
	}
	got := fmt.Sprintf("the metric %q", q.Metric)
	if q.Metric == "" {
		got = "a rule without a metric"
	}
	c.refuse("metric", got, "nullValues, missingValues, invalidValues, duplicateValues or rowCount", "use one of them, or write the rule in SQL")
	return ""
}

// values counts values that a condition picks.
func (c *compiler) values() string {
	at, ok := c.place()
	if !ok {
		return ""
	}
	picks, ok := c.condition(at)
	if !ok {
		return ""
	}
	if !at.inArray {
		return c.related("count_if("+picks(at.expression)+")", allRows)
	}
	return c.related(
		fmt.Sprintf("coalesce(sum(cardinality(filter(%s, v -> %s))), 0)", at.expression, picks("v")),
		fmt.Sprintf("coalesce(sum(cardinality(%s)), 0)", at.expression))
}

// condition is what the metric counts, of an expression.
func (c *compiler) condition(at place) (func(string) string, bool) {
	isNull := func(v string) string { return v + " IS NULL" }
	if c.rule.Metric == "nullValues" {
		return isNull, true
	}
	if !at.kind.Primitive() || at.kind.Open() || at.kind.Name == "binary" {
		c.refuse("metric", fmt.Sprintf("the metric %s of a value of type %s", c.rule.Metric, at.kind), "a text, a number, a date or a boolean", "move the rule to a field inside, or write it in SQL")
		return nil, false
	}
	if c.rule.Metric == "missingValues" {
		listed, _ := c.literals("missingValues", at.kind) // what cannot be a value of the type is never there
		if len(listed) == 0 {
			return isNull, true
		}
		return func(v string) string { return v + " IS NULL OR " + v + " IN (" + strings.Join(listed, ", ") + ")" }, true
	}
	var valid []func(string) string
	if given := c.rule.Arguments["validValues"]; len(given) > 0 {
		listed, wrong := c.literals("validValues", at.kind)
		for _, i := range wrong {
			c.refuse(fmt.Sprintf("arguments.validValues[%d]", i), fmt.Sprintf("%q", given[i]), "a value of type "+at.kind.String(), "correct it")
		}
		valid = append(valid, func(v string) string { return v + " IN (" + strings.Join(listed, ", ") + ")" })
	}
	for _, pattern := range c.rule.Arguments["pattern"] {
		valid = append(valid, func(v string) string {
			if !at.kind.IsText() {
				v = "CAST(" + v + " AS varchar)"
			}
			return "regexp_like(" + v + ", " + text(pattern) + ")"
		})
	}
	if len(valid) == 0 {
		c.refuse("arguments", "neither validValues nor a pattern", "what a valid value is", "list validValues, or write a pattern")
	}
	return func(v string) string {
		all := make([]string, len(valid))
		for i, f := range valid {
			all[i] = f(v)
		}
		return "NOT (" + strings.Join(all, " AND ") + ")" // null of null, which is not counted
	}, len(c.problems) == 0
}

// literals are the values of an argument as SQL writes them for a type, and the places of
// those which are none of the type.
func (c *compiler) literals(argument string, kind gluetype.Type) (out []string, wrong []int) {
	for i, v := range c.rule.Arguments[argument] {
		literal, ok := literal(v, kind)
		if !ok {
			wrong = append(wrong, i)
			continue
		}
		out = append(out, literal)
	}
	return out, wrong
}

// literal is a value as SQL writes it for a type; false for one that the type does not have.
func literal(v string, kind gluetype.Type) (string, bool) {
	switch {
	case kind.IsText():
		return text(v), true
	case kind.IsNumber():
		return v, numeral.MatchString(v)
	case kind.Name == "boolean":
		lower := strings.ToLower(v)
		return lower, lower == "true" || lower == "false"
	case kind.Name == "date":
		_, err := time.Parse(time.DateOnly, v)
		return "DATE " + text(v), err == nil
	}
	return "", false
}

// text is a text as SQL writes it.
func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// duplicates counts values that repeat an earlier one, of a column or of several.
func (c *compiler) duplicates() string {
	if c.rule.Column != "" {
		at, ok := c.place()
		switch {
		case !ok:
			return ""
		case at.inArray:
			c.refuse("metric", "duplicates among the elements of arrays", "a column or a field that each row has once", "write the rule in SQL, with UNNEST")
			return ""
		}
		return c.related(fmt.Sprintf("(count(%s) - count(DISTINCT %s))", at.expression, at.expression), allRows)
	}
	columns := c.rule.Arguments["properties"]
	var quoted []string
	for i, name := range columns {
		if c.table.Column(name) == nil {
			c.refuse(fmt.Sprintf("arguments.properties[%d]", i), fmt.Sprintf("%q", name), "a column of the table", "correct the name")
		}
		quoted = append(quoted, merge.Quote(name))
	}
	if len(quoted) == 0 {
		for i := range c.table.Columns {
			quoted = append(quoted, merge.Quote(c.table.Columns[i].Name))
		}
	}
	return c.related(fmt.Sprintf("(%s - count(DISTINCT ROW(%s)))", allRows, strings.Join(quoted, ", ")), allRows)
}

// place is where the values of a rule are in a row.
type place struct {
	expression string        // of the value, or of the array of them
	kind       gluetype.Type // of one value
	inArray    bool          // whether the row may have several
}

// step is a step of the way that a contract describes a column in: properties[2] or items.
var step = regexp.MustCompile(`\.(items|properties\[\d+\]|map\.(?:key|value))`)

// place finds what a rule of a column is about. The way to a field does not name the elements
// of arrays; the place of the rule in the contract tells whether the rule is about them.
func (c *compiler) place() (place, bool) {
	column := c.table.Column(c.rule.Column)
	if column == nil {
		c.refuse("", fmt.Sprintf("the column %q", c.rule.Column), "a column of the table", "correct the name")
		return place{}, false
	}
	kind, err := gluetype.Parse(column.Type)
	if err != nil {
		c.refuse("", fmt.Sprintf("a column of type %q", column.Type), "a type of the catalog", "correct it")
		return place{}, false
	}
	elements := false
	if inside, below := strings.CutPrefix(c.rule.Path, column.Path); below {
		steps := step.FindAllStringSubmatch(inside, -1)
		elements = len(steps) > 0 && steps[len(steps)-1][1] == "items"
		if slices.ContainsFunc(steps, func(s []string) bool { return strings.HasPrefix(s[1], "map.") }) {
			c.refuse("", "a rule of the keys or values of a map", "a rule of a column or a field", "write the rule in SQL")
			return place{}, false
		}
	}
	var fields []string
	if c.rule.Field != "" {
		fields = strings.Split(c.rule.Field, ".")
	}
	at, ok := descend(merge.Quote(column.Name), kind, fields, elements, 1)
	if !ok {
		c.refuse("", fmt.Sprintf("the field %s of the column %s, of type %s", c.rule.Field, column.Name, column.Type), "a field of the column", "correct the type of the column, or the names of its properties")
	}
	return at, ok
}

// descend goes the way of fields through structs and the elements of arrays.
func descend(expression string, kind gluetype.Type, fields []string, elements bool, depth int) (place, bool) {
	switch {
	case kind.Name == "array" && len(kind.Fields) == 1 && (len(fields) > 0 || elements):
		each := fmt.Sprintf("e%d", depth)
		inner, ok := descend(each, kind.Fields[0].Type, fields, elements, depth+1)
		if inner.inArray {
			inner.expression = fmt.Sprintf("flatten(transform(%s, %s -> %s))", expression, each, inner.expression)
		} else if inner.expression == each {
			inner.expression = expression
		} else {
			inner.expression = fmt.Sprintf("transform(%s, %s -> %s)", expression, each, inner.expression)
		}
		inner.inArray = true
		return inner, ok
	case len(fields) == 0:
		return place{expression: expression, kind: kind}, true
	case kind.Name == "struct":
		i := slices.IndexFunc(kind.Fields, func(f gluetype.Field) bool { return strings.EqualFold(f.Name, fields[0]) })
		if i < 0 {
			return place{}, false
		}
		return descend(expression+"."+merge.Quote(kind.Fields[i].Name), kind.Fields[i].Type, fields[1:], elements, depth)
	}
	return place{}, false
}
