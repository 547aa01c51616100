package access

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Untagged is the sensitivity of a column without a sensitivity tag. It counts
// as the most sensitive.
const Untagged = "untagged"

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

func (t tagSet) overriddenBy(own tagSet) tagSet {
	if len(own) == 0 {
		return t
	}
	out := tagSet{}
	for k, v := range t {
		out[k] = v
	}
	for k, v := range own {
		out[k] = v
	}
	return out
}

// matches reports whether the tags meet every condition: AND over the keys, OR
// over the values of each. No condition at all matches nothing.
func (t tagSet) matches(expression []lakeformation.Condition) bool {
	for _, c := range expression {
		if !slices.ContainsFunc(t[c.Key], func(v string) bool { return slices.Contains(c.Values, v) }) {
			return false
		}
	}
	return len(expression) > 0
}

// facet returns the value of the tag whose key ends in ":<facet>"; several
// values, of several meshes or of contradicting associations, are joined by ",".
func (t tagSet) facet(name string) string {
	return strings.Join(t.facets(name), ",")
}

func (t tagSet) facets(name string) []string {
	var out []string
	for key, values := range t {
		if strings.HasSuffix(key, ":"+name) {
			out = append(out, values...)
		}
	}
	return distinct(out)
}

// sensitivity returns the level of a column, the most sensitive when tags
// contradict each other.
func (t tagSet) sensitivity() string {
	values := t.facets(ontology.TagKeySensitivity)
	if len(values) == 0 {
		return Untagged
	}
	return slices.MaxFunc(values, compareLevels)
}

// compareLevels orders sensitivity levels from public to phi, then unknown ones
// by name, then untagged.
func compareLevels(a, b string) int {
	if d := ontology.Sensitivity(a).Compare(ontology.Sensitivity(b)); d != 0 {
		return d
	}
	if (a == Untagged) != (b == Untagged) {
		if a == Untagged {
			return 1
		}
		return -1
	}
	return strings.Compare(a, b)
}
