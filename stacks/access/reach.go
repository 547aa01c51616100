package access

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// grant adds what one grant gives.
func (e *evaluation) grant(g lakeformation.Grant) {
	r, reached := g.Resource, true
	switch r.Kind {
	case lakeformation.KindDatabase:
		if !e.grantDatabases(g, e.find().databases[r.Database]) {
			permissions, grantable := expand(g, r)
			e.hold(g, e.databaseRow(Database{Name: r.Database})).give(permissions, grantable)
			e.noteUnknownObject(g)
		}
	case lakeformation.KindTable, lakeformation.KindColumns, lakeformation.KindDataCells:
		reached = e.grantTables(g)
	case lakeformation.KindTagPolicy:
		reached = e.grantByTags(g)
	case lakeformation.KindLocation:
		e.hold(g, Row{Kind: OnLocation, Object: r.Location}).give(g.Permissions, g.Grantable)
	case lakeformation.KindTag:
		permissions, grantable := expand(g, r)
		e.hold(g, Row{Kind: OnTag, Object: r.TagKey + "=" + strings.Join(r.TagValues, "|")}).give(permissions, grantable)
	case lakeformation.KindCatalog:
		e.hold(g, Row{Kind: OnCatalog}).give(g.Permissions, g.Grantable)
		if slices.Contains(g.Permissions, superUser) {
			e.grantAll(g)
		}
	default:
		reached = false
	}
	if !reached && !e.reachesElsewhere(g) {
		e.doubt("grants that reach nothing known", "a grant that reaches nothing known: %v to %s on %s", g.Permissions, g.Principal, r.Key())
	}
}

// reachesElsewhere reports whether a grant by tags is of another catalog of the account, or
// reaches something in one that is nested in this one.
func (e *evaluation) reachesElsewhere(g lakeformation.Grant) bool {
	if g.Resource.Kind != lakeformation.KindTagPolicy {
		return false
	}
	return strings.HasPrefix(e.Account, g.Resource.Catalog+":") || slices.ContainsFunc(e.nested, func(n *evaluation) bool { return n.grantByTags(g) })
}

// superUser is the permission on a catalog that is every one on all that is in it.
// Source: "Lake Formation permissions reference".
const superUser lakeformation.Permission = "SUPER_USER"

// grantAll adds every permission on every database and table of the catalog.
func (e *evaluation) grantAll(g lakeformation.Grant) {
	everything := lakeformation.Grant{Principal: g.Principal, Permissions: []lakeformation.Permission{all}}
	if slices.Contains(g.Grantable, superUser) {
		everything.Grantable = everything.Permissions
	}
	give := func(r lakeformation.Resource) {
		everything.Resource = r.In(g.Resource.Catalog)
		e.grant(everything)
	}
	var databases []string
	for _, d := range e.Databases {
		give(lakeformation.Database(d.Name))
		if d.Target == "" {
			databases = append(databases, d.Name)
		}
	}
	for _, t := range e.Tables {
		databases = append(databases, t.Database)
	}
	for _, name := range distinct(databases) {
		give(lakeformation.Table(name, lakeformation.AllTables))
	}
}

// grantDatabases adds a grant on databases.
func (e *evaluation) grantDatabases(g lakeformation.Grant, places []int) (reached bool) {
	for _, i := range places {
		d := e.Databases[i]
		permissions, grantable := expand(g, lakeformation.Database(d.Name))
		e.hold(g, e.databaseRow(d)).give(permissions, grantable)
	}
	return len(places) > 0
}

// databasesTagged are the places of the databases that an expression means.
func (e *evaluation) databasesTagged(expression []lakeformation.Condition) []int {
	var out []int
	for i, d := range e.Databases {
		if e.tags.database(d.Name).matches(expression) {
			out = append(out, i)
		}
	}
	return out
}

