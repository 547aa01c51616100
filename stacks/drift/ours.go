package drift

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
)

// adopt makes what nobody did by hand a part of what is expected.
func (c *comparison) adopt() {
	for _, found := range slices.Clone(c.found.Catalogs) {
		for _, adopt := range []func(expected, found *access.Catalog){c.adoptOthers, c.adoptSettings, c.adoptTables, c.adoptImplicitGrants, c.adoptFhirStores} {
			adopt(c.expected.Catalog(found.Account, found.Region), &found)
		}
	}
	for i := range c.expected.Catalogs {
		expected := &c.expected.Catalogs[i]
		found := c.found.Catalog(expected.Account, expected.Region)
		found.FhirStores = expected.FhirStores
		c.endSubscriptions(expected, found)
	}
	c.expected.Normalize()
	c.found.Normalize()
}

// adoptOthers takes databases of others as they are, with all that is in them.
func (c *comparison) adoptOthers(expected, found *access.Catalog) {
	var others []string
	for _, d := range found.Databases {
		theirs := slices.ContainsFunc(c.templates.Others, func(pattern string) bool {
			matches, _ := path.Match(pattern, d.Name) // a pattern that is none matches nothing
			return matches
		})
		if !theirs || slices.ContainsFunc(expected.Databases, func(o access.Database) bool { return o.Name == d.Name }) {
			continue
		}
		expected.Databases = append(expected.Databases, d)
		expected.Tables = append(expected.Tables, chosen(found.Tables, func(t access.Table) bool { return t.Database == d.Name })...)
		expected.Associations = append(expected.Associations, chosen(found.Associations, func(a lakeformation.TagAssociation) bool { return a.Resource.Database == d.Name })...)
		expected.Filters = append(expected.Filters, chosen(found.Filters, func(f lakeformation.DataCellsFilter) bool { return f.Database == d.Name })...)
		expected.Grants = append(expected.Grants, chosen(found.Grants, func(g lakeformation.Grant) bool { return g.Resource.Database == d.Name })...)
		others = append(others, d.Name)
	}
	if len(others) > 0 {
		c.note("%s: databases of others, which are not reported: %s", found.Key(), strings.Join(others, ", "))
	}
}

// chosen returns those of a list that a condition holds for.
func chosen[T any](in []T, holds func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(in), func(v T) bool { return !holds(v) })
}

// adoptSettings takes the settings as they are where no template has any, and the reader
// as a read-only administrator.
func (c *comparison) adoptSettings(expected, found *access.Catalog) {
	key := found.Key()
	if !slices.Contains(c.templates.Settings, key) {
		if len(found.Admins)+len(found.ReadOnlyAdmins)+len(found.OpenByDefault) > 0 {
			c.note("%s: no template sets the data lake settings, so they are not compared: administrators are %s; new ones are open to %s of: %s",
				key, namesOrNobody(slices.Concat(found.Admins, found.ReadOnlyAdmins)), access.IAMAllowedPrincipals, orNothing(found.OpenByDefault))
		}
		copySettings(expected, found)
		return
	}
	caller := c.reading.Callers[key]
	for _, admin := range found.ReadOnlyAdmins {
		if caller != "" && live.SamePrincipal(admin, caller) && !slices.Contains(expected.ReadOnlyAdmins, admin) {
			expected.ReadOnlyAdmins = append(expected.ReadOnlyAdmins, admin)
			c.note("%s: %s, who reads this, is a read-only administrator that no template names", key, access.Short(admin))
		}
	}
}

// adoptTables takes tables as expected that roles of the templates made in databases of the
// templates, with their columns: those of crawlers and jobs.
func (c *comparison) adoptTables(expected, found *access.Catalog) {
	var adopted []string
	for _, t := range found.Tables {
		creator := c.reading.Creators[found.Key()+" "+t.Key()]
		inOurs := slices.ContainsFunc(expected.Databases, func(d access.Database) bool { return d.Name == t.Database })
		known := slices.ContainsFunc(expected.Tables, func(o access.Table) bool { return o.Key() == t.Key() })
		if inOurs && !known && c.isOurs(creator) {
			expected.Tables = append(expected.Tables, t)
			adopted = append(adopted, t.Key())
		}
	}
	if len(adopted) > 0 {
		c.note("%s: made by crawlers and jobs of the templates, and not reported: %s", found.Key(), strings.Join(adopted, ", "))
	}
}

// isOurs reports whether a principal, as Glue names who made a table, is a role that the
// templates make or deploy with.
func (c *comparison) isOurs(creator string) bool {
	return creator != "" && slices.ContainsFunc(slices.Concat(c.templates.Roles, c.templates.Deployers), func(role string) bool {
		return live.SamePrincipal(role, creator)
	})
}

