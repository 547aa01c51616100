package lineage

import (
	"cmp"
	"maps"
	"slices"
)

// columns is a set of columns of tables. Column rows is the rows of a table as such, which
// become column * in the end: they read no column.
type columns map[ColumnRef]bool

const rows = ""

// union is all columns of some sets, in a set of its own.
func union(sets ...columns) columns {
	out := columns{}
	for _, s := range sets {
		maps.Copy(out, s)
	}
	return out
}

// sorted is the set as a list, by table and column.
func (c columns) sorted() []ColumnRef {
	out := columns{}
	for ref := range c {
		if ref.Column == rows {
			ref.Column = "*"
		}
		out[ref] = true
	}
	return slices.SortedFunc(maps.Keys(out), func(a, b ColumnRef) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Column, b.Column))
	})
}
