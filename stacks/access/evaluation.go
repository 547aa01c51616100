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

type columnTags struct {
	Column
	tags tagSet
}

func newEvaluation(c *Catalog) *evaluation {
	e := &evaluation{Catalog: c, tags: newTagIndex(c), columns: map[string][]columnTags{}, holdings: map[string]*holding{}, toCome: map[string]bool{}}
	for _, d := range c.Databases {
		e.toCome[d.Name] = d.Target == ""
	}
	for _, t := range c.Tables {
		e.toCome[t.Database] = false
		for _, col := range t.AllColumns() {
			e.columns[t.Key()] = append(e.columns[t.Key()], columnTags{col, e.tags.column(t.Database, t.Name, col.Name)})
		}
	}
	return e
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
func (e *evaluation) hold(g lakeformation.Grant, row Row) *holding {
	key := joinKey(g.Principal, string(row.Kind), row.Database, row.Table, row.Object)
	if e.holdings[key] == nil {
		row.Principal, row.Account, row.Region = g.Principal, e.Account, e.Region
		e.holdings[key] = &holding{Row: row, rights: map[lakeformation.Permission]bool{}, columns: map[string]*columnHolding{}}
	}
	return e.holdings[key]
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
