package access

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

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
