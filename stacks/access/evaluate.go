package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// all is the permission ("Super") that stands for every one a resource takes.
const all lakeformation.Permission = "ALL"

// Evaluate works out the effective rights by Lake Formation's rules:
//
//   - Tags go from a database to its tables and from a table to its columns; a
//     value of one's own replaces the inherited value of the same key.
//   - An LF-Tag policy holds where every key has one of the listed values. A
//     DATABASE policy is about databases, not about their tables. A TABLE policy
//     is decided for each column: SELECT reaches the columns that match. When
//     only some match, permissions that need the whole table (INSERT, DELETE,
//     ALTER, DROP) are not given, only DESCRIBE; ALL gives SELECT and DESCRIBE.
//   - A table named "*" is every table of its database. Column grants list or
//     exclude columns. A data cells filter gives SELECT on its columns and rows.
//   - Grants add up. A column read through several grants is seen in the rows of
//     any of them, and in all rows when one of them has no row condition.
//   - Rights on a resource link say nothing about its target.
//   - What another account passes on counts when this catalog's account granted it
//     that account, with the right to pass it on: the same LF-Tag policy, the same
//     filter, or the table or database around it.
//
// The state is normalized first; apart from that it is not changed.
func (s *State) Evaluate() *Matrix {
	state := Merge(s)
	m := &Matrix{}
	for i := range state.Catalogs {
		e := newEvaluation(&state.Catalogs[i])
		e.run()
		m.Rows = append(m.Rows, e.rows()...)
		m.Admins = append(m.Admins, e.admins()...)
		m.Notes = append(m.Notes, e.notes...)
	}
	m.Notes = append(m.Notes, sharedResults(state, m.Rows)...)
	for _, u := range state.Unresolved {
		m.Notes = append(m.Notes, "unresolved: "+u.String())
	}
	slices.SortFunc(m.Rows, compareRows)
	m.Notes = distinct(m.Notes)
	return m
}

// evaluation works on one catalog.
type evaluation struct {
	*Catalog
	tags    tagIndex
	columns map[string][]columnTags // by table key
	holds   map[string]*holding     // by principal and object
	notes   []string
}

type columnTags struct {
	Column
	tags tagSet
}

// holding is what a principal has on one object.
type holding struct {
	Row
	rights  map[lakeformation.Permission]bool // true is grantable
	columns map[string]*cells
}

type cells struct {
	everyRow  bool
	rows      []string
	grantable bool
}

func newEvaluation(c *Catalog) *evaluation {
	e := &evaluation{Catalog: c, tags: newTagIndex(c), columns: map[string][]columnTags{}, holds: map[string]*holding{}}
	for _, t := range c.Tables {
		for _, col := range t.AllColumns() {
			e.columns[t.Key()] = append(e.columns[t.Key()], columnTags{col, e.tags.column(t.Database, t.Name, col.Name)})
		}
	}
	return e
}

func (e *evaluation) run() {
	for _, g := range e.Grants {
		e.grant(g)
	}
	for _, p := range e.Passed {
		if e.mayPass(p) {
			e.grant(p.Grant)
		}
	}
	e.checkAssociations()
	e.checkDefaults()
	e.checkLocations()
	e.fhirReaders()
}

// grant adds what one grant gives.
func (e *evaluation) grant(g lakeformation.Grant) {
	reached := false
	switch g.Resource.Kind {
	case lakeformation.KindDatabase:
		reached = e.onDatabases(g, func(d Database) bool { return d.Name == g.Resource.Database })
	case lakeformation.KindTable, lakeformation.KindColumns, lakeformation.KindDataCells:
		reached = e.onTables(g)
	case lakeformation.KindTagPolicy:
		if g.Resource.PolicyType == lakeformation.Databases {
			reached = e.onDatabases(g, func(d Database) bool { return e.tags.database(d.Name).matches(g.Resource.Expression) })
		} else {
			reached = e.onMatchingTables(g)
		}
	case lakeformation.KindLocation:
		reached = true
		e.hold(g, Row{Kind: OnLocation, Object: g.Resource.Location}).give(g.Permissions, g.Grantable)
	case lakeformation.KindTag:
		reached = true
		object := g.Resource.TagKey + "=" + strings.Join(g.Resource.TagValues, "|")
		e.hold(g, Row{Kind: OnTag, Object: object}).give(g.Permissions, g.Grantable)
	case KindCatalog:
		reached = true
		e.hold(g, Row{Kind: OnCatalog}).give(g.Permissions, g.Grantable)
	}
	if !reached {
		e.note("a grant that reaches nothing known: %v to %s on %s", g.Permissions, g.Principal, g.Resource.Key())
	}
}

