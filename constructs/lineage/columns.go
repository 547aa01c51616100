package lineage

import (
	"cmp"
	"maps"
	"slices"
)

// columns is a set of columns of tables.
type columns map[ColumnRef]bool

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
	return slices.SortedFunc(maps.Keys(c), func(a, b ColumnRef) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Column, b.Column))
	})
}
