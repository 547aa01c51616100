package drift

import (
	"fmt"
	"slices"
	"time"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
)

// Find compares what accounts hold with what templates say. The day decides which
// subscriptions have ended.
func Find(t *Templates, reading *live.Reading, day time.Time) *Report {
	c := &comparison{
		templates: t, reading: reading, day: day.Format(time.DateOnly), dayBefore: day.AddDate(0, 0, -1).Format(time.DateOnly), out: &Report{},
		expected: within(t.State, reading.Places), found: within(reading.State, reading.Places),
	}
	for _, p := range reading.Places {
		c.out.Places = append(c.out.Places, p.Account+"/"+p.Region)
	}
	for _, p := range reading.Problems {
		c.out.Unread = append(c.out.Unread, p.Error())
		c.assume(p)
	}
	c.adopt()
	diff := access.Diff(c.expected, c.found)
	c.findings(diff)
	c.out.sort()
	return c.out
}

// comparison is one Find.
type comparison struct {
	templates *Templates
	reading   *live.Reading
	day       string // YYYY-MM-DD
	dayBefore string // YYYY-MM-DD
	expected  *access.State
	found     *access.State
	out       *Report
}

// within returns a copy of what a state says about some places, with what these grant on
// catalogs of others.
func within(s *access.State, places []live.Place) *access.State {
	out := access.Merge(s)
	for i := range out.Catalogs {
		c := &out.Catalogs[i]
		c.Cascaded = slices.DeleteFunc(c.Cascaded, func(g access.CascadedGrant) bool {
			return !slices.Contains(places, live.Place{Account: g.By, Region: c.Region})
		})
		if !slices.Contains(places, live.Place{Account: c.Account, Region: c.Region}) {
			*c = access.Catalog{Account: c.Account, Region: c.Region, Cascaded: c.Cascaded}
		}
		// What only templates know is no drift.
		c.Bypasses, c.Grantors, c.WorkGroups, c.UnknownDefaults, c.OptIns, c.OptInsKnown = nil, nil, nil, nil, nil, false
	}
	return out
}

// assume takes it that an account holds what the templates say where a call failed.
func (c *comparison) assume(p live.Problem) {
	expected, found := c.expected.Catalog(p.Account, p.Region), c.found.Catalog(p.Account, p.Region)
	about := func(database, table string) bool {
		return len(p.About) == 0 || slices.Contains(p.About, database+"."+table) || slices.Contains(p.About, database)
	}
	exactly := func(r lakeformation.Resource) bool {
		if r.Kind == lakeformation.KindDatabase {
			return len(p.About) == 0 || slices.Contains(p.About, r.Database)
		}
		return len(p.About) == 0 || slices.Contains(p.About, r.Database+"."+r.Table)
	}
	tables := func() {
		found.Tables = replaced(found.Tables, expected.Tables, func(t access.Table) bool { return about(t.Database, t.Name) })
		found.Associations = replaced(found.Associations, expected.Associations, func(a lakeformation.TagAssociation) bool {
			return a.Resource.Kind != lakeformation.KindDatabase && about(a.Resource.Database, a.Resource.Table)
		})
		found.Filters = replaced(found.Filters, expected.Filters, func(f lakeformation.DataCellsFilter) bool { return about(f.Database, f.Table) })
	}
	switch p.Part {
	case live.Everything:
		cascaded := found.Cascaded
		*found = *expected
		found.Cascaded = cascaded
		c.assumeCascaded(p)
	case live.Settings:
		copySettings(found, expected)
	case live.Locations:
		found.Locations = expected.Locations
	case live.Tags:
		found.Tags = expected.Tags
	case live.Databases:
		found.Databases, found.Associations = expected.Databases, expected.Associations
		tables()
	case live.Tables:
		tables()
	case live.Assigned:
		found.Associations = replaced(found.Associations, expected.Associations, func(a lakeformation.TagAssociation) bool { return exactly(a.Resource) })
	case live.Filters:
		found.Filters = replaced(found.Filters, expected.Filters, func(f lakeformation.DataCellsFilter) bool { return about(f.Database, f.Table) })
	case live.Permissions:
		found.Grants = expected.Grants
		c.assumeCascaded(p)
	case live.OptIns, live.Catalogs, live.NameOfStack: // not compared
	}
}

// assumeCascaded takes it that an account grants of others' catalogs what the templates say.
func (c *comparison) assumeCascaded(p live.Problem) {
	of := func(g access.CascadedGrant) bool { return g.By == p.Account }
	for _, expected := range slices.Clone(c.expected.Catalogs) {
		if expected.Region == p.Region {
			found := c.found.Catalog(expected.Account, expected.Region)
			found.Cascaded = replaced(found.Cascaded, expected.Cascaded, of)
		}
	}
}

// replaced returns a list in which those that a condition chooses are those of another.
func replaced[T any](in, by []T, chosen func(T) bool) []T {
	out := slices.DeleteFunc(slices.Clone(in), chosen)
	for _, v := range by {
		if chosen(v) {
			out = append(out, v)
		}
	}
	return out
}

func copySettings(to, from *access.Catalog) {
	to.Admins, to.ReadOnlyAdmins, to.OpenByDefault = from.Admins, from.ReadOnlyAdmins, from.OpenByDefault
	to.FullTableAccess, to.ExternalFiltering = from.FullTableAccess, from.ExternalFiltering
}

// findings turns the difference into findings, and says at each who gains and loses what.
func (c *comparison) findings(diff *access.Difference) {
	groups := c.groupsOf(diff.Changes)
	said := make([]bool, len(diff.Rights))
	var unknown int
	for _, change := range diff.Changes {
		if change.Kind == access.KindUnresolved || groups.hides(change) {
			continue
		}
		if template.IsUnresolved(change.Subject + change.Before) {
			unknown++
			continue
		}
		f := c.finding(change)
		for i, r := range diff.Rights {
			if leadsTo(change, r) {
				said[i] = true
				f.Rights = append(f.Rights, r.String())
			}
		}
		c.out.Findings = append(c.out.Findings, f)
	}
	for i, r := range diff.Rights {
		if !said[i] && !template.IsUnresolved(r.Principal+r.Object) {
			c.out.Rights = append(c.out.Rights, r.String())
		}
	}
	if unknown > 0 {
		c.note("%d things of the templates have names that only the deployment gives, and are not compared", unknown)
	}
	c.noteUnresolved()
}

// noteUnresolved notes what could not be read of either side.
func (c *comparison) noteUnresolved() {
	if n := len(c.templates.State.Unresolved); n > 0 {
		c.note("%d things in the templates could not be read, which lakemesh access lists: what they lead to is reported", n)
	}
	for _, u := range c.reading.State.Unresolved {
		c.note("%s", u.String())
	}
}

func (c *comparison) note(format string, args ...any) {
	c.out.Notes = append(c.out.Notes, fmt.Sprintf(format, args...))
}

// groups are databases that one side lacks, with all that is in them, by catalog and name.
type groups map[string]access.Op

func (c *comparison) groupsOf(changes []access.Change) groups {
	out := groups{}
	for _, change := range changes {
		if change.Kind == "database" && change.Op != access.Changed {
			out[change.Catalog+" "+change.Subject] = change.Op
		}
	}
	return out
}

// hides reports whether a change is told by that of the database that it is in.
func (g groups) hides(c access.Change) bool {
	op, grouped := g[c.Catalog+" "+c.Resource.Database]
	return grouped && op == c.Op && c.Kind != "database" && c.Resource.Database != ""
}