func (e *evaluation) note(format string, args ...any) {
	e.notes = append(e.notes, e.Key()+": "+fmt.Sprintf(format, args...))
}

func (e *evaluation) onDatabases(g lakeformation.Grant, match func(Database) bool) (reached bool) {
	for _, d := range e.Databases {
		if !match(d) {
			continue
		}
		reached = true
		permissions, grantable := expand(g, lakeformation.Database(d.Name))
		e.hold(g, e.databaseRow(d)).give(permissions, grantable)
	}
	return reached
}

// onTables is about grants that name a table, columns of it or a filter on it.
func (e *evaluation) onTables(g lakeformation.Grant) (reached bool) {
	r := g.Resource
	for _, t := range e.Tables {
		if t.Database != r.Database || t.Name != r.Table && r.Table != lakeformation.AllTables {
			continue
		}
		permissions, grantable := expand(g, lakeformation.Table(t.Database, t.Name))
		switch r.Kind {
		case lakeformation.KindDataCells:
			for _, f := range e.Filters {
				if f.Database == t.Database && f.Table == t.Name && f.Name == r.Filter {
					reached = true
					e.hold(g, e.tableRow(t)).read(permissions, grantable, included(t, f.Columns, f.Excluded), f.Rows)
				}
			}
		case lakeformation.KindColumns:
			reached = true
			e.hold(g, e.tableRow(t)).read(permissions, grantable, included(t, r.Columns, r.Excluded), "")
		default:
			reached = true
			e.hold(g, e.tableRow(t)).give(permissions, grantable)
			e.hold(g, e.tableRow(t)).read(permissions, grantable, included(t, nil, nil), "")
		}
	}
	if !reached && r.Table == lakeformation.AllTables {
		return e.onTablesToCome(g)
	}
	return reached
}

// onTablesToCome is about a grant on every table of a database that has none yet,
// such as that of a crawler before its first run: what it will reach is shown as
// the table "*".
func (e *evaluation) onTablesToCome(g lakeformation.Grant) bool {
	database := g.Resource.Database
	if !slices.ContainsFunc(e.Databases, func(d Database) bool { return d.Name == database }) {
		return false
	}
	permissions, grantable := expand(g, lakeformation.Table(database, lakeformation.AllTables))
	e.hold(g, e.tableRow(Table{Database: database, Name: lakeformation.AllTables})).give(permissions, grantable)
	return true
}

// onMatchingTables is about LF-Tag policies on tables.
func (e *evaluation) onMatchingTables(g lakeformation.Grant) (reached bool) {
	for _, t := range e.Tables {
		var matching []string
		columns := e.columns[t.Key()]
		for _, c := range columns {
			if c.tags.matches(g.Resource.Expression) {
				matching = append(matching, c.Name)
			}
		}
		self := e.tags.table(t.Database, t.Name).matches(g.Resource.Expression)
		if !self && len(matching) == 0 {
			continue
		}
		reached = true
		permissions, grantable := expand(g, lakeformation.Table(t.Database, t.Name))
		if len(matching) < len(columns) {
			permissions, grantable = partly(permissions), partly(grantable)
		}
		if len(matching) == 0 && len(columns) > 0 { // the table's own tags match and no column's
			permissions, grantable = without(permissions, lakeformation.Select), without(grantable, lakeformation.Select)
		}
		h := e.hold(g, e.tableRow(t))
		h.give(permissions, grantable)
		h.read(permissions, grantable, matching, "")
	}
	return reached
}

// expand returns the permissions of a grant with ALL spelt out for the resource.
func expand(g lakeformation.Grant, on lakeformation.Resource) (permissions, grantable []lakeformation.Permission) {
	spell := func(in []lakeformation.Permission) []lakeformation.Permission {
		if !slices.Contains(in, all) {
			return in
		}
		return lakeformation.SortPermissions(append(without(in, all), lakeformation.PermissionsFor(on)...))
	}
	return spell(g.Permissions), spell(g.Grantable)
}

// partly returns what is left of permissions on a table when a policy matches
// only some of its columns: those that need the whole table become DESCRIBE.
func partly(in []lakeformation.Permission) []lakeformation.Permission {
	var out []lakeformation.Permission
	for _, p := range in {
		if p == lakeformation.Select {
			out = append(out, p)
		} else {
			out = append(out, lakeformation.Describe)
		}
	}
	return out
}

