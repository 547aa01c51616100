package mesh

import "strings"

// condition is the SQL condition that keeps rows; "" where the subscription has none.
func (s Subscription) condition() string {
	if s.Rows == nil {
		return ""
	}
	return strings.TrimSpace(*s.Rows)
}

// emptyLimits refuses limits of a subscription that are written and empty. Read as
// no limit they would show everything; read as a limit they would show nothing.
func (c *checker) emptyLimits(i int, s Subscription) {
	c.emptyList(at("subscriptions", i, "sensitivity"), s.Sensitivity, "at least one level", "name the levels that are shown, or take the key out to show public columns")
	c.emptyList(at("subscriptions", i, "columns"), s.Columns, "at least one column", "name the columns that are shown, or take the key out to show all columns of the levels")
	c.emptyList(at("subscriptions", i, "except"), s.Except, "at least one column", "name the columns that are hidden, or take the key out")
	if s.Rows != nil && s.condition() == "" {
		c.addf(at("subscriptions", i, "rows"), quote(*s.Rows), "a condition", "write which rows are shown, or take the key out to show every row")
	}
	if s.Tags != nil && len(s.Tags) == 0 {
		c.addf(at("subscriptions", i, "tags"), "an empty mapping", "at least one key of the ontology with its values", "name the values that are shown, or take the key out")
	}
}

// emptyList refuses a list that is written and empty.
func (c *checker) emptyList(path string, list []string, expected, fix string) {
	if list != nil && len(list) == 0 {
		c.addf(path, "an empty list", expected, fix)
	}
}
