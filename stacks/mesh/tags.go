package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

func valueOf(tags []contract.LFTag, key string) (string, bool) {
	for _, tag := range tags {
		if tag.Key == key {
			return tag.Value, true
		}
	}
	return "", false
}

func firstValue(key string, levels ...[]contract.LFTag) (string, bool) {
	for _, tags := range levels {
		if value, ok := valueOf(tags, key); ok {
			return value, true
		}
	}
	return "", false
}

// columnTags are the values of a column for the keys of the ontology, by facet:
// its own, else that of its table, else that of its contract. Where none of them
// says, a key of the whole mesh that any contract uses has its last value, the
// most restrictive, and a domain's own key has none.
func (d *Definition) columnTags(domain string, k *contract.Contract, t contract.Table, c contract.Column) map[string]string {
	out := map[string]string{}
	for key, v := range d.vocabularies(domain) {
		if value, ok := firstValue(key, c.LFTags, t.LFTags, k.LFTags); ok {
			out[v.facet] = value
		} else if v.whole && v.last() != "" && d.used(key) {
			out[v.facet] = v.last()
		}
	}
	return out
}

// tableTags are the values of a table by facet: the most restrictive of its
// columns', so that nothing becomes visible by its table. A key that not every
// column has a value for is left to the columns, as the others would inherit it.
func (d *Definition) tableTags(domain string, k *contract.Contract, t contract.Table) map[string]string {
	out := map[string]string{}
	for _, v := range d.vocabularies(domain) {
		var values []string
		for _, c := range t.Columns {
			if value, ok := d.columnTags(domain, k, t, c)[v.facet]; ok {
				values = append(values, value)
			}
		}
		if len(values) > 0 && len(values) == len(t.Columns) {
			out[v.facet] = slices.MaxFunc(values, func(a, b string) int { return v.rank(a) - v.rank(b) })
		}
	}
	return out
}

// meets reports whether the values, by facet, meet every tag.
func (d *Definition) meets(tags []ontology.Tag, values map[string]string) bool {
	byKey := map[string]string{}
	for facet, value := range values {
		byKey[ontology.Key(d.Name, facet)] = value
	}
	return !slices.ContainsFunc(tags, func(tag ontology.Tag) bool { return !slices.Contains(tag.Values, byKey[tag.Key]) })
}

// shownColumns are the names of a table's columns that have one of the levels and
// one of the values of every tag, sorted: what a tag policy would show of it.
func (d *Definition) shownColumns(domain string, k *contract.Contract, t contract.Table, wanted []ontology.Sensitivity, tags []ontology.Tag) []string {
	var out []string
	for _, c := range t.Columns {
		if slices.Contains(wanted, c.Level()) && d.meets(tags, d.columnTags(domain, k, t, c)) {
			out = append(out, c.Name)
		}
	}
	slices.Sort(out)
	return out
}

// productTags checks the LF-Tags of a contract, its tables and its columns
// against the ontology.
func (c *checker) productTags(p product) {
	known := c.d.vocabularies(c.d.Domains[p.domain].Name)
	c.lfTags(p, "", p.contract.LFTags, known)
	for i, t := range p.contract.Tables {
		path := tablePath(t, i)
		c.lfTags(p, path+".", t.LFTags, known)
		for j, column := range t.Columns {
			c.lfTags(p, cmp.Or(column.Path, path+".columns"+at(j))+".", column.LFTags, known)
		}
	}
}

func (c *checker) lfTags(p product, base string, tags []contract.LFTag, known map[string]vocabulary) {
	keys := slices.Sorted(maps.Keys(known))
	for i, tag := range tags {
		path := cmp.Or(tag.Path, base+"lfTags"+at(i))
		v, found := known[tag.Key]
		_, repeated := valueOf(tags[:i], tag.Key)
		switch {
		case !found:
			c.inContract(p, path, fmt.Sprintf("the key %s", quote(tag.Key)), "a key of the ontology: "+oneOf(keys), "correct the key, or declare it in the mesh file"+suggest(tag.Key, keys))
		case repeated:
			c.inContract(p, path, fmt.Sprintf("the key %q again", tag.Key), "each key once", "keep one of the two")
		case !slices.Contains(v.values, tag.Value):
			c.inContract(p, path, fmt.Sprintf("%s for %s", quote(tag.Value), tag.Key), oneOf(v.values), "choose a value of the ontology"+suggest(tag.Value, v.values))
		}
	}
}

// mostRestrictive finds tables with columns for which nobody chose a value of a
// key that the mesh uses.
func (c *checker) mostRestrictive(p product) {
	known := c.d.vocabularies(c.d.Domains[p.domain].Name)
	for _, key := range slices.Sorted(maps.Keys(known)) {
		v := known[key]
		if !v.whole || v.last() == "" || !c.d.used(key) {
			continue
		}
		for i, t := range p.contract.Tables {
			for _, column := range t.Columns {
				if _, said := firstValue(key, column.LFTags, t.LFTags, p.contract.LFTags); !said {
					c.inContract(p, tablePath(t, i), fmt.Sprintf("no %s for the table %s", key, t.Name), oneOf(v.values),
						fmt.Sprintf("choose one in lfTags; until then it is %s, the most restrictive", v.last()))
					break
				}
			}
		}
	}
}

