package access

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// Explainer explains the rows of one matrix, and what is in none of them. It evaluates the
// state once. It is not safe for use by several goroutines at once.
type Explainer struct {
	matrix      *Matrix
	state       *State
	catalogs    []*explained
	ended       map[Subscription]bool
	rows        map[string]Row          // of tables, by principal, catalog and table
	tagRows     map[string][]Row        // of tags, by principal
	bypasses    map[string][]Bypass     // by principal
	grantors    map[string][]Grantor    // by principal
	assumptions map[string][]Assumption // by principal
	principals  []string                // that can be asked for, sorted
}

// explained is a catalog with what explanations look up again and again.
type explained struct {
	*evaluation

	grants    map[string][]int                           // places in counted, by principal
	groups    []string                                   // principals of grants whose members are not read
	openTo    []string                                   // principals of grants that stand for whom IAM lets in
	withheld  map[string][]CascadedGrant                 // that have no effect, by principal
	tables    map[string]Table                           // of the catalog, by key
	filters   map[string][]lakeformation.DataCellsFilter // by key of the table
	databases map[string]Database

	subscriptions map[string][]Subscription // that have not ended, by key of a grant that reads
}

// NewExplainer evaluates a state.
func NewExplainer(s *State) *Explainer {
	state := Merge(s)
	matrix, evaluations := state.evaluate()
	x := &Explainer{matrix: matrix, state: state, ended: state.ended(), rows: map[string]Row{}, tagRows: map[string][]Row{}, bypasses: map[string][]Bypass{}, grantors: map[string][]Grantor{}}
	for _, e := range evaluations {
		c := index(e)
		c.subscriptions = x.subscriptions(e)
		x.catalogs = append(x.catalogs, c)
	}
	for _, r := range matrix.Rows {
		switch r.Kind {
		case OnTable:
			x.rows[joinKey(r.Principal, r.Account, r.Region, r.Database, r.Table)] = r
		case OnTag:
			x.tagRows[r.Principal] = append(x.tagRows[r.Principal], r)
		default: // nothing is explained by the others
		}
	}
	for _, b := range matrix.Bypasses {
		x.bypasses[b.Principal] = append(x.bypasses[b.Principal], b)
	}
	for _, g := range matrix.Grantors {
		x.grantors[g.Principal] = append(x.grantors[g.Principal], g)
	}
	x.principals = slices.Clone(matrix.Known.Principals)
	for _, a := range state.Assumptions {
		x.principals = append(x.principals, a.Role, a.Principal)
	}
	for _, c := range x.catalogs {
		for principal := range c.grants { // those that reach nothing among them
			x.principals = append(x.principals, principal)
		}
		for principal := range c.withheld {
			x.principals = append(x.principals, principal)
		}
	}
	x.principals = distinct(x.principals)
	x.assumptions = byPrincipal(state.Assumptions)
	return x
}

func index(e *evaluation) *explained {
	c := &explained{
		evaluation: e, grants: map[string][]int{}, withheld: map[string][]CascadedGrant{}, tables: map[string]Table{},
		filters: map[string][]lakeformation.DataCellsFilter{}, databases: map[string]Database{},
	}
	for i, g := range e.counted {
		c.grants[g.Principal] = append(c.grants[g.Principal], i)
	}
	for _, principal := range slices.Sorted(maps.Keys(c.grants)) {
		if p, err := lakeformation.ParsePrincipal(principal); err == nil && slices.Contains(groups, p.Kind) {
			c.groups = append(c.groups, principal)
		}
		if principal == IAMAllowedPrincipals || strings.HasSuffix(principal, everyPrincipal) {
			c.openTo = append(c.openTo, principal)
		}
	}
	for _, g := range e.notPassed {
		c.withheld[g.Grant.Principal] = append(c.withheld[g.Grant.Principal], g)
	}
	for _, t := range e.Tables {
		c.tables[t.Key()] = t
	}
	for _, f := range e.Filters {
		key := f.Database + "." + f.Table
		c.filters[key] = append(c.filters[key], f)
	}
	for _, d := range e.Databases {
		c.databases[d.Name] = d
	}
	return c
}

// groups are the kinds of principals whose members are not read.
var groups = []lakeformation.PrincipalKind{
	lakeformation.Organization, lakeformation.OrganizationalUnit, lakeformation.SAMLGroup, lakeformation.IdentityCenterGroup,
}

// Matrix returns what State.Evaluate returns.
func (x *Explainer) Matrix() *Matrix { return x.matrix }

// Explain says why a principal sees a table, or a column of it, or why it does not; see
// Explainer.Explain. Several questions are answered faster by one Explainer.
func (s *State) Explain(principal, table, column string) (*Explanation, error) {
	return NewExplainer(s).Explain(principal, table, column)
}

