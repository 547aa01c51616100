package mesh

import (
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// vocabulary is one key that the products of a domain can be tagged with.
type vocabulary struct {
	facet  string   // part of the LF-Tag key after the mesh: consent, or genomics.assay
	values []string // the least restrictive first
	whole  bool     // of the whole mesh, not of the domain alone
}

// last is the most restrictive value; "" for a key without values, which is
// reported.
func (v vocabulary) last() string {
	if len(v.values) == 0 {
		return ""
	}
	return v.values[len(v.values)-1]
}

// rank orders values from the least to the most restrictive; an unknown one is
// the most restrictive of all.
func (v vocabulary) rank(value string) int {
	if i := slices.Index(v.values, value); i >= 0 {
		return i
	}
	return len(v.values)
}

// domainFacet is the facet of a key that belongs to one domain.
func domainFacet(domain, key string) string { return domain + "." + key }

// vocabularies are the keys that the products of a domain can be tagged with, as
// contracts and subscriptions write them: those of the mesh and its own.
func (d *Definition) vocabularies(domain string) map[string]vocabulary {
	if d.index != nil {
		if known, ok := d.index.vocabularies[domain]; ok {
			return known
		}
	}
	out := map[string]vocabulary{}
	for _, known := range d.Domains {
		if known.Name != domain {
			continue
		}
		for key, values := range known.Ontology {
			out[key] = vocabulary{facet: domainFacet(domain, key), values: values}
		}
	}
	for key, values := range d.Ontology {
		out[key] = vocabulary{facet: key, values: values, whole: true}
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

// used reports whether any contract of the mesh says something for a key of the
// whole mesh.
func (d *Definition) used(key string) bool { return d.indexed().index.used[key] }

func valueOf(tags []contract.LFTag, key string) (string, bool) {
	for _, tag := range tags {
		if tag.Key == key {
			return tag.Value, true
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

func firstValue(key string, levels ...[]contract.LFTag) (string, bool) {
	for _, tags := range levels {
		if value, ok := valueOf(tags, key); ok {
			return value, true
		}
	}
	return "", false
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

// subscribedTags are the values of the ontology that a subscription narrows to,
// sorted by LF-Tag key.
func (d *Definition) subscribedTags(s Subscription) []ontology.Tag {
	domain, _ := s.producer()
	known := d.vocabularies(domain)
	var out []ontology.Tag
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		if v, ok := known[key]; ok {
			out = append(out, ontology.Tag{Key: ontology.Key(d.Name, v.facet), Values: slices.Sorted(slices.Values(s.Tags[key]))})
		}
	}
	slices.SortFunc(out, func(a, b ontology.Tag) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// conditions are the values of the ontology as parts of an LF-Tag policy.
func conditions(tags []ontology.Tag) []lf.Condition {
	var out []lf.Condition
	for _, tag := range tags {
		out = append(out, lf.Condition{Key: tag.Key, Values: tag.Values})
	}
	return out
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

// meets reports whether the values, by facet, meet every tag.
func (d *Definition) meets(tags []ontology.Tag, values map[string]string) bool {
	byKey := map[string]string{}
	for facet, value := range values {
		byKey[ontology.Key(d.Name, facet)] = value
	}
	return !slices.ContainsFunc(tags, func(tag ontology.Tag) bool { return !slices.Contains(tag.Values, byKey[tag.Key]) })
}
