package access

import (
	"maps"
	"slices"
	"strconv"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// holding is what a principal has on one object.
type holding struct {
	principal string
	on        *Row // what it is about, without a principal; holdings of others share that of a table
	rights    []Right
	reads     []columnRead
}

// columnRead is SELECT on some columns in the rows of a condition; "" is every row.
type columnRead struct {
	of        *columnSet
	rows      string
	grantable bool
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
		on := slices.Contains(grantable, p)
		i := slices.IndexFunc(h.rights, func(r Right) bool { return r.Permission == p })
		if i < 0 {
			h.rights = append(h.rights, Right{p, on})
		} else {
			h.rights[i].Grantable = h.rights[i].Grantable || on
		}
	}
}

// has reports whether a permission is held.
func (h *holding) has(p lakeformation.Permission) bool {
	return slices.ContainsFunc(h.rights, func(r Right) bool { return r.Permission == p })
}

// sorted are the rights in the order of lakeformation.Permissions.
func (h *holding) sorted() []Right {
	if len(h.rights) < 2 {
		return h.rights
	}
	permissions := make([]lakeformation.Permission, len(h.rights))
	for i, r := range h.rights {
		permissions[i] = r.Permission
	}
	order := lakeformation.SortPermissions(permissions)
	slices.SortFunc(h.rights, func(a, b Right) int { return slices.Index(order, a.Permission) - slices.Index(order, b.Permission) })
	return h.rights
}

// read adds SELECT, if it is among the permissions, on some columns in the rows of a
// condition; "" is every row.
func (h *holding) read(permissions, grantable []lakeformation.Permission, columns *columnSet, condition string) {
	if !slices.Contains(permissions, lakeformation.Select) {
		return
	}
	h.give([]lakeformation.Permission{lakeformation.Select}, grantable)
	if r := (columnRead{columns, condition, slices.Contains(grantable, lakeformation.Select)}); columns != nil && !slices.Contains(h.reads, r) {
		h.reads = append(h.reads, r)
	}
}

// columns are what may be read of each column, by name.
func (h *holding) columns() map[string]*columnHolding {
	out := map[string]*columnHolding{}
	for _, r := range h.reads {
		for _, name := range r.of.names {
			c := out[name]
			if c == nil {
				c = &columnHolding{}
				out[name] = c
			}
			c.everyRow = c.everyRow || r.rows == ""
			c.conditions = append(c.conditions, r.rows)
			c.grantable = c.grantable || r.grantable
		}
	}
	return out
}

// shows returns which columns of a table may be read, and how many of each level. Holdings
// that read the same share the answer, which nobody changes.
func (f *finder) shows(h *holding, table []columnTags) ([]ColumnAccess, []Level) {
	key := append(make([]byte, 0, 128), joinKey(h.on.Database, h.on.Table)...)
	for _, r := range h.reads {
		key = strconv.AppendInt(append(key, 0), int64(r.of.number), 10)
		key = strconv.AppendBool(append(key, ' '), r.grantable)
		key = append(append(key, ' '), r.rows...)
	}
	out, known := f.seen[string(key)]
	if !known {
		out.columns, out.levels = h.columnsOf(table)
		f.seen[string(key)] = out
	}
	return out.columns, out.levels
}

// columnsOf returns which columns of a table may be read, and how many of each level.
func (h *holding) columnsOf(table []columnTags) (columns []ColumnAccess, levels []Level) {
	seen, total := map[ontology.Sensitivity]int{}, map[ontology.Sensitivity]int{}
	read := h.columns()
	for _, c := range table {
		level := c.tags.sensitivity()
		total[level]++
		held := read[c.Name]
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