// Explain says why a principal sees a table, or a column of it, or why it does not.
//
// The principal is named as people know it (Short), or in full; the table as table,
// database.table or, where several catalogs have one of the name, account/database.table or
// account/region/database.table. The name of a resource link means what it links to. With
// column "" the whole table is meant. What is not there, and what has several meanings, is
// an error that lists what there is.
func (x *Explainer) Explain(principal, table, column string) (*Explanation, error) {
	q, err := x.ask(principal, table, column)
	if err != nil {
		return nil, err
	}
	return x.explain(q), nil
}

// Row explains a row of the matrix on a table, as a whole, and returns nil for other rows.
func (x *Explainer) Row(r Row) *Explanation {
	c := x.catalogOf(r.Account, r.Region)
	if c == nil || r.Kind != OnTable {
		return nil
	}
	t, known := c.tables[r.Database+"."+r.Table]
	if !known {
		t = Table{Database: r.Database, Name: r.Table, Target: r.Object}
	}
	return x.explain(question{principal: r.Principal, in: c, table: t})
}

// question is what is to be explained.
type question struct {
	principal string
	in        *explained
	table     Table
	column    string // "" for all
}

// columns are those that the question is about.
func (q question) columns() []string {
	if q.column != "" {
		return []string{q.column}
	}
	return included(q.table, nil, nil)
}

// known reports whether the columns of the table are known.
func (q question) known() bool { return len(q.table.AllColumns()) > 0 }

// row is that of the matrix about the table; the zero value when there is none.
func (x *Explainer) row(q question, principal string) Row {
	return x.rows[joinKey(principal, q.in.Account, q.in.Region, q.table.Database, q.table.Name)]
}

// shows reports whether a row shows what the question asks for.
func (q question) shows(r Row) bool {
	if q.column == "" {
		return len(r.Columns) > 0 || !q.known() && q.table.Target == "" && r.Can(lakeformation.Select)
	}
	return slices.ContainsFunc(r.Columns, func(c ColumnAccess) bool { return c.Name == q.column })
}

func (q question) tableName() string { return q.table.Key() }

func (x *Explainer) explain(q question) *Explanation {
	out := &Explanation{
		Principal: q.principal, Account: q.in.Account, Region: q.in.Region, Table: q.tableName(), Column: q.column,
		Paths: []Path{}, Missing: []Path{}, Unknown: []string{},
	}
	for _, c := range q.in.columns[q.tableName()] {
		if c.Name == q.column {
			out.Sensitivity = c.tags.sensitivity()
		}
	}
	near := x.granted(q, out)
	out.Paths = append(out.Paths, x.open(q)...)
	out.Paths = append(out.Paths, x.around(q, accountOfPrincipal(q.principal), "*")...)
	out.Paths = append(out.Paths, x.as(q)...)
	out.Paths = append(out.Paths, x.canGrant(q)...)
	out.ReadFor = x.row(q, q.principal).ReadFor
	out.Missing = append(out.Missing, x.missing(q, out, near)...)
	out.Unknown = append(out.Unknown, x.unknown(q)...)
	return out
}

// shown is what one grant shows of a table.
type shown struct {
	number int // of the grant, in counted
	grant  lakeformation.Grant
	*holding
}

// effects are what the grants of a principal give on the table, one by one; a grant that is
// near and gives nothing has no holding.
func (q question) effects(principal string) []shown {
	var out []shown
	only := q.in.only(q.table)
	for _, i := range q.in.grants[principal] {
		g := q.in.counted[i]
		if !near(g.Resource, q.table) {
			continue
		}
		alone := &evaluation{Catalog: only, tags: q.in.tags, columns: q.in.columns, toCome: q.in.toCome, holdings: map[string]*holding{}}
		alone.grant(g)
		held := alone.holdings[joinKey(principal, string(OnTable), q.table.Database, q.table.Name, q.table.Target)]
		if held != nil || g.Resource.Kind != lakeformation.KindCatalog {
			out = append(out, shown{i, g, held})
		}
	}
	return out
}

// near reports whether a grant may be about a table.
func near(r lakeformation.Resource, t Table) bool {
	switch r.Kind {
	case lakeformation.KindTable, lakeformation.KindColumns, lakeformation.KindDataCells:
		return r.Database == t.Database && (r.Table == t.Name || r.Table == lakeformation.AllTables)
	case lakeformation.KindTagPolicy:
		return r.PolicyType == lakeformation.Tables
	case lakeformation.KindCatalog:
		return true
	default:
		return false
	}
}

// only is the catalog with nothing but one table.
func (c *explained) only(t Table) *Catalog {
	out := &Catalog{Account: c.Account, Region: c.Region, Filters: c.filters[t.Key()]}
	if d, known := c.databases[t.Database]; known {
		out.Databases = []Database{d}
	}
	if _, known := c.tables[t.Key()]; known {
		out.Tables = []Table{t}
	}
	return out
}

