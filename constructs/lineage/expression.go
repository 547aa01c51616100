package lineage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	parser "github.com/bytebase/parser/trino"
)

// value is what an expression is made of, and everything else that has columns: windows,
// conditions, order.
func (a *analysis) value(e antlr.ParserRuleContext, s *scope) columns {
	switch e := e.(type) {
	case *parser.ColumnReferenceContext, *parser.DereferenceContext:
		return a.named(e, s)
	case *parser.LambdaContext:
		return a.lambda(e, s)
	case *parser.SubqueryExpressionContext:
		return a.subquery(e.Query(), s)
	case *parser.ExistsContext:
		return a.subquery(e.Query(), s)
	case *parser.InSubqueryContext:
		return a.subquery(e.Query(), s)
	case *parser.QuantifiedComparisonContext:
		return a.subquery(e.Query(), s)
	case *parser.FunctionCallContext:
		return a.call(e, s)
	case *parser.OverContext:
		if name := e.GetWindowName(); name != nil {
			return a.window(name, s)
		}
		return a.value(e.WindowSpecification(), s)
	case *parser.WindowSpecificationContext:
		out := a.children(e, s)
		if name := e.GetExistingWindowName(); name != nil {
			out = union(out, a.window(name, s))
		}
		return out
	case *parser.WindowFrameContext:
		if p := e.PATTERN_(); p != nil {
			a.refuse(p.GetSymbol(), "PATTERN", "a frame whose columns can be followed", "write the pattern with window functions")
			return nil
		}
		return a.value(e.FrameExtent(), s)
	case *parser.GroupingOperationContext:
		out := columns{}
		for _, q := range e.AllQualifiedName() {
			var names []string
			for _, i := range q.AllIdentifier() {
				names = append(names, a.name(i))
			}
			out = union(out, a.column(names, s, q.GetStart()))
		}
		return out
	case *parser.MeasureContext:
		a.refuse(e.GetStart(), "a measure of a pattern", "an expression whose columns can be followed", "write the pattern with window functions")
		return nil
	}
	switch {
	case hasNoColumns(e):
		return nil
	case isOfItsParts(e):
		return a.children(e, s)
	}
	a.refuseRule(e)
	return nil
}

// hasNoColumns reports whether a part of an expression holds no name of a column.
func hasNoColumns(e antlr.ParserRuleContext) bool {
	switch e.(type) {
	case *parser.NullLiteralContext, *parser.IntervalLiteralContext, *parser.TypeConstructorContext, *parser.NumericLiteralContext,
		*parser.BooleanLiteralContext, *parser.StringLiteralContext, *parser.BinaryLiteralContext, *parser.ParameterContext,
		*parser.SpecialDateTimeFunctionContext, *parser.CurrentUserContext, *parser.CurrentCatalogContext, *parser.CurrentSchemaContext,
		*parser.CurrentPathContext, *parser.NullPredicateContext, *parser.UnboundedFrameContext, *parser.CurrentRowBoundContext,
		*parser.TimeZoneIntervalContext, *parser.TimeZoneStringContext,
		// words and types within others
		parser.IIdentifierContext, parser.IQualifiedNameContext, parser.ITypeContext, parser.IString_Context, parser.IIntervalContext,
		parser.IIntervalFieldContext, parser.INumberContext, parser.IBooleanValueContext, parser.IComparisonOperatorContext,
		parser.IComparisonQuantifierContext, parser.ISetQuantifierContext, parser.INormalFormContext, parser.ITrimsSpecificationContext,
		parser.INullTreatmentContext, parser.IListAggOverflowBehaviorContext, parser.IJsonRepresentationContext,
		parser.IJsonExistsErrorBehaviorContext, parser.IJsonQueryWrapperBehaviorContext, parser.IJsonQueryBehaviorContext:
		return true
	}
	return false
}

