package access

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// everyTable is how Lake Formation's API names the wildcard of a database's tables.
const everyTable = "ALL_TABLES"

func (c *Catalog) normalize() {
	for i, d := range c.Databases {
		c.Databases[i] = Database{Name: fold(d.Name), Location: foldLocation(d.Location), Target: fold(d.Target)}
	}
	c.Databases = sortedBy(c.Databases, func(d Database) string { return joinKey(d.Name, d.Target, d.Location) })
	c.normalizeTables()
	c.normalizeTags()
	c.normalizeAssociations()
	for i, f := range c.Filters {
		f.Database, f.Table = fold(f.Database), fold(f.Table)
		f.Columns, f.Excluded = foldNames(f.Columns), foldNames(f.Excluded)
		c.Filters[i] = f
	}
	c.Filters = sortedBy(c.Filters, func(f lakeformation.DataCellsFilter) string {
		return joinKey(f.Database, f.Table, f.Name, f.Rows, strings.Join(f.Columns, ","), strings.Join(f.Excluded, ","))
	})
	c.Grants = normalGrants(c.Grants)
	c.normalizeCascaded()
	for i, l := range c.Locations {
		c.Locations[i].ARN = strings.TrimSuffix(l.ARN, "/")
	}
	c.Locations = sortedBy(c.Locations, func(l Location) string { return joinKey(l.ARN, l.Role, fmt.Sprint(l.Hybrid)) })
	c.normalizeFhirStores()
	c.normalizeSubscriptions()
	c.WorkGroups = sortedBy(c.WorkGroups, func(w WorkGroup) string { return fmt.Sprint(w) })
	c.Admins = distinct(c.Admins)
	c.ReadOnlyAdmins = distinct(c.ReadOnlyAdmins)
	c.OpenByDefault = distinct(c.OpenByDefault)
	c.ExternalFiltering = distinct(c.ExternalFiltering)
	for i, o := range c.OptIns {
		c.OptIns[i].Resource = canonical(o.Resource)
	}
	c.OptIns = sortedBy(c.OptIns, func(o OptIn) string { return joinKey(o.Principal, o.Resource.Key()) })
	c.Bypasses = sortedBy(c.Bypasses, func(b Bypass) string { return fmt.Sprint(b) })
	c.Grantors = sortedBy(c.Grantors, func(g Grantor) string { return fmt.Sprint(g) })
	c.UnknownDefaults = foldNames(c.UnknownDefaults)
}

// normalGrants merges grants and brings each to its one form.
func normalGrants(in []lakeformation.Grant) []lakeformation.Grant {
	grants := make([]lakeformation.Grant, len(in))
	for i, g := range in {
		grants[i] = lakeformation.Grant{
			Principal:   g.Principal,
			Resource:    canonical(g.Resource),
			Permissions: slices.Concat(g.Permissions, g.Grantable), // what may be granted on is held
			Grantable:   g.Grantable,
		}
	}
	out := orNil(lakeformation.MergeGrants(grants))
	for i, g := range out {
		out[i].Grantable = orNil(g.Grantable)
	}
	return out
}

// normalizeCascaded merges the cascaded grants of each account.
func (c *Catalog) normalizeCascaded() {
	by := map[string][]lakeformation.Grant{}
	for _, g := range c.Cascaded {
		by[g.By] = append(by[g.By], g.Grant)
	}
	c.Cascaded = nil
	for _, account := range slices.Sorted(maps.Keys(by)) {
		for _, g := range normalGrants(by[account]) {
			c.Cascaded = append(c.Cascaded, CascadedGrant{By: account, Grant: g})
		}
	}
}

// normalizeFhirStores merges what is said about one store under one database.
func (c *Catalog) normalizeFhirStores() {
	slices.SortFunc(c.FhirStores, func(a, b FhirStore) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Database, b.Database), cmp.Compare(a.Domain, b.Domain))
	})
	var out []FhirStore
	for _, s := range c.FhirStores {
		if last := len(out) - 1; last >= 0 && out[last].Name == s.Name && out[last].Database == s.Database {
			out[last].Readers = distinct(slices.Concat(out[last].Readers, s.Readers))
			out[last].Domain = cmp.Or(out[last].Domain, s.Domain)
			continue
		}
		out = append(out, FhirStore{Name: s.Name, Domain: s.Domain, Database: s.Database, Readers: distinct(s.Readers)})
	}
	c.FhirStores = out
}

