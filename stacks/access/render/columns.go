package render

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// column is a column of the table that people read.
type column struct {
	heading string
	cell    func(names, line) string
	byZone  bool                  // the cell differs between zones that share a line
	only    func(access.Row) bool // reports whether a row needs the column; nil is every row
	code    func(access.Row) bool // reports whether Markdown shows the cell as code
}

// everyColumn are the columns of the table, from left to right.
var everyColumn = []column{
	{heading: "Principal", cell: func(n names, l line) string { return n.principals[l.Principal] }},
	{heading: "Product", cell: func(_ names, l line) string { return productOf(l.Row) }},
	{heading: "Table", cell: names.object, byZone: true},
	{heading: "Columns seen", cell: func(_ names, l line) string { return columnsSeen(l.Row) }},
	{heading: "Rows", cell: func(_ names, l line) string { return rowsSeen(l.Row) }, code: hasOneCondition},
	{heading: "Rights", cell: func(_ names, l line) string { return rights(l.Row) }},
	{heading: "Subscription", cell: func(n names, l line) string { return n.subscriptions(l.Row) }, only: func(r access.Row) bool { return len(r.Subscriptions) > 0 }},
}

// columnsOf are the columns that have something to say of a matrix.
func columnsOf(m *access.Matrix) []column {
	return slices.DeleteFunc(slices.Clone(everyColumn), func(c column) bool { return c.only != nil && !slices.ContainsFunc(m.Rows, c.only) })
}

func headings(columns []column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.heading
	}
	return out
}

// line is a row, or several that say the same of several zones, as people read it.
type line struct {
	access.Row
	zones []string // of databases and locations that are named by their zone
	cells []string // one for each of the columns
}

// object names what a line is about: by its short name where that is clear beside the
// product, else in full.
func (n names) object(l line) string {
	switch {
	case len(l.zones) > 1:
		return strings.Join(l.zones, ", ") + " " + string(l.Kind) + "s"
	case n.hasShortName(l.Row):
		return shortName(l.Row)
	}
	return l.Name()
}
