package lineage

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/antlr4-go/antlr/v4"
	parser "github.com/bytebase/parser/trino"
)

// query is what a query with its WITH gives. The outer scope is that of the query around,
// the named queries are those that hold before its WITH.
func (a *analysis) query(q parser.IQueryContext, outer *scope, named *namedQueries) relation {
	if with := q.With(); with != nil {
		for _, n := range with.AllNamedQuery() {
			named = a.namedQuery(n, with.RECURSIVE_() != nil, outer, named)
		}
	}
	return a.queryNoWith(q.QueryNoWith(), outer, named)
}

func (a *analysis) namedQuery(n parser.INamedQueryContext, recursive bool, outer *scope, named *namedQueries) *namedQueries {
	name, list := a.name(n.GetName()), a.aliases(n.ColumnAliases())
	made := func(r relation) *namedQueries {
		return &namedQueries{name, a.columnNames(r.renamed(nil), list, n.GetStart()), named}
	}
	if recursive {
		if anchor, step, ok := recursion(n.Query()); ok {
			return a.recursive(n.Query(), anchor, step, outer, named, made)
		}
	}
	return made(a.query(n.Query(), outer, named))
}

// recursion are the two parts of a query that may read itself: what it begins with, and
// what is added to it again and again.
func recursion(q parser.IQueryContext) (anchor, step parser.IQueryTermContext, ok bool) {
	set, ok := q.QueryNoWith().QueryTerm().(*parser.SetOperationContext)
	if !ok || set.UNION_() == nil {
		return nil, nil, false
	}
	return set.GetLeft(), set.GetRight(), true
}

// recursive reads a query that reads itself until nothing is added to what its columns
// are made of.
func (a *analysis) recursive(q parser.IQueryContext, anchor, step parser.IQueryTermContext, outer *scope, named *namedQueries, made func(relation) *namedQueries) *namedQueries {
	if with := q.With(); with != nil {
		for _, n := range with.AllNamedQuery() {
			named = a.namedQuery(n, with.RECURSIVE_() != nil, outer, named)
		}
	}
	first, _ := a.term(anchor, outer, named)
	for all := first; ; {
		self := made(all)
		self.parent = named
		next, _ := a.term(step, outer, self)
		before := size(all)
		if all = a.unite(all, next, step.GetStart()); size(all) == before {
			return made(all)
		}
	}
}

func size(r relation) int {
	n := 0
	for _, f := range r.fields {
		n += len(f.from)
	}
	return n + len(r.open)
}

func (a *analysis) queryNoWith(q parser.IQueryNoWithContext, outer *scope, named *namedQueries) relation {
	out, inner := a.term(q.QueryTerm(), outer, named)
	if items := q.AllSortItem(); len(items) > 0 {
		s := &scope{relation: out, parent: inner, queries: named}
		if inner == nil {
			s.parent = outer
		} else {
			s.windows = inner.windows
			s.relation = relation{fields: merged(out.fields), rows: inner.rows}
		}
		for _, item := range items {
			a.filter(a.ordinal(item.Expression(), out, s))
		}
	}
	return out
}

// merged is each name of an output once, for ORDER BY.
func merged(fields []field) []field {
	var out []field
	for _, f := range fields {
		if f.name == "" {
			continue
		}
		same := func(other field) bool { return other.name == f.name }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].from = union(out[i].from, f.from)
			continue
		}
		out = append(out, field{nil, f.name, f.from})
	}
	return out
}

// filter notes columns that decide which rows there are.
func (a *analysis) filter(c columns) {
	for ref := range c {
		a.filters[ref] = true
	}
}

// ordinal is an expression of ORDER BY or GROUP BY, where a number means a column of
// the result.
func (a *analysis) ordinal(e parser.IExpressionContext, out relation, s *scope) columns {
	n, err := strconv.Atoi(e.GetText())
	if err != nil {
		return a.value(e, s)
	}
	if len(out.open) > 0 {
		return out.everything()
	}
	if n < 1 || n > len(out.fields) {
		a.refuse(e.GetStart(), fmt.Sprintf("column %d of %d", n, len(out.fields)), "the number of a column of the result, from 1", "correct the number")
		return nil
	}
	return out.fields[n-1].from
}

// term is what a part of a query gives, with the scope of its FROM where it is one SELECT.
func (a *analysis) term(t parser.IQueryTermContext, outer *scope, named *namedQueries) (relation, *scope) {
	switch t := t.(type) {
	case *parser.QueryTermDefaultContext:
		return a.primary(t.QueryPrimary(), outer, named)
	case *parser.SetOperationContext:
		left, _ := a.term(t.GetLeft(), outer, named)
		right, _ := a.term(t.GetRight(), outer, named)
		switch {
		case t.UNION_() != nil:
			if q := t.SetQuantifier(); q == nil || q.ALL_() == nil {
				a.filter(union(left.everything(), right.everything()))
			}
			return a.unite(left, right, t.GetRight().GetStart()), nil
		case t.INTERSECT_() != nil:
			a.filter(union(left.everything(), right.everything()))
			return a.unite(left, right, t.GetRight().GetStart()), nil
		default:
			a.filter(union(left.everything(), right.everything()))
			a.unite(left, right, t.GetRight().GetStart())
			return left.renamed(nil), nil
		}
	}
	a.refuseRule(t)
	return relation{}, nil
}

