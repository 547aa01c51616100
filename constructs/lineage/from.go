package lineage

import (
	"fmt"
	"slices"

	"github.com/antlr4-go/antlr/v4"
	parser "github.com/bytebase/parser/trino"
)

// from is what a part of FROM gives. The scope has what stands before it, which LATERAL
// and UNNEST may name.
func (a *analysis) from(r parser.IRelationContext, s *scope) relation {
	switch r := r.(type) {
	case *parser.RelationDefaultContext:
		return a.sampled(r.SampledRelation(), s)
	case *parser.JoinRelationContext:
		return a.join(r, s)
	}
	a.refuseRule(r)
	return relation{}
}

func (a *analysis) join(r *parser.JoinRelationContext, s *scope) relation {
	left := a.from(r.GetLeft(), s)
	beside := &scope{relation: s.joined(left), parent: s.parent, queries: s.queries}
	if r.NATURAL_() != nil {
		a.refuse(r.NATURAL_().GetSymbol(), "NATURAL JOIN", "a join that Athena takes", "write JOIN … USING (column)")
	}
	if sampled := r.GetRight(); sampled != nil {
		return left.joined(a.sampled(sampled, beside))
	}
	right := a.from(r.GetRightRelation(), beside)
	both := left.joined(right)
	criteria := r.JoinCriteria()
	if on := criteria.BooleanExpression(); on != nil {
		a.filter(a.value(on, &scope{relation: both, parent: s.parent, queries: s.queries}))
		return both
	}
	return a.using(left, right, criteria.AllIdentifier(), s)
}

// using is a join by columns of one name: each of them once and without a table, then
// the others.
func (a *analysis) using(left, right relation, names []parser.IIdentifierContext, s *scope) relation {
	var out relation
	var using []string
	for _, n := range names {
		name := a.name(n)
		using = append(using, name)
		from := columns{}
		for _, side := range []relation{left, right} {
			from = union(from, a.column([]string{name}, &scope{relation: side, queries: s.queries}, n.GetStart()))
		}
		a.filter(from)
		out.fields = append(out.fields, field{nil, name, from})
	}
	others := left.joined(right)
	others.fields = slices.DeleteFunc(others.fields, func(f field) bool { return slices.Contains(using, f.name) })
	return out.joined(others)
}

func (a *analysis) sampled(r parser.ISampledRelationContext, s *scope) relation {
	if p := r.GetPercentage(); p != nil {
		a.filter(a.value(p, s))
	}
	pattern := r.PatternRecognition()
	if m := pattern.MATCH_RECOGNIZE_(); m != nil {
		a.refuse(m.GetSymbol(), "MATCH_RECOGNIZE", "a query whose columns can be followed", "write the pattern with window functions")
	}
	return a.aliased(pattern.AliasedRelation(), s)
}

func (a *analysis) aliased(r parser.IAliasedRelationContext, s *scope) relation {
	list := a.aliases(r.ColumnAliases())
	name := r.Identifier()
	if unnest, ok := r.RelationPrimary().(*parser.UnnestContext); ok {
		return a.unnest(unnest, name, list, s)
	}
	out := a.relation(r.RelationPrimary(), s)
	if name == nil {
		return out
	}
	as := &alias{parts: []string{a.name(name)}}
	if of := (&scope{relation: out}).aliases(); len(of) == 1 {
		as.table = of[0].table
	}
	return a.columnNames(out.renamed(as), list, name.GetStart())
}

// columnNames gives a relation the column names behind its alias, if any.
func (a *analysis) columnNames(r relation, names []string, t antlr.Token) relation {
	if names == nil {
		return r
	}
	var of *alias
	if all := (&scope{relation: r}).aliases(); len(all) > 0 {
		of = all[0]
	}
	if len(r.open) == 0 && len(names) != len(r.fields) {
		a.refuse(t, fmt.Sprintf("%d names for %d columns", len(names), len(r.fields)), "a name for each column", "correct the list of names")
	}
	out := relation{rows: r.rows}
	for i, name := range names {
		from := columns{}
		switch {
		case len(r.open) > 0: // nobody knows which column stands where
			from = r.everything()
		case i < len(r.fields):
			from = r.fields[i].from
		}
		out.fields = append(out.fields, field{of, name, from})
	}
	return out
}

// unnest is what UNNEST gives: columns made of the lists. How many is known from their
// names alone, as nobody knows the types.
func (a *analysis) unnest(u *parser.UnnestContext, name parser.IIdentifierContext, names []string, s *scope) relation {
	var lists []columns
	for _, e := range u.AllExpression() {
		lists = append(lists, a.value(e, s))
	}
	all := union(lists...)
	var of *alias
	if name != nil {
		of = &alias{parts: []string{a.name(name)}}
	}
	if names == nil {
		return relation{open: []*open{{of: of, from: all}}}
	}
	ordinality := u.ORDINALITY_() != nil
	values := len(names)
	if ordinality {
		values--
	}
	var out relation
	for i, name := range names {
		from := all
		if values == len(lists) && i < values { // each list gives at least one column
			from = lists[i]
		}
		out.fields = append(out.fields, field{of, name, from})
	}
	return out
}

func (a *analysis) relation(r parser.IRelationPrimaryContext, s *scope) relation {
	switch r := r.(type) {
	case *parser.TableNameContext:
		if period := r.QueryPeriod(); period != nil {
			a.filter(a.value(period.GetEnd(), &scope{parent: s.parent, queries: s.queries}))
		}
		return a.table(r.QualifiedName(), s.queries)
	case *parser.SubqueryRelationContext:
		return a.query(r.Query(), s.parent, s.queries).renamed(nil)
	case *parser.LateralContext:
		return a.query(r.Query(), s, s.queries).renamed(nil)
	case *parser.ParenthesizedRelationContext:
		return a.from(r.Relation(), s)
	case *parser.TableFunctionInvocationContext:
		a.refuse(r.GetStart(), "TABLE("+r.TableFunctionCall().QualifiedName().GetText()+")", "tables, subqueries and UNNEST", "write the query without a table function: nobody knows what it reads")
		return relation{open: []*open{{from: columns{}}}}
	}
	a.refuseRule(r)
	return relation{}
}

// table is a table, or what WITH calls so.
func (a *analysis) table(q parser.IQualifiedNameContext, named *namedQueries) relation {
	var parts []string
	for _, i := range q.AllIdentifier() {
		parts = append(parts, a.name(i))
	}
	if len(parts) == 1 {
		if made, found := named.find(parts[0]); found {
			return made.renamed(&alias{parts: parts})
		}
	}
	use := a.use(parts, q.GetStart())
	of := &alias{parts: parts, table: use}
	out := relation{rows: columns{{use.name, rows}: true}}
	if !use.known {
		out.open = []*open{{of: of, table: use}}
	}
	for _, c := range use.schema {
		out.fields = append(out.fields, field{of, c, columns{{use.name, c}: true}})
	}
	return out
}

// use enters a table among those that the query reads.
func (a *analysis) use(parts []string, t antlr.Token) *tableUse {
	name := tableName(parts)
	if len(parts) == 1 && a.references[t.GetStart()] != "" {
		name = parts[0]
	}
	p := position{t.GetLine(), t.GetColumn() + 1}
	use := a.tables[name]
	if use == nil {
		use = &tableUse{name: name, first: p, places: map[string]position{}}
		var names []string
		names, use.known = a.schema(name)
		for _, n := range names {
			use.schema = append(use.schema, lower(n))
		}
		a.tables[name] = use
	}
	if p.before(use.first) {
		use.first = p
	}
	return use
}
