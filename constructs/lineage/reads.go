package lineage

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Reads is what a query reads.
type Reads struct {
	// Tables are those that the query names, sorted by name, each once. What WITH names
	// is none.
	Tables []TableRead
	// Output are the columns of the result, in their order. A name may occur twice, as in
	// SQL. Where * stands for columns of a table with an unknown schema, one called * is
	// in their place.
	Output []OutputColumn
	// Filters are the columns that decide which rows are in the result and how they are
	// grouped and ordered: those of WHERE, JOIN, GROUP BY, HAVING, ORDER BY, and of what
	// INTERSECT and EXCEPT compare, in the query and in all that it selects from. Sorted.
	Filters []ColumnRef
}

// TableRead is a table that a query reads.
type TableRead struct {
	// Name is the table as the query names it: a reference with its braces, such as
	// {clinical.patient}, else the parts of the name in lower case with dots between them,
	// in quotes where they hold more than letters, digits and _.
	Name string
	// Columns are those that are read, sorted, in lower case; all of them where the query
	// takes *. None is read where rows are only counted.
	Columns []string
	// Whole is that a table with an unknown schema is read beyond Columns: by *, or because
	// nobody knows of which of several tables a column is.
	Whole bool
	// Line and Column, from 1, are where the query names the table first.
	Line, Column int

	places map[string]position
}

// Place is where the query reads a column of the table first, as line and column from 1.
// For one that it does not read it is where it names the table.
func (t TableRead) Place(column string) (line, col int) {
	if p, known := t.places[column]; known {
		return p.line, p.column
	}
	return t.Line, t.Column
}

// OutputColumn is a column of a query's result.
type OutputColumn struct {
	Name string // in lower case; _col0 and so on for one without a name, as Trino calls it
	// From is what its value is made of, sorted: by conditions, windows and subqueries too.
	// It is empty for a constant.
	From []ColumnRef
}

// ColumnRef is a column of a table. Column * is one that nobody knows, or the rows as
// such: count(*) is made of column * of each table whose rows it counts.
type ColumnRef struct {
	Table  string // as in TableRead.Name
	Column string // in lower case
}

// String is the column as table.column.
func (c ColumnRef) String() string { return c.Table + "." + c.Column }

// Table is what the query reads of a table, and whether it reads it.
func (r *Reads) Table(name string) (TableRead, bool) {
	i := slices.IndexFunc(r.Tables, func(t TableRead) bool { return t.Name == name })
	if i < 0 {
		return TableRead{}, false
	}
	return r.Tables[i], true
}

// Resolve looks up what the names in the query mean. The schema function gets the name
// of a table, as TableRead has it, and returns its columns, in the order in which * gives
// them; known is false for a table whose columns nobody knows.
//
// The problems have Line and Column from 1 and the place in Path. With a problem Reads
// is what could be made out, and not all that the query reads.
func (q *Query) Resolve(schema func(table string) (columns []string, known bool)) (*Reads, problem.List) {
	a := &analysis{schema: schema, references: q.references, tables: map[string]*tableUse{}, filters: columns{}}
	out := a.query(q.tree, nil, nil)
	reads := &Reads{Filters: a.filters.sorted()}
	for i, f := range out.fields {
		name := f.name
		if name == "" {
			name = fmt.Sprintf("_col%d", i)
		}
		reads.Output = append(reads.Output, OutputColumn{name, f.from.sorted()})
	}
	for _, r := range out.open {
		reads.Output = append(reads.Output, OutputColumn{"*", r.all().sorted()})
	}
	for _, name := range slices.Sorted(maps.Keys(a.tables)) {
		reads.Tables = append(reads.Tables, a.tables[name].read())
	}
	return reads, a.problems.Sorted()
}

// position is a place in a query, from 1.
type position struct{ line, column int }

func (p position) before(q position) bool {
	return cmp.Or(cmp.Compare(p.line, q.line), cmp.Compare(p.column, q.column)) < 0
}

// tableUse is what is read of a table.
type tableUse struct {
	name   string
	schema []string // its columns, where known
	known  bool
	whole  bool
	first  position
	places map[string]position // of the columns that are read
}

func (t *tableUse) read() TableRead {
	return TableRead{
		Name: t.name, Columns: slices.Sorted(maps.Keys(t.places)), Whole: t.whole,
		Line: t.first.line, Column: t.first.column, places: t.places,
	}
}

// mark notes that a column is read, * for all of them.
func (t *tableUse) mark(column string, p position) {
	names := []string{column}
	if column == "*" {
		t.whole = true
		names = t.schema
	}
	for _, name := range names {
		if known, read := t.places[name]; !read || p.before(known) {
			t.places[name] = p
		}
	}
}

// tableName spells the parts of a name, in quotes where they need them.
func tableName(parts []string) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		if out[i] = p; strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			out[i] = `"` + strings.ReplaceAll(p, `"`, `""`) + `"`
		}
	}
	return strings.Join(out, ".")
}
