package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// subscriptionChecker checks who asks to see what.
type subscriptionChecker struct {
	*checker

	subscriptions []Subscription
	products      products
	contracts     map[productName]*contract.Contract
	ontologies    *ontologies
}

// checkColumns checks the columns that a subscription lists or excepts: they narrow
// what its levels show, and never widen it.
func (c *subscriptionChecker) checkColumns(i int, s Subscription, k *contract.Contract) {
	if len(s.Columns) > 0 && len(s.Except) > 0 {
		c.addf(at("subscriptions", i, "except"), "columns that are listed and columns that are excepted", "one of the two", "take except out: what columns does not list is not shown")
	}
	for _, list := range []struct {
		key   string
		names []string
	}{{"columns", s.Columns}, {"except", s.Except}} {
		for j, name := range list.names {
			path := at("subscriptions", i, list.key, j)
			if slices.Contains(list.names[:j], name) {
				c.addf(path, quote(name)+" again", "each column once", "take it out")
				continue
			}
			if k != nil {
				c.checkColumn(path, s, k, name)
			}
		}
	}
	if k != nil && len(s.Except) > 0 && len(s.Columns) == 0 && c.ontologies.showsNothing(s, k) {
		c.addf(at("subscriptions", i, "except"), "every column that "+strings.Join(words(s.wanted()), ", ")+" shows", "columns that are left", "leave one, or take the subscription out")
	}
}

// checkColumn refuses a column that no table has, or that the levels of the
// subscription hide in each.
func (c *subscriptionChecker) checkColumn(path string, s Subscription, k *contract.Contract, name string) {
	var known []string
	hidden := ""
	for _, t := range k.Tables {
		for _, column := range t.Columns {
			switch {
			case column.Name != name:
				known = append(known, column.Name)
			case slices.Contains(c.ontologies.taggedColumns(s, k, t), name) || misclassified(column):
				return
			case slices.Contains(s.wanted(), column.Level()):
				hidden = "hidden by tags"
			default:
				hidden = string(column.Level())
			}
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	if hidden != "" {
		c.addf(path, fmt.Sprintf("%q, which is %s", name, hidden), "a column that the levels "+strings.Join(words(s.wanted()), ", ")+" and the tags show", "take it out: it is hidden already, and columns show no more than levels and tags do")
		return
	}
	c.addf(path, fmt.Sprintf("%s, which is no column of %s", quote(name), s.Product), oneOf(known), "name a column of the product"+suggest(name, known))
}

func (o *ontologies) showsNothing(s Subscription, k *contract.Contract) bool {
	tagged := slices.ContainsFunc(k.Tables, func(t contract.Table) bool { return len(o.taggedColumns(s, k, t)) > 0 })
	return tagged && !slices.ContainsFunc(k.Tables, func(t contract.Table) bool { return len(o.columnsFor(s, k, t)) > 0 })
}

// checkFilters checks that each table that a subscription shows can have its data
// cells filter.
func (c *subscriptionChecker) checkFilters(i int, s Subscription, k *contract.Contract) {
	var path, filter, limit string
	switch {
	case !s.Rows.IsZero() && !s.isBlank():
		path, filter, limit = at("subscriptions", i, "rows"), "a row filter", "condition"
	case len(s.Columns) > 0:
		path, filter, limit = at("subscriptions", i, "columns"), "a column filter", "columns"
	case len(s.Except) > 0:
		path, filter, limit = at("subscriptions", i, "except"), "a column filter", "columns"
	default:
		return
	}
	_, product := s.producer()
	for _, t := range k.Tables {
		if len(c.ontologies.columnsFor(s, k, t)) == 0 {
			continue
		}
		if t.View != nil {
			c.addf(path, filter+" on the view "+t.Name, "tables only, as Lake Formation filters no views",
				"make the view a table by a query (sql of a table), which takes the "+limit)
			continue
		}
		if f := (lf.DataCellsFilter{}).Named(filterPrefix(s.Consumer, product)); len(f.Name) > maxFilter {
			c.addf(path, fmt.Sprintf("the filter name %q, which has %d characters", f.Name, len(f.Name)), atMost(maxFilter, "characters"), "shorten the name of the product")
		}
	}
}

// taggedColumns are the columns of a table that the levels and tags of a
// subscription show, sorted.
func (o *ontologies) taggedColumns(s Subscription, k *contract.Contract, t contract.Table) []string {
	producer, _ := s.producer()
	return o.shownColumns(producer, k, t, s.wanted(), o.subscribedTags(s))
}

// columnsFor are the columns of a table that a subscription shows, sorted.
func (o *ontologies) columnsFor(s Subscription, k *contract.Contract, t contract.Table) []string {
	return narrowed(o.taggedColumns(s, k, t), s.Columns, s.Except)
}

// narrowed are the columns that are among the listed, where any are, and not
// among the excepted.
func narrowed(columns, listed, except []string) []string {
	return slices.DeleteFunc(slices.Clone(columns), func(name string) bool {
		return slices.Contains(except, name) || len(listed) > 0 && !slices.Contains(listed, name)
	})
}

// checkTags checks what a subscription narrows to.
func (c *subscriptionChecker) checkTags(i int, s Subscription, k *contract.Contract) {
	path := at("subscriptions", i, "tags")
	if len(s.Tags) > maxNarrowing {
		c.addf(path, fmt.Sprintf("%d keys", len(s.Tags)), atMost(maxNarrowing, "keys, as an LF-Tag policy has 5 conditions and 2 are taken by product and sensitivity"), "keep the keys that decide")
	}
	if k == nil || len(s.Tags) == 0 {
		return
	}
	domain, _ := s.producer()
	known := c.ontologies.of(domain)
	keys := slices.Sorted(maps.Keys(known))
	sound := len(s.Tags) <= maxNarrowing
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		here := problem.Key(path, key)
		v, found := known[key]
		if !found {
			c.addf(here, quote(key), "a key of the ontology of the mesh or of domain "+domain+": "+oneOf(keys), "correct the key"+suggest(key, keys))
			sound = false
			continue
		}
		sound = c.checkTagValues(here, v, s.Tags[key]) && sound
	}
	if sound && !c.showsAny(s, k) {
		c.addf(path, "values that no column of "+s.Product+" has, or none of the levels that are asked for", "tags that some columns of the product have", "ask for values that the contract gives in lfTags")
	}
}

// checkTagValues checks the values that a subscription lists for one key.
func (c *subscriptionChecker) checkTagValues(path string, v vocabulary, values []string) bool {
	if len(values) == 0 {
		c.addf(path, "no value", oneOf(v.values), "list the values whose columns are shown, or take the key out")
		return false
	}
	ok := true
	for j, value := range values {
		switch {
		case !slices.Contains(v.values, value):
			c.addf(path+at(j), quote(value), oneOf(v.values), "choose a value of the ontology"+suggest(value, v.values))
			ok = false
		case slices.Contains(values[:j], value):
			c.addf(path+at(j), quote(value)+" again", "each value once", "take it out")
			ok = false
		}
	}
	return ok
}

// showsAny reports whether a subscription shows any column of its product.
func (c *subscriptionChecker) showsAny(s Subscription, k *contract.Contract) bool {
	domain, _ := s.producer()
	tags := c.ontologies.subscribedTags(s)
	return slices.ContainsFunc(k.Tables, func(t contract.Table) bool {
		return len(c.ontologies.shownColumns(domain, k, t, s.wanted(), tags)) > 0
	})
}
