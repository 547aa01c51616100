package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// Op is what happened to a part of a state.
type Op string

// The three ways in which two states differ in one part.
const (
	Missing Op = "missing" // in the first state only
	Extra   Op = "extra"   // in the second state only
	Changed Op = "changed"
)

// KindUnresolved is the Kind of a Change that is about what cannot be read.
const KindUnresolved = "unresolved"

// Change is one part in which two states differ.
type Change struct {
	Op        Op     // what happened to the part
	Catalog   string // account/region
	Kind      string // database, table, column, tag, tags, filter, grant, location, administrator, …
	Subject   string // name of the part among those of its kind
	Principal string // of grants and administrators
	Before    string // what the first state says of it
	After     string // what the second state says of it
	// Resource is what it is about where Lake Formation has a word for it, without its
	// catalog: of databases, tables, columns, LF-Tags on something, filters, locations and grants.
	Resource lakeformation.Resource
}

// String returns the change as one line.
func (c Change) String() string {
	line := fmt.Sprintf("%s %s: %s %s", c.Op, c.Catalog, c.Kind, c.Subject)
	switch {
	case c.Op == Changed:
		return fmt.Sprintf("%s: %s -> %s", line, cmp.Or(c.Before, "nothing"), cmp.Or(c.After, "nothing"))
	case c.Before+c.After != "":
		return line + ": " + c.Before + c.After
	}
	return line
}

// part is one comparable piece of a state.
type part struct {
	catalog, kind, subject, principal string
	detail                            string
	parent                            string // key of the part that this one goes with
	resource                          lakeformation.Resource
}

func (p part) key() string { return joinKey(p.catalog, p.kind, p.subject) }

func changes(before, after *State) []Change {
	b, a := partsOf(before), partsOf(after)
	var out []Change
	for key, p := range b {
		c := Change{Op: Missing, Catalog: p.catalog, Kind: p.kind, Subject: p.subject, Principal: p.principal, Before: p.detail, Resource: p.resource}
		other, both := a[key]
		switch {
		case both && other.detail == p.detail:
			continue
		case both:
			c.Op, c.After = Changed, other.detail
		case p.parent != "" && !has(a, p.parent):
			continue // the parent is missing, and says it
		}
		out = append(out, c)
	}
	for key, p := range a {
		if has(b, key) || p.parent != "" && !has(b, p.parent) {
			continue
		}
		out = append(out, Change{Op: Extra, Catalog: p.catalog, Kind: p.kind, Subject: p.subject, Principal: p.principal, After: p.detail, Resource: p.resource})
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Catalog, b.Catalog), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Subject, b.Subject))
	})
	return out
}

func has(parts map[string]part, key string) bool {
	_, ok := parts[key]
	return ok
}

