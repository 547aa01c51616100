package access

import (
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// all is the permission ("Super") that stands for every one a resource takes.
const all lakeformation.Permission = "ALL"

// evaluation works on one catalog.
type evaluation struct {
	*Catalog
	tags     tagIndex
	columns  map[string][]columnTags // by table key
	finder   *finder                 // see find
	holdings map[string]*holding     // by principal and object
	toCome   map[string]bool         // databases without tables, but no resource links
	notes    []string
	caveats  []string              // why nobody may be more than nobody
	counted  []lakeformation.Grant // all that have effect: the catalog's own, then those passed on
	nested   []*evaluation         // what it is around, for what its grants by tags reach

	passedOn  []passedOn      // what has effect of grants of other accounts, as they stand in counted
	notPassed []CascadedGrant // that have none

	subscribed map[string][]Subscription // that feed a holding, by its key
	otherwise  map[string]bool           // holdings that remain when all subscriptions end
}

// passedOn is what another account grants, and what of it counts.
type passedOn struct {
	CascadedGrant

	counted lakeformation.Grant
}

// nestedIn returns the catalogs that are nested in one, to see what a grant would reach.
func (s *State) nestedIn(c *Catalog) []*evaluation {
	var out []*evaluation
	for i := range s.Catalogs {
		if nested := &s.Catalogs[i]; nested.Region == c.Region && strings.HasPrefix(nested.Account, c.Account+":") {
			out = append(out, newEvaluation(nested))
		}
	}
	return out
}

// policiesAround returns the grants by tags of the account's catalog that a catalog is
// nested in: tags are the account's, and so reach all of its catalogs.
// Source: "Lake Formation tag-based access control".
func policiesAround(c *Catalog, others []*evaluation) []lakeformation.Grant {
	account := c.owner()
	if account == c.Account {
		return nil
	}
	var out []lakeformation.Grant
	for _, e := range others {
		for _, g := range e.counted {
			if e.Account == account && e.Region == c.Region && g.Resource.Kind == lakeformation.KindTagPolicy {
				out = append(out, g)
			}
		}
	}
	return out
}

// columnTags is a column with its tags. Columns of a table that have the same are of one
// class; those without tags of their own are of class 0.
type columnTags struct {
	Column

	tags  tagSet
	class int
	first bool // of its class
}

func newEvaluation(c *Catalog) *evaluation {
	e := &evaluation{Catalog: c, tags: newTagIndex(c), columns: map[string][]columnTags{}, holdings: map[string]*holding{}, toCome: map[string]bool{}}
	for _, d := range c.Databases {
		e.toCome[d.Name] = d.Target == ""
	}
	for _, t := range c.Tables {
		e.toCome[t.Database] = false
		e.columns[t.Key()] = append(e.columns[t.Key()], e.tagged(t)...)
	}
	return e
}

// tagged are the columns of a table with their tags.
func (e *evaluation) tagged(t Table) []columnTags {
	table := e.tags.table(t.Database, t.Name)
	classes, first := map[string]int{}, map[int]bool{}
	all := t.AllColumns()
	out := make([]columnTags, len(all))
	for i, col := range all {
		c := columnTags{Column: col, tags: table}
		if own := e.tags[lakeformation.Columns(t.Database, t.Name, col.Name).Key()]; len(own) > 0 {
			c.tags = table.overriddenBy(own)
			text := fmt.Sprint(own)
			if classes[text] == 0 {
				classes[text] = len(classes) + 1
			}
			c.class = classes[text]
		}
		c.first, first[c.class] = !first[c.class], true
		out[i] = c
	}
	return out
}

func (e *evaluation) note(format string, args ...any) {
	e.notes = append(e.notes, e.Key()+": "+fmt.Sprintf(format, args...))
}

// doubt notes what may give more than the rows say, and why.
func (e *evaluation) doubt(caveat, format string, args ...any) {
	e.caveats = append(e.caveats, caveat)
	e.note(format, args...)
}

// hold returns what the grant's principal has on a row's object, made on first use.
func (e *evaluation) hold(g lakeformation.Grant, row Row) *holding { return e.holdOn(g, &row) }

// holdOn does so for a row that others may share.
func (e *evaluation) holdOn(g lakeformation.Grant, row *Row) *holding {
	key := joinKey(g.Principal, string(row.Kind), row.Database, row.Table, row.Object)
	h := e.holdings[key]
	if h == nil {
		h = &holding{principal: g.Principal, on: row}
		e.holdings[key] = h
	}
	return h
}

func (e *evaluation) databaseRow(d Database) Row {
	return e.tags.database(d.Name).row(Row{Kind: OnDatabase, Database: d.Name, Object: d.Target})
}

func (e *evaluation) tableRow(t Table) Row {
	return e.tags.table(t.Database, t.Name).row(Row{Kind: OnTable, Database: t.Database, Table: t.Name, Object: t.Target})
}

// row fills in the domain, zone and product that the tags say.
func (t tagSet) row(r Row) Row {
	r.Domain, r.Product = t.owner()
	r.Zone = t.value(ontology.TagKeyZone)
	return r
}