// grantTables adds a grant that names a table, columns of it or a filter on it.
func (e *evaluation) grantTables(g lakeformation.Grant) (reached bool) {
	r, f := g.Resource, e.find()
	for _, i := range f.named(r) {
		t := e.Tables[i]
		permissions, grantable := expand(g, lakeformation.Table(t.Database, t.Name))
		switch r.Kind {
		case lakeformation.KindDataCells:
			for _, j := range f.filters[t.Key()] {
				if filter := e.Filters[j]; filter.Name == r.Filter {
					reached = true
					e.holdOn(g, f.rows[i]).read(permissions, grantable, f.set(i, included(t, filter.Columns, filter.Excluded)), filter.Rows)
				}
			}
		case lakeformation.KindColumns:
			reached = true
			e.noteColumns("a grant to "+g.Principal, t, r.Columns, r.Excluded)
			e.holdOn(g, f.rows[i]).read(permissions, grantable, f.set(i, included(t, r.Columns, r.Excluded)), "")
		default:
			reached = true
			h := e.holdOn(g, f.rows[i])
			h.give(permissions, grantable)
			h.read(permissions, grantable, f.keep(strconv.Itoa(i)+" *", func() []string { return included(t, nil, nil) }), "")
		}
	}
	if !reached && (r.Kind != lakeformation.KindDataCells || e.hasFilter(r) && len(f.tables[r.Database+"."+r.Table]) == 0) {
		e.grantUnknownTable(g)
		return true
	}
	return reached
}

func (e *evaluation) hasFilter(r lakeformation.Resource) bool {
	return slices.ContainsFunc(e.find().filters[r.Database+"."+r.Table], func(i int) bool { return e.Filters[i].Name == r.Filter })
}

// grantUnknownTable adds a grant on a table that is not in the catalog, whose columns
// nobody knows, or on every table of a database that has none yet, such as that of a
// crawler before its first run: what it will reach is shown as the table "*".
func (e *evaluation) grantUnknownTable(g lakeformation.Grant) {
	r := g.Resource
	if !(r.Table == lakeformation.AllTables && e.toCome[r.Database]) {
		e.noteUnknownObject(g)
	}
	permissions, grantable := expand(g, lakeformation.Table(r.Database, r.Table))
	h := e.hold(g, e.tableRow(Table{Database: r.Database, Name: r.Table}))
	if r.Kind == lakeformation.KindTable {
		h.give(permissions, grantable)
	} else {
		h.read(permissions, grantable, nil, "")
	}
}

func (e *evaluation) noteUnknownObject(g lakeformation.Grant) {
	e.note("granted on what is not in the catalog as it was read, so nobody knows what is in it: %v to %s on %s", g.Permissions, g.Principal, g.Resource.Key())
}

// grantByTags adds an LF-Tag policy.
func (e *evaluation) grantByTags(g lakeformation.Grant) (reached bool) {
	kind := g.Resource.PolicyType
	if kind == lakeformation.Databases || unresolved(string(kind)) {
		reached = e.grantDatabases(g, e.databasesTagged(g.Resource.Expression))
	}
	if kind == lakeformation.Tables || unresolved(string(kind)) {
		reached = e.grantMatchingTables(g) || reached
	}
	return reached
}

// grantMatchingTables adds an LF-Tag policy on tables.
func (e *evaluation) grantMatchingTables(g lakeformation.Grant) (reached bool) {
	f := e.find()
	for _, i := range f.candidates(g.Resource.Expression) {
		t := e.Tables[i]
		columns := e.columns[t.Key()]
		matching := e.matching(i, g.Resource.Expression)
		if len(matching.names) == 0 && !f.own[i].matches(g.Resource.Expression) {
			continue
		}
		reached = true
		permissions, grantable := expand(g, lakeformation.Table(t.Database, t.Name))
		if len(matching.names) < len(columns) {
			permissions, grantable = partly(permissions), partly(grantable)
		}
		if len(matching.names) == 0 && len(columns) > 0 { // the table's own tags match and no column's
			permissions, grantable = without(permissions, lakeformation.Select), without(grantable, lakeformation.Select)
		}
		h := e.holdOn(g, f.rows[i])
		h.give(permissions, grantable)
		h.read(permissions, grantable, matching, "")
	}
	for _, d := range f.toCome { // what will be made in it inherits its tags
		if e.tags.database(d.Name).matches(g.Resource.Expression) {
			reached = true
			permissions, grantable := expand(g, lakeformation.Table(d.Name, lakeformation.AllTables))
			e.hold(g, e.tableRow(Table{Database: d.Name, Name: lakeformation.AllTables})).give(permissions, grantable)
		}
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