// partsOf takes a normalized state apart.
func partsOf(s *State) map[string]part {
	out := map[string]part{}
	for _, c := range s.Catalogs {
		add := func(p part) {
			p.catalog = c.Key()
			if before, again := out[p.key()]; again { // two filters of one name
				p.detail = before.detail + " or " + p.detail
			}
			out[p.key()] = p
		}
		for _, d := range c.Databases {
			add(part{kind: "database", subject: d.Name, detail: locationOrTarget(d.Location, d.Target), resource: lakeformation.Database(d.Name)})
		}
		for _, t := range c.Tables {
			table := part{catalog: c.Key(), kind: "table", subject: t.Key(), detail: locationOrTarget(t.Location, t.Target), resource: lakeformation.Table(t.Database, t.Name)}
			add(table)
			for _, col := range t.Columns {
				add(part{kind: "column", subject: t.Key() + "." + col.Name, detail: col.Type, parent: table.key(), resource: lakeformation.Columns(t.Database, t.Name, col.Name)})
			}
			for _, col := range t.PartitionKeys {
				add(part{kind: "column", subject: t.Key() + "." + col.Name, detail: col.Type + " partition key", parent: table.key(), resource: lakeformation.Columns(t.Database, t.Name, col.Name)})
			}
		}
		for _, t := range c.Tags {
			add(part{kind: "tag", subject: t.Key, detail: strings.Join(t.Values, ", ")})
		}
		for _, a := range c.Associations {
			add(part{kind: "tags on", subject: a.Resource.In("").Key(), detail: describeTags(a.Tags), resource: a.Resource.In("")})
		}
		for _, f := range c.Filters {
			add(part{kind: "filter", subject: f.Database + "." + f.Table + "[" + f.Name + "]", detail: describeFilter(f), resource: lakeformation.DataCells(f.Database, f.Table, f.Name)})
		}
		for _, g := range c.Grants {
			add(part{kind: "grant", subject: g.Principal + " on " + g.Resource.In("").Key(), principal: g.Principal, detail: describePermissions(g), resource: g.Resource.In("")})
		}
		for _, cascaded := range c.Cascaded {
			g := cascaded.Grant
			add(part{kind: "grant by " + cascaded.By, subject: g.Principal + " on " + g.Resource.In("").Key(), principal: g.Principal, detail: describePermissions(g), resource: g.Resource.In("")})
		}
		for _, l := range c.Locations {
			detail := cmp.Or(l.Role, "service-linked role")
			if l.Hybrid {
				detail += ", in hybrid access mode"
			}
			add(part{kind: "location", subject: l.ARN, detail: detail, resource: lakeformation.Location(l.ARN)})
		}
		for _, s := range c.FhirStores {
			add(part{kind: "database of FHIR store", subject: s.Name, detail: s.Database})
			for _, p := range s.Readers {
				add(part{kind: "reader of all tables of FHIR store", subject: s.Name + ": " + p, principal: p})
			}
		}
		for _, p := range c.Admins {
			add(part{kind: "administrator", subject: p, principal: p})
		}
		for _, p := range c.ReadOnlyAdmins {
			add(part{kind: "read-only administrator", subject: p, principal: p})
		}
		if c.FullTableAccess {
			add(part{kind: "setting", subject: "credentials for whole tables", detail: "lent to engines that do not filter"})
		}
		if len(c.ExternalFiltering) > 0 {
			add(part{kind: "setting", subject: "external data filtering", detail: "by engines of " + strings.Join(c.ExternalFiltering, ", ")})
		}
		for _, kind := range c.OpenByDefault {
			add(part{kind: "default permissions", subject: "new " + kind, detail: "open to " + IAMAllowedPrincipals})
		}
	}
	for _, u := range s.Unresolved {
		p := part{catalog: "templates", kind: KindUnresolved, subject: u.Place + " " + u.Text, detail: u.Reason}
		out[p.key()] = p
	}
	return out
}

func locationOrTarget(location, target string) string {
	if target != "" {
		return "link to " + target
	}
	return location
}

func describeTags(conditions []lakeformation.Condition) string {
	return strings.Join(conditionTexts(conditions), ", ")
}

// conditionTexts are conditions on tags as "key=value|value".
func conditionTexts(conditions []lakeformation.Condition) []string {
	out := make([]string, len(conditions))
	for i, c := range conditions {
		out[i] = c.Key + "=" + strings.Join(c.Values, "|")
	}
	return out
}

func describeFilter(f lakeformation.DataCellsFilter) string {
	columns := "every column"
	switch {
	case len(f.Columns) > 0:
		columns = strings.Join(f.Columns, ", ")
	case len(f.Excluded) > 0:
		columns = "every column but " + strings.Join(f.Excluded, ", ")
	}
	return columns + " where " + cmp.Or(f.Rows, "every row")
}

func describePermissions(g lakeformation.Grant) string {
	text := joinPermissions(g.Permissions)
	if len(g.Grantable) > 0 {
		text += "; may pass on " + joinPermissions(g.Grantable)
	}
	return text
}

func joinPermissions(in []lakeformation.Permission) string {
	parts := make([]string, len(in))
	for i, p := range in {
		parts[i] = string(p)
	}
	return strings.Join(parts, ", ")
}
