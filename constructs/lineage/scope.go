package lineage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/antlr4-go/antlr/v4"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// relation is what a query or a part of FROM gives: its columns.
type relation struct {
	fields []field
	open   []*open // further columns that nobody knows the names of
	rows   columns // column rows of each table that its rows are of
}

// field is a column of a relation.
type field struct {
	of   *alias // what it can be qualified with; nil for nothing
	name string // "" for one that cannot be named
	from columns
}

// open are columns of a relation whose names nobody knows: those of a table with an
// unknown schema, or the fields that a value is made of.
type open struct {
	of    *alias
	table *tableUse // that they are columns of; nil for those of a value
	from  columns   // that the value is made of
}

// all is every column that an open part may be made of.
func (o *open) all() columns {
	if o.table != nil {
		return columns{{o.table.name, "*"}: true}
	}
	return o.from
}

// alias is what a relation is called.
type alias struct {
	parts []string  // its alias, or the parts of its table's name
	table *tableUse // that it is, with hidden columns; nil for one that is made
}

// is reports whether a qualifier means the relation: the end of its name.
func (a *alias) is(qualifier []string) bool {
	if a == nil || len(qualifier) == 0 || len(qualifier) > len(a.parts) {
		return false
	}
	if slices.Equal(a.parts[len(a.parts)-len(qualifier):], qualifier) {
		return true
	}
	// {product.table} is called table too, as its place is taken by such a name.
	last := a.parts[len(a.parts)-1]
	return strings.HasPrefix(last, "{") && len(qualifier) == 1 && strings.HasSuffix(last, "."+qualifier[0]+"}")
}

// renamed is the relation under another name, as that of a subquery.
func (r relation) renamed(of *alias) relation {
	out := relation{rows: r.rows}
	for _, f := range r.fields {
		out.fields = append(out.fields, field{of, f.name, f.from})
	}
	for _, o := range r.open {
		out.open = append(out.open, &open{of, o.table, o.from})
	}
	return out
}

// joined is one relation beside another.
func (r relation) joined(other relation) relation {
	return relation{slices.Concat(r.fields, other.fields), slices.Concat(r.open, other.open), union(r.rows, other.rows)}
}

// everything is all that any column may be made of.
func (r relation) everything() columns {
	out := columns{}
	for _, f := range r.fields {
		out = union(out, f.from)
	}
	for _, o := range r.open {
		out = union(out, o.all())
	}
	return out
}

// scope is what names mean in a place of a query.
type scope struct {
	relation

	parent  *scope             // of the query around, nil at the top
	queries *namedQueries      // what WITH has named
	windows map[string]columns // what WINDOW has named
}

// namedQueries is what WITH names, the innermost first.
type namedQueries struct {
	name   string
	is     relation
	parent *namedQueries
}

func (n *namedQueries) find(name string) (relation, bool) {
	for ; n != nil; n = n.parent {
		if n.name == name {
			return n.is, true
		}
	}
	return relation{}, false
}

func (s *scope) named() *namedQueries {
	if s == nil {
		return nil
	}
	return s.queries
}

// analysis is one resolution of a query.
type analysis struct {
	schema     func(string) ([]string, bool)
	references references
	tables     map[string]*tableUse
	filters    columns
	problems   problem.List
}

func (a *analysis) refuse(t antlr.Token, got, expected, fix string) {
	a.problems.Add(*at(t, got, expected, fix))
}

// mark notes that columns are read at a word of the query.
func (a *analysis) mark(read columns, t antlr.Token) columns {
	p := position{t.GetLine(), t.GetColumn() + 1}
	for c := range read {
		if use := a.tables[c.Table]; use != nil && c.Column != rows {
			use.mark(c.Column, p)
		}
	}
	return read
}

// column is what a chain of names means: a column, with or without its table before it
// and fields of its value behind it. Like Trino it tries the longest qualifier first, and
// the query around only when no part of the chain means anything here.
func (a *analysis) column(names []string, s *scope, t antlr.Token) columns {
	var guesses []*open // what the column could be from, where nobody knows
	for start := s; ; s = s.parent {
		if s == nil {
			if len(guesses) == 0 {
				a.refuseColumn(names, start, t)
			}
			break
		}
		if from, found := a.columnIn(names, s, t); found {
			if len(guesses) == 0 {
				return a.mark(from, t)
			}
			return a.mark(union(from, a.guess(guesses)), t)
		}
		if from, found := s.hidden(names); found {
			return a.mark(from, t)
		}
		if len(names) > 1 && s.has(names[:len(names)-1]) {
			a.refuseColumn(names, s, t)
			return columns{}
		}
		guesses = append(guesses, s.open...)
	}
	if len(guesses) == 1 {
		return a.mark(guesses[0].column(names[0]), t)
	}
	return a.mark(a.guess(guesses), t)
}