// isOfItsParts reports whether a part of an expression is made of what its parts are made of.
func isOfItsParts(e antlr.ParserRuleContext) bool {
	switch e.(type) {
	case parser.IExpressionContext,
		*parser.PredicatedContext, *parser.LogicalNotContext, *parser.AndContext, *parser.OrContext,
		*parser.ComparisonContext, *parser.BetweenContext, *parser.InListContext, *parser.LikeContext, *parser.DistinctFromContext,
		*parser.ValueExpressionDefaultContext, *parser.AtTimeZoneContext, *parser.ArithmeticUnaryContext,
		*parser.ArithmeticBinaryContext, *parser.ConcatenationContext,
		*parser.PositionContext, *parser.RowConstructorContext, *parser.ListaggContext, *parser.SimpleCaseContext,
		*parser.SearchedCaseContext, *parser.CastContext, *parser.ArrayConstructorContext, *parser.SubscriptContext,
		*parser.TrimContext, *parser.SubstringContext, *parser.NormalizeContext, *parser.ExtractContext,
		*parser.ParenthesizedExpressionContext, *parser.JsonExistsContext, *parser.JsonValueContext, *parser.JsonQueryContext,
		*parser.JsonObjectContext, *parser.JsonArrayContext, *parser.BoundedFrameContext,
		parser.IWhenClauseContext, parser.IFilterContext, parser.IFrameExtentContext, parser.ISortItemContext,
		parser.IJsonPathInvocationContext, parser.IJsonValueExpressionContext, parser.IJsonArgumentContext,
		parser.IJsonValueBehaviorContext, parser.IJsonObjectMemberContext:
		return true
	}
	return false
}

// children is what all parts of an expression are made of.
func (a *analysis) children(e antlr.ParserRuleContext, s *scope) columns {
	out := columns{}
	for _, child := range e.GetChildren() {
		if rule, ok := child.(antlr.ParserRuleContext); ok {
			out = union(out, a.value(rule, s))
		}
	}
	return out
}

// named is a column, or a field of a value.
func (a *analysis) named(e antlr.ParserRuleContext, s *scope) columns {
	if names, chain := a.chain(e); chain {
		return a.column(names, s, e.GetStart())
	}
	if field, ok := e.(*parser.DereferenceContext); ok {
		return a.value(field.GetBase_(), s)
	}
	return nil
}

// chain is the names of a.b.c, where an expression is nothing else.
func (a *analysis) chain(e antlr.ParserRuleContext) ([]string, bool) {
	switch e := e.(type) {
	case *parser.ColumnReferenceContext:
		return []string{a.name(e.Identifier())}, true
	case *parser.DereferenceContext:
		if names, chain := a.chain(e.GetBase_()); chain {
			return append(names, a.name(e.GetFieldName())), true
		}
	}
	return nil, false
}

// lambda is the body of x -> x + 1. Its parameters are values of the list that stands
// beside it in the call, and hide columns of their names.
func (a *analysis) lambda(l *parser.LambdaContext, s *scope) columns {
	var parameters relation
	for _, i := range l.AllIdentifier() {
		parameters.fields = append(parameters.fields, field{nil, a.name(i), columns{}})
	}
	return a.value(l.Expression(), &scope{relation: parameters, parent: s, queries: s.named(), windows: s.windows})
}

// subquery is a query as a value: it is made of what it gives, and of what decides its rows.
func (a *analysis) subquery(q parser.IQueryContext, s *scope) columns {
	around := a.filters
	a.filters = columns{}
	made := a.query(q, s, s.named())
	out := union(made.everything(), a.filters)
	a.filters = around
	return withRows(out, made.rows)
}

// withRows adds the rows of tables none of whose columns is among those that a value is
// made of.
func withRows(made, rows columns) columns {
	tables := map[string]bool{}
	for c := range made {
		tables[c.Table] = true
	}
	out := union(made)
	for r := range rows {
		if !tables[r.Table] {
			out[r] = true
		}
	}
	return out
}

// rowsOf are the rows that a function counts in a scope.
func (s *scope) rowsOf() columns {
	for ; s != nil; s = s.parent {
		if s.rows != nil {
			return s.rows
		}
	}
	return nil
}

// counting are the functions of rows, whatever they are given.
var counting = []string{"count", "count_if", "sum", "array_agg", "checksum", "approx_distinct", "arbitrary", "any_value", "min", "max", "avg"}

