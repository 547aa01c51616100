package access

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Untagged is the sensitivity of a column without a sensitivity tag. It counts
// as the most sensitive.
const Untagged ontology.Sensitivity = "untagged"

// tagSet is the LF-Tags of one resource. A key has several values only when
// associations contradict each other.
type tagSet map[string][]string

// tagIndex finds the tags of the databases, tables and columns of a catalog.
type tagIndex map[string]tagSet // by Resource.Key

func newTagIndex(c *Catalog) tagIndex {
	index := tagIndex{}
	for _, a := range c.Associations {
		tags := tagSet{}
		for _, t := range a.Tags {
			tags[t.Key] = t.Values
		}
		index[a.Resource.In("").Key()] = tags
	}
	return index
}

func (x tagIndex) database(name string) tagSet {
	return x[lakeformation.Database(name).Key()]
}

// table returns the table's tags: its own, and the database's for the keys that
// it has none of its own for.
func (x tagIndex) table(database, name string) tagSet {
	return x.database(database).overriddenBy(x[lakeformation.Table(database, name).Key()])
}

// column returns the column's tags: its own, and the table's for the other keys.
func (x tagIndex) column(database, table, name string) tagSet {
	return x.table(database, table).overriddenBy(x[lakeformation.Columns(database, table, name).Key()])
}

// overriddenBy may return one of the two itself: nobody changes tags.
func (t tagSet) overriddenBy(own tagSet) tagSet {
	switch {
	case len(own) == 0:
		return t
	case len(t) == 0:
		return own
	}
	out := maps.Clone(t)
	maps.Copy(out, own)
	return out
}

// matches reports whether the tags meet every condition: AND over the keys, OR
// over the values of each. No condition at all matches nothing, and a value that is only
// known when it is deployed may be any.
func (t tagSet) matches(expression []lakeformation.Condition) bool {
	for _, c := range expression {
		mayBeAny := slices.ContainsFunc(c.Values, unresolved)
		if !slices.ContainsFunc(t[c.Key], func(v string) bool { return mayBeAny || unresolved(v) || slices.Contains(c.Values, v) }) {
			return false
		}
	}
	return len(expression) > 0
}

// values returns the values of the keys "<mesh>:<name>" of every mesh, and of the key
// "<name>" as templates of others have it, sorted.
func (t tagSet) values(name string) []string {
	var out []string
	for key, values := range t {
		if key == name || strings.HasSuffix(key, ":"+name) {
			out = append(out, values...)
		}
	}
	return distinct(out)
}

// value returns the value of the key "<mesh>:<name>"; several values, of several
// meshes or of contradicting associations, are joined by ",".
func (t tagSet) value(name string) string { return strings.Join(t.values(name), ",") }

// owner returns the domain and the product that the tags say: of the key
// "<mesh>:<domain>.product" of a domain, or, as meshes had it before and templates of
// others may, of the keys "<mesh>:domain" and "<mesh>:product".
func (t tagSet) owner() (domain, product string) {
	domains, products := t.values("domain"), t.values(ontology.TagKeyProduct)
	for key, values := range t {
		if of, ok := ontology.ProductTagDomain(key); ok {
			domains = append(domains, of)
			products = append(products, slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == ontology.NoProduct })...)
		}
	}
	return strings.Join(distinct(domains), ","), strings.Join(distinct(products), ",")
}

// sensitivity returns the level of a column, the most sensitive when tags
// contradict each other.
func (t tagSet) sensitivity() ontology.Sensitivity {
	level := ontology.Sensitivity("")
	for _, v := range t.values(ontology.TagKeySensitivity) {
		if l := ontology.Sensitivity(v); level == "" || compareLevels(l, level) > 0 {
			level = l
		}
	}
	return cmp.Or(level, Untagged)
}

// compareLevels orders sensitivity levels from public to phi, then unknown ones
// by name, then untagged.
func compareLevels(a, b ontology.Sensitivity) int {
	switch {
	case a.Compare(b) != 0:
		return a.Compare(b)
	case a == b:
		return 0
	case a == Untagged:
		return 1
	case b == Untagged:
		return -1
	}
	return cmp.Compare(a, b)
}
