package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

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

// columnTags are the values of a column for the keys of the ontology, by LF-Tag key:
// its own, else that of its table, else that of its contract. Where none of them
// says, a key of the whole mesh that any contract uses has its last value, the
// most restrictive, and a domain's own key has none.
func (o *ontologies) columnTags(domain string, k *contract.Contract, t contract.Table, c contract.Column) map[string]string {
	out := map[string]string{}
	for key, v := range o.of(domain) {
		if value, ok := firstValue(key, c.LFTags, t.LFTags, k.LFTags); ok {
			out[v.tagKey] = value
		} else if v.whole && v.last() != "" && o.used[key] {
			out[v.tagKey] = v.last()
		}
	}
	return out
}

// tableTags are the values of a table by LF-Tag key: the most restrictive of its
// columns', so that nothing becomes visible by its table. A key that not every
// column has a value for is left to the columns, as the others would inherit it.
func (o *ontologies) tableTags(domain string, k *contract.Contract, t contract.Table) map[string]string {
	out := map[string]string{}
	for _, v := range o.of(domain) {
		var values []string
		for _, c := range t.Columns {
			if value, ok := o.columnTags(domain, k, t, c)[v.tagKey]; ok {
				values = append(values, value)
			}
		}
		if len(values) > 0 && len(values) == len(t.Columns) {
			out[v.tagKey] = slices.MaxFunc(values, func(a, b string) int { return v.rank(a) - v.rank(b) })
		}
	}
	return out
}

// meets reports whether the values, by LF-Tag key, meet every tag.
func (o *ontologies) meets(tags []ontology.Tag, values map[string]string) bool {
	byKey := map[string]string{}
	for tagKey, value := range values {
		byKey[ontology.Key(o.mesh, tagKey)] = value
	}
	return !slices.ContainsFunc(tags, func(tag ontology.Tag) bool { return !slices.Contains(tag.Values, byKey[tag.Key]) })
}

// shownColumns are the names of a table's columns that have one of the levels and
// one of the values of every tag, sorted: what a tag policy would show of it.
func (o *ontologies) shownColumns(domain string, k *contract.Contract, t contract.Table, wanted []ontology.Sensitivity, tags []ontology.Tag) []string {
	var out []string
	for _, c := range t.Columns {
		if slices.Contains(wanted, c.Level()) && o.meets(tags, o.columnTags(domain, k, t, c)) {
			out = append(out, c.Name)
		}
	}
	slices.Sort(out)
	return out
}

// checkTags checks the LF-Tags of a contract, its tables and its columns
// against the ontology.
func (c *findings) checkTags(p product, known map[string]vocabulary) {
	c.checkTagList(p, "", p.contract.LFTags, known)
	for i, t := range p.contract.Tables {
		path := tablePath(t, i)
		c.checkTagList(p, path+".", t.LFTags, known)
		for j, column := range t.Columns {
			c.checkTagList(p, cmp.Or(column.Path, path+".columns"+at(j))+".", column.LFTags, known)
		}
	}
}

