package access

import (
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// holding is what a principal has on one object.
type holding struct {
	Row
	rights  map[lakeformation.Permission]bool // true is grantable
	columns map[string]*columnHolding         // by name
}

// columnHolding is what a principal may read of one column.
type columnHolding struct {
	everyRow   bool
	conditions []string // of rows, joined by OR
	grantable  bool
}

// give adds permissions on the object as a whole.
func (h *holding) give(permissions, grantable []lakeformation.Permission) {
	for _, p := range permissions {
		h.rights[p] = h.rights[p] || slices.Contains(grantable, p)
	}
}

// read adds SELECT, if it is among the permissions, on some columns in the rows of a
// condition; "" is every row.
func (h *holding) read(permissions, grantable []lakeformation.Permission, columns []string, condition string) {
	if !slices.Contains(permissions, lakeformation.Select) {
		return
	}
	h.give([]lakeformation.Permission{lakeformation.Select}, grantable)
	for _, name := range columns {
		c := h.columns[name]
		if c == nil {
			c = &columnHolding{}
			h.columns[name] = c
		}
		c.everyRow = c.everyRow || condition == ""
		c.conditions = append(c.conditions, condition)
		c.grantable = c.grantable || slices.Contains(grantable, lakeformation.Select)
	}
}

// columnsOf returns which columns of a table may be read, and how many of each level.
func (h *holding) columnsOf(table []columnTags) (columns []ColumnAccess, levels []Level) {
	seen, total := map[ontology.Sensitivity]int{}, map[ontology.Sensitivity]int{}
	for _, c := range table {
		level := c.tags.sensitivity()
		total[level]++
		held := h.columns[c.Name]
		if held == nil {
			continue
		}
		seen[level]++
		column := ColumnAccess{Name: c.Name, Type: c.Type, Sensitivity: level, Grantable: held.grantable}
		if !held.everyRow {
			column.Rows = distinct(held.conditions)
		}
		columns = append(columns, column)
	}
	for _, l := range slices.SortedFunc(maps.Keys(total), compareLevels) {
		levels = append(levels, Level{l, seen[l], total[l]})
	}
	return columns, levels
}