// associations are the LF-Tags that are written on the domain's databases,
// tables and columns. What is inherited is not repeated: a table has the domain
// and the zone of its database, a column what its table has, unless it is less
// sensitive or less restricted than the most sensitive one beside it. Databases
// have no tags of the mesh file's ontology: those belong to products.
//
// Columns are tagged one by one. CloudFormation replaces an association whose
// list of columns changes: it tags the new list, then removes the tags from the
// old one, and with them those of every column that is in both.
func (p *planner) associations(d DomainPlan) []lf.TagAssociation {
	var out []lf.TagAssociation
	for _, database := range d.Databases {
		out = append(out, p.associate(lf.Database(database.Name), map[string]string{
			ontology.TagKeyDomain:      d.Name,
			ontology.TagKeyZone:        string(database.Zone),
			ontology.TagKeySensitivity: string(ontology.PHI),
		})...)
	}
	for _, t := range d.Tables {
		ofTable := p.d.tableTags(d.Name, t.Contract, t.Table)
		ofTable[ontology.TagKeyProduct] = t.Product
		ofTable[ontology.TagKeySensitivity] = string(t.Table.MaxSensitivity())
		out = append(out, p.associate(lf.Table(t.Database, t.Table.Name), ofTable)...)
		for _, c := range t.Table.Columns {
			own := p.d.columnTags(d.Name, t.Contract, t.Table, c)
			own[ontology.TagKeySensitivity] = string(c.Level())
			maps.DeleteFunc(own, func(facet, value string) bool { return ofTable[facet] == value })
			out = append(out, p.associate(lf.Columns(t.Database, t.Table.Name, c.Name), own)...)
		}
	}
	out = append(out, p.keyAssociations(d)...)
	slices.SortFunc(out, func(a, b lf.TagAssociation) int { return strings.Compare(a.Key(), b.Key()) })
	return out
}

// associate assigns one value for each facet: the facets of the ontology itself in
// one association, each key of the mesh file in one of its own. Those keys come and
// go with what contracts say, and taking a key off a resource is deleting an association.
func (p *planner) associate(r lf.Resource, values map[string]string) []lf.TagAssociation {
	builtIn := map[string]string{}
	var out []lf.TagAssociation
	for _, facet := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(ontology.TagKeys(), facet) {
			builtIn[facet] = values[facet]
			continue
		}
		out = append(out, lf.TagAssociation{Resource: r, Tags: p.tagSet(map[string]string{facet: values[facet]})})
	}
	if len(builtIn) > 0 {
		out = append(out, lf.TagAssociation{Resource: r, Tags: p.tagSet(builtIn)})
	}
	return out
}

// tagSet is one value for each facet, sorted by key.
func (p *planner) tagSet(values map[string]string) []lf.Condition {
	out := make([]lf.Condition, 0, len(values))
	for facet, value := range values {
		out = append(out, lf.Condition{Key: p.key(facet), Values: []string{value}})
	}
	slices.SortFunc(out, func(a, b lf.Condition) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// is a condition of an LF-Tag policy: the facet has one of the values.
func (p *planner) is(facet string, values ...string) lf.Condition {
	return lf.Condition{Key: p.key(facet), Values: values}
}

func (p *planner) key(facet string) string { return ontology.Key(p.d.Name, facet) }

// tags are the LF-Tags of an environment. A tag without values cannot exist, so
// an environment without products has no tag for them.
func (p *planner) tags(env Environment) []ontology.Tag {
	values := tagValues(p.d, p.d.standing(p.stage, env))
	var out []ontology.Tag
	for facet, set := range values {
		if len(set) > 0 {
			out = append(out, ontology.Tag{Key: p.key(facet), Values: set})
		}
	}
	slices.SortFunc(out, func(a, b ontology.Tag) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// standing are the domains that stand in an environment of a stage.
func (d *Definition) standing(stage string, env Environment) []Domain {
	return slices.DeleteFunc(slices.Clone(d.Domains), func(domain Domain) bool { return d.environment(stage, domain.Account) != env })
}

// tagValues are the values that each facet can take, sorted: of domains and their
// products those that are given, of the ontology all. An account has the tags of its
// own resources only: what it reads of another account is granted in that one's
// catalog, by that one's tags.
func tagValues(d *Definition, domains []Domain) map[string][]string {
	out := map[string][]string{}
	for _, domain := range domains {
		if domain.Name != "" {
			out[ontology.TagKeyDomain] = append(out[ontology.TagKeyDomain], domain.Name)
		}
		for _, c := range domain.Contracts {
			if c != nil && c.Name != "" {
				out[ontology.TagKeyProduct] = append(out[ontology.TagKeyProduct], c.Name)
			}
		}
	}
	for _, zone := range ontology.Zones() {
		out[ontology.TagKeyZone] = append(out[ontology.TagKeyZone], string(zone))
	}
	for _, s := range ontology.Sensitivities() {
		out[ontology.TagKeySensitivity] = append(out[ontology.TagKeySensitivity], string(s))
	}
	d.ontologyValues(out)
	for facet, set := range out {
		slices.Sort(set)
		out[facet] = slices.Compact(set)
	}
	return out
}

// ontologyValues adds the keys of the mesh file to the values of each facet.
func (d *Definition) ontologyValues(out map[string][]string) {
	for key, values := range d.Ontology {
		out[key] = append(out[key], values...)
	}
	for _, domain := range d.Domains {
		for key, values := range domain.Ontology {
			facet := domainFacet(domain.Name, key)
			out[facet] = append(out[facet], values...)
		}
	}
}

// keyAssociations tag the database of keys: what it holds is phi, and it belongs to
// no domain and no product, so that no policy of tags which names one reaches it.
func (p *planner) keyAssociations(d DomainPlan) []lf.TagAssociation {
	if d.Deidentify == nil || d.Deidentify.Keys == nil {
		return nil
	}
	return []lf.TagAssociation{{
		Resource: lf.Database(d.Deidentify.Keys.Database),
		Tags:     p.tagSet(map[string]string{ontology.TagKeySensitivity: string(ontology.PHI)}),
	}}
}