func (c *findings) checkTagList(p product, base string, tags []contract.LFTag, known map[string]vocabulary) {
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

// noteMostRestrictive finds tables with columns for which nobody chose a value of a
// key that the mesh uses.
func (c *findings) noteMostRestrictive(p product, o *ontologies) {
	known := o.of(p.owner)
	for _, key := range slices.Sorted(maps.Keys(known)) {
		v := known[key]
		if !v.whole || v.last() == "" || !o.used[key] {
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

// databaseAssociations are the LF-Tags that are written on the domain's databases.
// They have no tags of the mesh file's ontology: those belong to products.
func (l *lake) databaseAssociations() []lf.TagAssociation {
	var out []lf.TagAssociation
	for _, database := range l.databases {
		out = append(out, associate(l.names.Mesh, lf.Database(database.Name), map[string]string{
			ontology.ProductTagKey(l.domain): ontology.NoProduct,
			ontology.TagKeyZone:              string(database.Zone),
			ontology.TagKeySensitivity:       string(ontology.PHI),
		})...)
	}
	return out
}

// tableAssociations are the LF-Tags that are written on tables of the domain and on
// their columns. What is inherited is not repeated: a table has the domain
// and the zone of its database, a column what its table has, unless it is less
// sensitive or less restricted than the most sensitive one beside it.
//
// Columns are tagged one by one. CloudFormation replaces an association whose
// list of columns changes: it tags the new list, then removes the tags from the
// old one, and with them those of every column that is in both.
func (l *lake) tableAssociations(o *ontologies, tables []TablePlan) []lf.TagAssociation {
	var out []lf.TagAssociation
	for _, t := range tables {
		ofTable := o.tableTags(l.domain, t.Contract, t.Table)
		ofTable[ontology.ProductTagKey(l.domain)] = t.Product
		ofTable[ontology.TagKeySensitivity] = string(t.Table.MaxSensitivity())
		out = append(out, associate(l.names.Mesh, lf.Table(t.Database, t.Table.Name), ofTable)...)
		for _, c := range t.Table.Columns {
			own := o.columnTags(l.domain, t.Contract, t.Table, c)
			own[ontology.TagKeySensitivity] = string(c.Level())
			maps.DeleteFunc(own, func(tagKey, value string) bool { return ofTable[tagKey] == value })
			out = append(out, associate(l.names.Mesh, lf.Columns(t.Database, t.Table.Name, c.Name), own)...)
		}
	}
	return out
}

// associate assigns one value for each LF-Tag key: those of the ontology itself in
// one association, each key of the mesh file in one of its own. Those keys come and
// go with what contracts say, and taking a key off a resource is deleting an association.
func associate(mesh string, r lf.Resource, values map[string]string) []lf.TagAssociation {
	var builtIn []lf.Condition
	var out []lf.TagAssociation
	for _, tagKey := range slices.Sorted(maps.Keys(values)) {
		tag := condition(mesh, tagKey, values[tagKey])
		if ontology.IsBuiltIn(tagKey) {
			builtIn = append(builtIn, tag)
			continue
		}
		out = append(out, lf.TagAssociation{Resource: r, Tags: []lf.Condition{tag}})
	}
	if len(builtIn) > 0 {
		out = append(out, lf.TagAssociation{Resource: r, Tags: builtIn})
	}
	return out
}

// condition is a part of an LF-Tag policy: a key has one of the values.
func condition(mesh, tagKey string, values ...string) lf.Condition {
	return lf.Condition{Key: ontology.Key(mesh, tagKey), Values: values}
}

// commonTags are the LF-Tags that all domains of an account share.
func (o *ontologies) commonTags() []ontology.Tag {
	values := map[string][]string{}
	for _, zone := range ontology.Zones() {
		values[ontology.TagKeyZone] = append(values[ontology.TagKeyZone], string(zone))
	}
	for _, s := range ontology.Sensitivities() {
		values[ontology.TagKeySensitivity] = append(values[ontology.TagKeySensitivity], string(s))
	}
	maps.Copy(values, o.whole)
	return o.sortedTags(values)
}

// domainTags are the LF-Tags of a domain alone: its products, and the keys of its own
// ontology. They stand in the account of the domain; whoever reads of it from another
// account is granted by them in the domain's catalog.
func (o *ontologies) domainTags(domain string, tables []TablePlan) []ontology.Tag {
	of := []string{ontology.NoProduct}
	for _, t := range tables {
		of = append(of, t.Product)
	}
	values := map[string][]string{ontology.ProductTagKey(domain): of}
	for _, v := range o.of(domain) {
		if !v.whole {
			values[v.tagKey] = v.values
		}
	}
	return o.sortedTags(values)
}

// sortedTags are LF-Tags by key, each with its values in order.
func (o *ontologies) sortedTags(values map[string][]string) []ontology.Tag {
	var out []ontology.Tag
	for _, tagKey := range slices.Sorted(maps.Keys(values)) {
		sorted := slices.Sorted(slices.Values(values[tagKey]))
		out = append(out, ontology.Tag{Key: ontology.Key(o.mesh, tagKey), Values: slices.Compact(sorted)})
	}
	return out
}
