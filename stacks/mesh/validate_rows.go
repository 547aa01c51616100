package mesh

import (
	"errors"
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
)

// rows checks the condition of a subscription by itself and, where the product
// is known, against the columns of every table that the subscription shows.
func (c *checker) rows(i int, s Subscription, k *contract.Contract) {
	condition := s.condition()
	if condition == "" {
		return
	}
	path := at("subscriptions", i, "rows")
	expression, err := rowfilter.Parse(condition)
	if err != nil {
		var e *rowfilter.Error
		if errors.As(err, &e) {
			c.addf(path, fmt.Sprintf("%s at character %d", e.Got, e.Offset+1), e.Expected, e.Fix)
		}
		return
	}
	if k == nil {
		return
	}
	for _, t := range k.Tables {
		if t.View != nil || len(c.d.shows(s, k, t)) == 0 {
			continue
		}
		for _, e := range expression.Check(filterColumns(t)) {
			c.addf(c.rowsPath(i, expression, e), fmt.Sprintf("%s (table %s)", e.Got, t.Name), e.Expected, e.Fix)
		}
	}
}

// rowsPath is where a finding in the rows of a subscription stands: at the column,
// where the file gives them as a mapping.
func (c *checker) rowsPath(i int, expression *rowfilter.Expression, e *rowfilter.Error) string {
	for _, p := range expression.Predicates {
		if path := at("subscriptions", i, "rows", p.Column); p.Offset == e.Offset && c.d.source.inMesh(path) {
			return path
		}
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