func (a *analysis) call(c *parser.FunctionCallContext, s *scope) columns {
	if mode := c.ProcessingMode(); mode != nil {
		a.refuse(mode.GetStart(), mode.GetText(), "a function outside a pattern", "write the pattern with window functions")
	}
	if label := c.GetLabel(); label != nil {
		a.refuse(label.GetStart(), label.GetText()+".*", "* alone, or a column", "write count(*)")
	}
	out := columns{}
	for _, child := range c.GetChildren() {
		switch rule := child.(type) {
		case parser.IProcessingModeContext, parser.IQualifiedNameContext, parser.IIdentifierContext: // words
		case antlr.ParserRuleContext:
			out = union(out, a.value(rule, s))
		}
	}
	ofRows := c.Over() != nil || slices.Contains(counting, lower(c.QualifiedName().GetText()))
	if c.ASTERISK_() != nil || len(out) == 0 && ofRows {
		out = union(out, s.rowsOf())
	}
	return out
}

// window is what a window of the clause WINDOW is made of.
func (a *analysis) window(i parser.IIdentifierContext, s *scope) columns {
	name := a.name(i)
	for at := s; at != nil; at = at.parent {
		if made, known := at.windows[name]; known {
			return made
		}
	}
	a.refuse(i.GetStart(), "the window "+name, "one that WINDOW names", "add it to WINDOW, or write the window in parentheses")
	return nil
}

// name is an identifier in lower case, as Athena compares them; a reference has its braces.
func (a *analysis) name(i parser.IIdentifierContext) string {
	t := i.GetStart()
	switch i.(type) {
	case *parser.QuotedIdentifierContext:
		if r := a.references[t.GetStart()]; r != "" {
			return r
		}
		return lower(strings.ReplaceAll(strings.Trim(i.GetText(), `"`), `""`, `"`))
	case *parser.BackQuotedIdentifierContext:
		a.refuse(t, i.GetText(), "double quotes around a name", `write "`+strings.Trim(i.GetText(), "`")+`": Athena takes backquotes in DDL alone`)
		return lower(strings.Trim(i.GetText(), "`"))
	case *parser.DigitIdentifierContext:
		a.refuse(t, i.GetText(), "double quotes around a name that begins with a digit", `write "`+i.GetText()+`"`)
	}
	return lower(i.GetText())
}

func lower(name string) string { return strings.ToLower(name) }

// aliases are the names of a list of column aliases, nil without one.
func (a *analysis) aliases(list parser.IColumnAliasesContext) []string {
	if list == nil {
		return nil
	}
	var out []string
	for _, i := range list.AllIdentifier() {
		name := a.name(i)
		if slices.Contains(out, name) {
			a.refuse(i.GetStart(), name+" twice in a list of names", "a name for each column", "rename one of the two")
		}
		out = append(out, name)
	}
	return out
}

// nameOf is what a column of the result is called that has no alias.
func (a *analysis) nameOf(e antlr.ParserRuleContext) string {
	switch e := unwrap(e).(type) {
	case *parser.ColumnReferenceContext:
		return a.name(e.Identifier())
	case *parser.DereferenceContext:
		return a.name(e.GetFieldName())
	}
	return ""
}

// unwrap is the innermost rule of an expression that has one part alone.
func unwrap(e antlr.ParserRuleContext) antlr.ParserRuleContext {
	for {
		switch e.(type) {
		case parser.IExpressionContext, *parser.PredicatedContext, *parser.ValueExpressionDefaultContext:
		default:
			return e
		}
		inner, ok := e.GetChild(0).(antlr.ParserRuleContext)
		if !ok || e.GetChildCount() != 1 {
			return e
		}
		e = inner
	}
}

// refuseRule refuses a part of the grammar that nothing here knows.
func (a *analysis) refuseRule(e antlr.ParserRuleContext) {
	name := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", e), "*parser."), "Context")
	a.refuse(e.GetStart(), "a part of Trino's grammar called "+name, "one whose columns can be followed", "write the query without it")
}