// adoptFhirStores takes it as expected that HealthLake has put a link to its tables into the
// catalog of each FHIR store, and that the workflow has made one of its own and granted
// the tables to the readers. AWS documents neither the account nor the names of HealthLake.
func (c *comparison) adoptFhirStores(expected, found *access.Catalog) {
	targets, closed := map[string]bool{}, 0
	for _, store := range slices.Clone(expected.FhirStores) {
		i := slices.IndexFunc(found.Databases, func(d access.Database) bool { return d.Name == store.Database && d.Target != "" })
		if i < 0 {
			closed++
			c.note("%s: the tables of FHIR store %s are not opened yet: there is no database %s", found.Key(), store.Name, store.Database)
			continue
		}
		link := found.Databases[i]
		targets[link.Target] = true
		own := c.expected.Catalog(found.Account, found.Region)
		own.Databases = append(own.Databases, link)
		for _, reader := range store.Readers {
			own := c.expected.Catalog(found.Account, found.Region) // the last reader may have made a catalog
			own.Grants = append(own.Grants, lakeformation.Grant{
				Principal: reader, Resource: lakeformation.Database(store.Database).In(found.Account), Permissions: []lakeformation.Permission{lakeformation.Describe},
			})
			c.expectCascaded(found, link.Target, reader)
		}
	}
	for _, d := range found.Databases {
		owner, _, isLink := strings.Cut(d.Target, "/")
		foreign := isLink && !slices.ContainsFunc(c.templates.Places, func(p live.Place) bool { return p.Account == owner })
		known := slices.ContainsFunc(c.expected.Catalog(found.Account, found.Region).Databases, func(o access.Database) bool { return o.Name == d.Name })
		if !foreign || known || !targets[d.Target] && closed == 0 {
			continue
		}
		if !targets[d.Target] {
			closed--
			c.note("%s: database %s, a link to %s, is taken for the one that HealthLake makes of a FHIR store", found.Key(), d.Name, d.Target)
		}
		own := c.expected.Catalog(found.Account, found.Region)
		own.Databases = append(own.Databases, d)
	}
}

// expectCascaded expects what the workflow of a FHIR store grants a reader of its tables.
func (c *comparison) expectCascaded(found *access.Catalog, target, reader string) {
	account, database, _ := strings.Cut(target, "/")
	shared := c.expected.Catalog(account, found.Region)
	shared.Cascaded = append(shared.Cascaded, access.CascadedGrant{By: found.Account, Grant: lakeformation.Grant{
		Principal: reader, Resource: lakeformation.Table(database, lakeformation.AllTables).In(account),
		Permissions: []lakeformation.Permission{lakeformation.Describe, lakeformation.Select},
	}})
}

// adoptImplicitGrants takes what the deploying roles hold, and what roles of the templates
// hold on tables that they made, as expected: Lake Formation grants it by itself.
func (c *comparison) adoptImplicitGrants(expected, found *access.Catalog) {
	for _, g := range found.Grants {
		deployer := slices.ContainsFunc(c.templates.Deployers, func(role string) bool { return live.SamePrincipal(role, g.Principal) })
		creator := c.reading.Creators[found.Key()+" "+g.Resource.Database+"."+g.Resource.Table]
		ownTable := g.Resource.Table != "" && live.SamePrincipal(g.Principal, creator) && c.isOurs(creator)
		if deployer || ownTable {
			expected.Grants = append(expected.Grants, g)
		}
	}
}

// endSubscriptions takes away from what is expected what was granted for subscriptions that
// have ended, where it is revoked, and reports it where it is not.
func (c *comparison) endSubscriptions(expected, found *access.Catalog) {
	for i, g := range expected.Grants {
		expected.Grants[i] = c.endGrant(expected, g, found.Grants, "")
	}
	expected.Grants = slices.DeleteFunc(expected.Grants, func(g lakeformation.Grant) bool { return len(g.Permissions) == 0 })
	for i, cascaded := range expected.Cascaded {
		var theirs []lakeformation.Grant
		for _, f := range found.Cascaded {
			if f.By == cascaded.By {
				theirs = append(theirs, f.Grant)
			}
		}
		expected.Cascaded[i].Grant = c.endGrant(expected, cascaded.Grant, theirs, cascaded.By)
	}
	expected.Cascaded = slices.DeleteFunc(expected.Cascaded, func(g access.CascadedGrant) bool { return len(g.Grant.Permissions) == 0 })
}

// endGrant returns what of a grant is expected on the day.
func (c *comparison) endGrant(catalog *access.Catalog, g lakeformation.Grant, found []lakeformation.Grant, by string) lakeformation.Grant {
	var out []lakeformation.Permission
	var late []string
	var last string
	for _, p := range g.Permissions {
		names, lastDay := subscriptionsOf(catalog, g, p)
		ended := lastDay != "" && lastDay < c.day
		if ended && !holds(found, g, p) {
			continue // as it has to be
		}
		out = append(out, p)
		if ended && lastDay < c.dayBefore { // the workflow runs soon after midnight
			late, last = append(late, names...), max(last, lastDay)
		}
	}
	if len(late) > 0 {
		slices.Sort(late)
		late = slices.Compact(late)
		c.out.Findings = append(c.out.Findings, Finding{
			Kind: NotEnded, Catalog: cmp.Or(by, catalog.Account) + "/" + catalog.Region, Subject: g.Resource.In("").Key(), Principal: g.Principal,
			Expected: "ended on " + last, Found: join(out),
			Text: access.Short(g.Principal) + " still holds " + join(out) + " on " + describe(g.Resource.In("")) + inAccount(by, catalog.Account) + ", for subscriptions whose last day was " + last + " or before: " + strings.Join(late, ", "),
		})
	}
	ends := func(p lakeformation.Permission) bool { return !slices.Contains(out, p) }
	g.Permissions, g.Grantable = out, slices.DeleteFunc(slices.Clone(g.Grantable), ends)
	return g
}

// subscriptionsOf returns the names of the subscriptions that a permission is granted for,
// and the last day of them.
func subscriptionsOf(c *access.Catalog, g lakeformation.Grant, p lakeformation.Permission) (names []string, lastDay string) {
	for _, s := range c.Subscriptions {
		if holds(s.Grants, g, p) {
			names, lastDay = append(names, s.Name), max(lastDay, s.LastDay)
		}
	}
	return names, lastDay
}

// holds reports whether some of the grants give the principal of another the permission on
// the same.
func holds(grants []lakeformation.Grant, of lakeformation.Grant, p lakeformation.Permission) bool {
	return slices.ContainsFunc(grants, func(g lakeformation.Grant) bool { return g.Key() == of.Key() && slices.Contains(g.Permissions, p) })
}
