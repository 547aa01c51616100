package access

import (
	"maps"
	"slices"
	"strings"

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

// hold returns what the grant's principal has on a row's object, made on first use.
func (e *evaluation) hold(g lakeformation.Grant, row Row) *holding {
	key := strings.Join([]string{g.Principal, string(row.Kind), row.Database, row.Table, row.Object}, "\x00")
	if e.holdings[key] == nil {
		row.Principal, row.Account, row.Region = g.Principal, e.Account, e.Region
		e.holdings[key] = &holding{Row: row, rights: map[lakeformation.Permission]bool{}, columns: map[string]*columnHolding{}}
	}
	return e.holdings[key]
}

func (e *evaluation) databaseRow(d Database) Row {
	return e.tags.database(d.Name).row(Row{Kind: OnDatabase, Database: d.Name, Object: d.Target})
}

func (e *evaluation) tableRow(t Table) Row {
	return e.tags.table(t.Database, t.Name).row(Row{Kind: OnTable, Database: t.Database, Table: t.Name, Object: t.Target})
}

// row fills in the domain, zone and product that the tags say.
func (t tagSet) row(r Row) Row {
	r.Domain, r.Zone, r.Product = t.value(ontology.TagKeyDomain), t.value(ontology.TagKeyZone), t.value(ontology.TagKeyProduct)
	return r
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