// guess is all that a column may be made of when it is of one of several relations.
func (a *analysis) guess(guesses []*open) columns {
	out := columns{}
	for _, o := range guesses {
		out = union(out, o.all())
	}
	return out
}

// column is what a column of an open relation is made of.
func (o *open) column(name string) columns {
	if o.table != nil {
		return columns{{o.table.name, name}: true}
	}
	return o.from
}

// columnIn finds a chain of names in one scope, without the queries around.
func (a *analysis) columnIn(names []string, s *scope, t antlr.Token) (columns, bool) {
	for n := len(names); n > 0; n-- {
		qualifier, name := names[:n-1], names[n-1]
		var found []field
		for _, f := range s.fields {
			if f.name == name && (len(qualifier) == 0 || f.of.is(qualifier)) {
				found = append(found, f)
			}
		}
		if len(found) > 1 {
			a.refuse(t, spell(names)+", which several tables have", "one column", "write the table before it, such as "+offer(found, name))
			return union(found[0].from), true
		}
		if len(found) == 1 {
			return found[0].from, true
		}
		if len(qualifier) == 0 {
			continue
		}
		for _, o := range s.open {
			if o.of.is(qualifier) {
				return o.column(name), true
			}
		}
	}
	return nil, false
}

func offer(found []field, name string) string {
	for _, f := range found {
		if f.of != nil {
			return f.of.parts[len(f.of.parts)-1] + "." + name
		}
	}
	return "t." + name
}

// hiddenColumns are those that every table of Athena has and * does not give.
var hiddenColumns = []string{"$path", "$file_modified_time", "$file_size", "$partition", "$bucket"}

// hidden finds a hidden column of a table.
func (s *scope) hidden(names []string) (columns, bool) {
	name := names[len(names)-1]
	if !slices.Contains(hiddenColumns, name) {
		return nil, false
	}
	out := columns{}
	for _, of := range s.aliases() {
		if of.table != nil && (len(names) == 1 || of.is(names[:len(names)-1])) {
			out[ColumnRef{of.table.name, name}] = true
		}
	}
	return out, len(out) > 0
}

// has reports whether a relation of the scope is called so, or a longer chain begins so.
func (s *scope) has(names []string) bool {
	for n := len(names); n > 0; n-- {
		if slices.ContainsFunc(s.aliases(), func(of *alias) bool { return of.is(names[:n]) }) {
			return true
		}
	}
	return false
}

// aliases are the relations of the scope, each once.
func (s *scope) aliases() []*alias {
	var out []*alias
	add := func(of *alias) {
		if of != nil && !slices.Contains(out, of) {
			out = append(out, of)
		}
	}
	for _, f := range s.fields {
		add(f.of)
	}
	for _, o := range s.open {
		add(o.of)
	}
	return out
}

func (a *analysis) refuseColumn(names []string, s *scope, t antlr.Token) {
	var known []string
	for at := s; at != nil; at = at.parent {
		for _, f := range at.fields {
			if f.name != "" && !slices.Contains(known, f.name) && (len(names) == 1 || f.of.is(names[:1])) {
				known = append(known, f.name)
			}
		}
	}
	if len(known) == 0 {
		a.refuse(t, spell(names), "a column of a table that stands in FROM", "name the table in FROM, or write a text in single quotes")
		return
	}
	const most = 12
	shown := strings.Join(known[:min(most, len(known))], ", ")
	if len(known) > most {
		shown = fmt.Sprintf("%s and %d more", shown, len(known)-most)
	}
	of := "a column of the tables in FROM"
	if len(names) > 1 {
		of = "a column of " + names[0]
	}
	a.refuse(t, spell(names), of+": "+shown, problem.DidYouMean(names[min(1, len(names)-1)], known, "take one of them, or write the table before it; a text stands in single quotes"))
}

func spell(names []string) string { return strings.Join(names, ".") }
