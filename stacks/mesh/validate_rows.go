package mesh

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
)

// rows checks the condition of a subscription by itself and, where the product
// is known, against the columns of every table that the subscription shows.
func (c *checker) rows(i int, s Subscription, k *contract.Contract) {
	if s.Rows == "" {
		return
	}
	path := at("subscriptions", i, "rows")
	expression, err := rowfilter.Parse(strings.TrimSpace(s.Rows))
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
	producer, product := s.producer()
	for _, t := range k.Tables {
		if len(c.d.shownColumns(producer, k, t, s.wanted(), c.d.subscribedTags(s))) == 0 {
			continue
		}
		if t.View != nil {
			c.addf(path, "a row filter on the view "+t.Name, "tables only, as Lake Formation filters no views (rule 4.3)",
				"put the condition into the view's SQL, or give the view to a product of its own")
			continue
		}
		for _, e := range expression.Check(filterColumns(t)) {
			c.addf(path, fmt.Sprintf("%s (table %s)", e.Got, t.Name), e.Expected, e.Fix)
		}
		if f := (lf.Filter{}).Named(filterPrefix(s.Consumer, product)); len(f.Name) > maxFilter {
			c.addf(path, fmt.Sprintf("the filter name %q, which has %d characters", f.Name, len(f.Name)), atMost(maxFilter, "characters"), "shorten the name of the product")
		}
	}
}

// filterColumns are a table's columns as a row filter sees them.
func filterColumns(t contract.Table) []rowfilter.Column {
	out := make([]rowfilter.Column, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = rowfilter.Column{Name: c.Name, Type: c.Type, Partition: c.Partition > 0}
	}
	return out
}