// granted adds the paths that Lake Formation grants and what is seen by them, and returns
// the grants that are near and give nothing of what is asked for.
func (x *Explainer) granted(q question, out *Explanation) []shown {
	var falls []shown
	rows := columnHolding{}
	for _, s := range q.effects(q.principal) {
		columns, gives := s.shows(q)
		if !gives {
			falls = append(falls, s)
			continue
		}
		if q.column == "" && len(columns) < len(q.columns()) {
			falls = append(falls, s) // it does not give the others
		}
		out.Sees = true
		p := x.path(q, s, columns)
		out.Paths = append(out.Paths, p)
		out.Columns = distinct(append(out.Columns, p.Columns...))
		rows.everyRow = rows.everyRow || len(p.Rows) == 0
		rows.conditions = append(rows.conditions, p.Rows...)
	}
	for _, store := range q.in.FhirStores {
		if q.table.Name == lakeformation.AllTables && store.Database == q.table.Database && slices.Contains(store.Readers, q.principal) {
			out.Sees, rows.everyRow = true, true
			out.Paths = append(out.Paths, Path{Way: Granted, Certain: true, Steps: []Step{
				{StepGrant, "the workflow that makes FHIR store " + store.Name + " grants DESCRIBE and SELECT on all its tables, when the store is active"},
				{StepTable, q.target(nil)},
			}})
		}
	}
	if q.column != "" && !rows.everyRow {
		out.Rows = distinct(rows.conditions)
	}
	if q.column != "" {
		out.Columns = nil
	} else {
		out.Columns = inOrder(out.Columns, q.columns())
	}
	slices.SortStableFunc(out.Paths, func(a, b Path) int { return cmp.Compare(len(a.Rows), len(b.Rows)) })
	return falls
}

// shows returns which columns of the question a grant shows, and whether it gives what is
// asked for: of a table whose columns are not known that is SELECT.
func (s shown) shows(q question) ([]string, bool) {
	if s.holding == nil {
		return nil, false
	}
	if !q.known() {
		return nil, s.has(lakeformation.Select) && q.table.Target == ""
	}
	var columns []string
	read := s.columns()
	for _, name := range q.columns() {
		if read[name] != nil {
			columns = append(columns, name)
		}
	}
	return columns, len(columns) > 0
}

// path is how a grant shows columns.
func (x *Explainer) path(q question, s shown, columns []string) Path {
	p := Path{Way: Granted, Certain: !unresolved(s.grant.Principal) && !unresolved(s.grant.Resource.Key())}
	p.Steps = append(p.Steps, q.shareSteps(s, &p)...)
	p.Subscriptions = x.subscriptionsOf(q, s.grant)
	p.Steps = append(p.Steps, Step{StepGrant, grantText(s.grant, p.Subscriptions)})
	r := s.grant.Resource
	switch r.Kind {
	case lakeformation.KindTagPolicy:
		p.Steps = append(p.Steps, q.tagSteps(r.Expression, columns)...)
	case lakeformation.KindDataCells:
		for _, f := range q.in.filters[q.tableName()] {
			if f.Name == r.Filter {
				p.Steps = append(p.Steps, Step{StepFilter, filterText(f)})
			}
		}
	default: // the grant names what it is on
	}
	var read map[string]*columnHolding
	if s.holding != nil {
		read = s.columns()
	}
	for _, name := range columns {
		if c := read[name]; !c.everyRow {
			p.Rows = distinct(append(p.Rows, c.conditions...))
		}
	}
	p.Steps = append(p.Steps, x.linkSteps(q)...)
	p.Steps = append(p.Steps, Step{StepTable, q.target(columns)})
	if q.column == "" {
		p.Columns = columns
	}
	return p
}

// inOrder returns those of some names that another list has, in its order.
func inOrder(names, order []string) []string {
	return orNil(slices.DeleteFunc(slices.Clone(order), func(n string) bool { return !slices.Contains(names, n) }))
}

// subscriptionsOf returns the subscriptions that a grant is for.
func (x *Explainer) subscriptionsOf(q question, g lakeformation.Grant) []Subscription {
	return q.in.subscriptions[g.Key()]
}

// subscriptions returns the subscriptions that read something and have not ended, by the keys of their grants.
func (x *Explainer) subscriptions(e *evaluation) map[string][]Subscription {
	out := map[string][]Subscription{}
	for _, s := range e.Subscriptions {
		if x.ended[s.Subscription] {
			continue
		}
		seen := map[string]bool{}
		for _, g := range s.Grants {
			if key := g.Key(); !seen[key] && slices.Contains(g.Permissions, lakeformation.Select) {
				seen[key] = true
				out[key] = append(out[key], s.Subscription)
			}
		}
	}
	return out
}

// accountOfPrincipal is the account of a principal; "" where it has none.
func accountOfPrincipal(principal string) string {
	if strings.HasPrefix(principal, "arn:") {
		if parts := strings.SplitN(principal, ":", 6); len(parts) == 6 {
			return parts[4]
		}
		return ""
	}
	return accountNumber.FindString(principal)
}