func (c *Catalog) normalizeTables() {
	for i, t := range c.Tables {
		t.Database, t.Name, t.Target = fold(t.Database), fold(t.Name), fold(t.Target)
		t.Location = foldLocation(t.Location)
		t.Columns, t.PartitionKeys = foldColumns(t.Columns), foldColumns(t.PartitionKeys)
		c.Tables[i] = t
	}
	c.Tables = sortedBy(c.Tables, func(t Table) string { return fmt.Sprint(t) })
	c.Tables = sortedBy(c.Tables, func(t Table) string { return joinKey(t.Database, t.Name) })
}

// normalizeTags joins the values of each key.
func (c *Catalog) normalizeTags() {
	values := map[string][]string{}
	for _, t := range c.Tags {
		key := fold(t.Key)
		values[key] = append(values[key], foldNames(t.Values)...)
	}
	c.Tags = nil
	for _, key := range slices.Sorted(maps.Keys(values)) {
		c.Tags = append(c.Tags, ontology.Tag{Key: key, Values: distinct(values[key])})
	}
}

// normalizeAssociations makes one association per database, table and column.
// Two values for one key are both kept: they contradict each other, and the
// evaluation says so.
func (c *Catalog) normalizeAssociations() {
	resources := map[string]lakeformation.Resource{}
	values := map[string]map[string][]string{}
	for _, a := range c.Associations {
		for _, r := range c.targets(a.Resource) {
			key := r.Key()
			resources[key] = r
			if values[key] == nil {
				values[key] = map[string][]string{}
			}
			for _, tag := range a.Tags {
				k := fold(tag.Key)
				values[key][k] = distinct(append(values[key][k], foldNames(tag.Values)...))
			}
		}
	}
	c.Associations = nil
	for _, key := range slices.Sorted(maps.Keys(resources)) {
		a := lakeformation.TagAssociation{Resource: resources[key]}
		for _, k := range slices.Sorted(maps.Keys(values[key])) {
			a.Tags = append(a.Tags, lakeformation.Condition{Key: k, Values: values[key][k]})
		}
		c.Associations = append(c.Associations, a)
	}
}

// targets returns the resources of an association, each column as one of its own.
func (c *Catalog) targets(r lakeformation.Resource) []lakeformation.Resource {
	r = canonical(r)
	if r.Kind != lakeformation.KindColumns {
		return []lakeformation.Resource{r}
	}
	columns := r.Columns
	if len(columns) == 0 {
		for _, t := range c.Tables {
			if t.Database == r.Database && t.Name == r.Table {
				columns = included(t, nil, r.Excluded)
			}
		}
	}
	out := make([]lakeformation.Resource, len(columns))
	for i, name := range columns {
		out[i] = lakeformation.Columns(r.Database, r.Table, name).In(r.Catalog)
	}
	return out
}

// canonical returns the resource as everybody writes it: folded names, sorted
// lists, "*" for every table, and a table where every column is meant.
func canonical(r lakeformation.Resource) lakeformation.Resource {
	r.Database, r.Table = fold(r.Database), fold(r.Table)
	if strings.EqualFold(r.Table, everyTable) {
		r.Table = lakeformation.AllTables
	}
	r.Columns, r.Excluded = foldNames(r.Columns), foldNames(r.Excluded)
	switch r.Kind {
	case lakeformation.KindColumns:
		if len(r.Excluded) == 0 && (len(r.Columns) == 0 || slices.Contains(r.Columns, lakeformation.AllColumns)) {
			return lakeformation.Table(r.Database, r.Table).In(r.Catalog)
		}
	case lakeformation.KindTagPolicy:
		conditions := make([]lakeformation.Condition, len(r.Expression))
		for i, e := range r.Expression {
			conditions[i] = lakeformation.Condition{Key: fold(e.Key), Values: foldNames(e.Values)}
		}
		slices.SortFunc(conditions, func(a, b lakeformation.Condition) int {
			return cmp.Or(cmp.Compare(a.Key, b.Key), slices.Compare(a.Values, b.Values))
		})
		r.Expression = conditions
	case lakeformation.KindTag:
		r.TagKey, r.TagValues = fold(r.TagKey), foldNames(r.TagValues)
	default: // nothing else is folded
	}
	return r
}
