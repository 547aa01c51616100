package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// rowsOfFile is the condition that a file gives in one of two shapes; none where a
// problem with it is reported already.
type rowsOfFile struct{ rowfilter.Condition }

// DecodeStrict accepts a text or a mapping.
func (r *rowsOfFile) DecodeStrict(n strictyaml.Node) {
	switch n.Kind() {
	case strictyaml.Mapping:
		r.Condition = readRows(n)
	case strictyaml.String:
		r.Condition = rowfilter.Raw(n.Text())
	default:
		n.Report(n.Describe(), "a condition such as study_id = 'NCT0456', or a mapping such as {study_id: NCT0456}", "write one of the two")
	}
}

// readRows joins the columns of a mapping by AND, in the order of their names, so
// that the order in the file changes no filter. It returns none and reports what is
// wrong with the mapping.
func readRows(n strictyaml.Node) rowfilter.Condition {
	var kept map[string]keptValues
	n.Decode(&kept)
	if len(kept) == 0 {
		n.Report("an empty mapping", "at least one column with the values that are kept", "add one, or leave rows out to show every row")
		return rowfilter.Condition{}
	}
	var all []rowfilter.Condition
	for _, column := range slices.Sorted(maps.Keys(kept)) {
		if kept[column].broken {
			continue
		}
		c := kept[column].condition(column)
		found := c.Check(problem.Key(n.Path(), column))
		for _, p := range found {
			n.ReportAt(p.Path, p.Got, p.Expected, p.Fix)
		}
		if len(found) == 0 {
			all = append(all, c)
		}
	}
	if len(all) < len(kept) {
		return rowfilter.Condition{}
	}
	whole := rowfilter.And(all...)
	for _, p := range whole.Check(n.Path()) {
		n.Report(p.Got, p.Expected, p.Fix)
		return rowfilter.Condition{}
	}
	return whole
}

// keptValues are the values of a column whose rows are kept; the zero value is
// null.
type keptValues struct {
	values []keptValue
	list   bool
	broken bool // a problem is reported already
}

// DecodeStrict accepts a value or a list of values.
func (k *keptValues) DecodeStrict(n strictyaml.Node) {
	switch n.Kind() {
	case strictyaml.Mapping:
		n.Report(n.Describe(), "a value, a list of values or null", "write the values that are kept; write any other condition as a text")
		k.broken = true
	case strictyaml.Sequence:
		k.list = true
		n.Decode(&k.values)
		if len(k.values) == 0 {
			n.Report("an empty list", "at least one value", "add one, or take the column out")
			k.broken = true
		}
	default:
		k.values = make([]keptValue, 1)
		n.Decode(&k.values[0])
	}
	for _, v := range k.values {
		k.broken = k.broken || v.Type == rowfilter.Unsupported
	}
}

func (k keptValues) condition(column string) rowfilter.Condition {
	values := make([]rowfilter.Value, len(k.values))
	for i, v := range k.values {
		values[i] = v.Value
	}
	switch {
	case k.list:
		return rowfilter.In(column, values...)
	case len(values) == 1:
		return rowfilter.Equals(column, values[0])
	}
	return rowfilter.IsNull(column)
}

// keptValue is a constant.
type keptValue struct{ rowfilter.Value }

// DecodeStrict accepts text, numbers and booleans. A number that YAML reads
// otherwise than it is spelled, such as 0456, is refused: it may be meant as text.
func (v *keptValue) DecodeStrict(n strictyaml.Node) {
	switch n.Kind() {
	case strictyaml.String:
		v.Value = rowfilter.Value{Type: rowfilter.Text, Text: n.Text()}
	case strictyaml.Bool:
		v.Value = rowfilter.Value{Type: rowfilter.Boolean, Text: strings.ToUpper(n.Text())}
	case strictyaml.Integer, strictyaml.Float:
		number := rowfilter.Decimal(n.Text())
		digits := strings.TrimPrefix(n.Text(), "-")
		if len(rowfilter.Equals("column", number).Check("")) > 0 || len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
			n.Report(n.Text(), "a number such as 42 or -1.5", "write it so, or in quotes where it is text")
			return
		}
		v.Value = number
	default:
		n.Report(n.Describe(), "text, a number or a boolean", "write one value")
	}
}

// checkRows checks the condition of a subscription by itself and against the columns of
// the tables that the subscription shows.
func (c *findings) checkRows(i int, rows rowfilter.Condition, tables []contract.Table) {
	path := at("subscriptions", i, "rows")
	if found := rows.Check(path); len(found) > 0 {
		c.list = append(c.list, found...)
		return
	}
	for _, t := range tables {
		for _, predicate := range rows.Predicates() {
			if e := predicate.Check(filterColumns(t)); e != nil {
				c.addf(c.rowsPath(i, predicate.Column), fmt.Sprintf("%s (table %s)", e.Got, t.Name), e.Expected, e.Fix)
			}
		}
	}
}

// rowsPath is where the condition on a column stands: at the column, where the file gives
// the rows as a mapping.
func (c *findings) rowsPath(i int, column string) string {
	if path := at("subscriptions", i, "rows", column); c.source.inMesh(path) {
		return path
	}
	return at("subscriptions", i, "rows")
}

// filterColumns are a table's columns as a row filter sees them.
func filterColumns(t contract.Table) []rowfilter.Column {
	out := make([]rowfilter.Column, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = rowfilter.Column{Name: c.Name, Type: c.Type, Partition: c.Partition > 0}
	}
	return out
}