// unite puts two results under each other. The names are those of the first.
func (a *analysis) unite(left, right relation, t antlr.Token) relation {
	out := relation{rows: union(left.rows, right.rows)}
	if len(left.open)+len(right.open) > 0 { // nobody knows which column stands under which
		all := union(left.everything(), right.everything())
		for _, f := range left.fields {
			out.fields = append(out.fields, field{nil, f.name, all})
		}
		out.open = []*open{{from: all}}
		return out
	}
	if len(left.fields) != len(right.fields) {
		a.refuse(t, fmt.Sprintf("%d columns", len(right.fields)), fmt.Sprintf("%d, as the first query has", len(left.fields)), "select as many columns in each")
	}
	for i, f := range left.fields {
		from := f.from
		if i < len(right.fields) {
			from = union(from, right.fields[i].from)
		}
		out.fields = append(out.fields, field{nil, f.name, from})
	}
	return out
}

func (a *analysis) primary(p parser.IQueryPrimaryContext, outer *scope, named *namedQueries) (relation, *scope) {
	switch p := p.(type) {
	case *parser.QueryPrimaryDefaultContext:
		return a.selection(p.QuerySpecification(), outer, named)
	case *parser.TableContext:
		table := a.table(p.QualifiedName(), named)
		a.mark(table.everything(), p.QualifiedName().GetStart())
		return table.renamed(nil), nil
	case *parser.InlineTableContext:
		return a.rows(p.AllExpression(), &scope{parent: outer, queries: named}), nil
	case *parser.SubqueryContext:
		return a.queryNoWith(p.QueryNoWith(), outer, named), nil
	}
	a.refuseRule(p)
	return relation{}, nil
}

// rows is what VALUES gives.
func (a *analysis) rows(list []parser.IExpressionContext, s *scope) relation {
	var out relation
	for i, e := range list {
		values := []parser.IExpressionContext{e}
		if row, ok := unwrap(e).(*parser.RowConstructorContext); ok {
			values = row.AllExpression()
		}
		if i == 0 {
			out.fields = make([]field, len(values))
		}
		if len(values) != len(out.fields) {
			a.refuse(e.GetStart(), fmt.Sprintf("a row of %d values", len(values)), fmt.Sprintf("%d, as the first row has", len(out.fields)), "give each row as many values")
		}
		for j, v := range values {
			from := a.value(v, s)
			if j < len(out.fields) {
				out.fields[j].from = union(out.fields[j].from, from)
			}
		}
	}
	return out
}

// selection is what one SELECT gives.
func (a *analysis) selection(q parser.IQuerySpecificationContext, outer *scope, named *namedQueries) (relation, *scope) {
	s := &scope{parent: outer, queries: named, windows: map[string]columns{}}
	for _, r := range q.AllRelation() {
		s.relation = s.joined(a.from(r, s))
	}
	for _, w := range q.AllWindowDefinition() {
		name := a.name(w.GetName())
		s.windows[name] = a.value(w.WindowSpecification(), s)
	}
	if where := q.GetWhere(); where != nil {
		a.filter(a.value(where, s))
	}
	var out relation
	for _, item := range q.AllSelectItem() {
		out = out.joined(a.item(item, s))
	}
	if group := q.GroupBy(); group != nil {
		for _, e := range group.AllGroupingElement() {
			a.grouping(e, out, s)
		}
	}
	if q.SetQuantifier() != nil && q.SetQuantifier().DISTINCT_() != nil {
		a.filter(out.everything())
	}
	if having := q.GetHaving(); having != nil {
		a.filter(a.value(having, s))
	}
	out.rows = s.rows
	return out, s
}

func (a *analysis) grouping(e parser.IGroupingElementContext, out relation, s *scope) {
	var list []parser.IExpressionContext
	switch e := e.(type) {
	case *parser.SingleGroupingSetContext:
		list = e.GroupingSet().AllExpression()
	case *parser.RollupContext:
		list = e.AllExpression()
	case *parser.CubeContext:
		list = e.AllExpression()
	case *parser.MultipleGroupingSetsContext:
		for _, set := range e.AllGroupingSet() {
			list = append(list, set.AllExpression()...)
		}
	default:
		a.refuseRule(e)
	}
	for _, e := range list {
		a.filter(a.ordinal(e, out, s))
	}
}

// item is what stands between two commas of SELECT.
func (a *analysis) item(item parser.ISelectItemContext, s *scope) relation {
	switch item := item.(type) {
	case *parser.SelectSingleContext:
		var name string
		if as := item.As_column_alias(); as != nil {
			name = a.name(as.Column_alias().Identifier())
		} else {
			name = a.nameOf(item.Expression())
		}
		return relation{fields: []field{{nil, name, a.value(item.Expression(), s)}}}
	case *parser.SelectAllContext:
		return a.star(item, s)
	}
	a.refuseRule(item)
	return relation{}
}

// star is what * or t.* stands for.
func (a *analysis) star(item *parser.SelectAllContext, s *scope) relation {
	t := item.GetStart()
	expression := item.PrimaryExpression()
	if expression == nil {
		if len(s.fields)+len(s.open) == 0 {
			a.refuse(t, "* without FROM", "a list of columns", "name the tables in FROM")
		}
		a.mark(s.everything(), t)
		return s.renamed(nil)
	}
	list := a.aliases(item.ColumnAliases())
	if names, chain := a.chain(expression); chain {
		for at := s; at != nil; at = at.parent {
			if part, found := at.part(names); found {
				a.mark(part.everything(), t)
				return a.columnNames(part, list, t)
			}
		}
	}
	from := a.value(expression, s) // the fields of a value
	return a.columnNames(relation{open: []*open{{from: from}}}, list, t)
}

// part is what a scope has of one relation, for t.*.
func (s *scope) part(names []string) (relation, bool) {
	var out relation
	found := false
	for _, f := range s.fields {
		if f.of.is(names) {
			out.fields, found = append(out.fields, field{nil, f.name, f.from}), true
		}
	}
	for _, o := range s.open {
		if o.of.is(names) {
			out.open, found = append(out.open, &open{nil, o.table, o.from}), true
		}
	}
	return out, found
}