func without(in []lakeformation.Permission, p lakeformation.Permission) []lakeformation.Permission {
	return slices.DeleteFunc(slices.Clone(in), func(have lakeformation.Permission) bool { return have == p })
}

// hold returns what the grant's principal has on a row's object, made on first use.
func (e *evaluation) hold(g lakeformation.Grant, row Row) *holding {
	key := strings.Join([]string{g.Principal, string(row.Kind), row.Database, row.Table, row.Object}, "\x00")
	if e.holds[key] == nil {
		row.Principal, row.Account, row.Region = g.Principal, e.Account, e.Region
		e.holds[key] = &holding{Row: row, rights: map[lakeformation.Permission]bool{}, columns: map[string]*cells{}}
	}
	return e.holds[key]
}

func (e *evaluation) databaseRow(d Database) Row {
	tags := e.tags.database(d.Name)
	return Row{
		Kind: OnDatabase, Database: d.Name, Object: d.Target, Domain: tags.facet(ontology.TagKeyDomain),
		Zone: tags.facet(ontology.TagKeyZone), Product: tags.facet(ontology.TagKeyProduct),
	}
}

func (e *evaluation) tableRow(t Table) Row {
	tags := e.tags.table(t.Database, t.Name)
	return Row{
		Kind: OnTable, Database: t.Database, Table: t.Name, Object: t.Target, Domain: tags.facet(ontology.TagKeyDomain),
		Zone: tags.facet(ontology.TagKeyZone), Product: tags.facet(ontology.TagKeyProduct),
	}
}

// give adds permissions on the object as a whole.
func (h *holding) give(permissions, grantable []lakeformation.Permission) {
	for _, p := range permissions {
		h.rights[p] = h.rights[p] || slices.Contains(grantable, p)
	}
}

// read adds SELECT, if it is among the permissions, on some columns and rows;
// "" is every row.
func (h *holding) read(permissions, grantable []lakeformation.Permission, columns []string, rows string) {
	if !slices.Contains(permissions, lakeformation.Select) {
		return
	}
	h.give([]lakeformation.Permission{lakeformation.Select}, grantable)
	for _, name := range columns {
		c := h.columns[name]
		if c == nil {
			c = &cells{}
			h.columns[name] = c
		}
		c.everyRow = c.everyRow || rows == ""
		c.rows = append(c.rows, rows)
		c.grantable = c.grantable || slices.Contains(grantable, lakeformation.Select)
	}
}

// rows returns the matrix rows of the catalog, unsorted.
func (e *evaluation) rows() []Row {
	var out []Row
	for _, key := range sortedKeys(e.holds) {
		h := e.holds[key]
		row := h.Row
		order := make([]lakeformation.Permission, 0, len(h.rights))
		for p := range h.rights {
			order = append(order, p)
		}
		for _, p := range lakeformation.SortPermissions(order) {
			row.Rights = append(row.Rights, Right{p, h.rights[p]})
		}
		seen, total := map[string]int{}, map[string]int{}
		for _, c := range e.columns[row.Database+"."+row.Table] {
			if row.Kind != OnTable {
				break
			}
			level := c.tags.sensitivity()
			total[level]++
			if got := h.columns[c.Name]; got != nil {
				seen[level]++
				cell := Cells{Name: c.Name, Type: c.Type, Sensitivity: level, Grantable: got.grantable}
				if !got.everyRow {
					cell.Rows = distinct(got.rows)
				}
				row.Columns = append(row.Columns, cell)
			}
		}
		levels := sortedKeys(total)
		slices.SortFunc(levels, compareLevels)
		for _, l := range levels {
			row.Levels = append(row.Levels, Level{l, seen[l], total[l]})
		}
		if row.Kind == OnLocation {
			row.Domain, row.Zone = e.ownerOf(row.Object)
		}
		if len(row.Rights) > 0 {
			out = append(out, row)
		}
	}
	return out
}

func (e *evaluation) admins() []Admin {
	var out []Admin
	for _, p := range e.Admins {
		out = append(out, Admin{Account: e.Account, Region: e.Region, Principal: p})
	}
	for _, p := range e.Readers {
		out = append(out, Admin{Account: e.Account, Region: e.Region, Principal: p, ReadOnly: true})
	}
	slices.SortStableFunc(out, func(a, b Admin) int { return cmp.Compare(Short(a.Principal), Short(b.Principal)) })
	return out
}
