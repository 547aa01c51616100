package access

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// Evaluate works out the effective rights by Lake Formation's rules:
//
//   - Tags go from a database to its tables and from a table to its columns; a
//     value of one's own replaces the inherited value of the same key.
//   - An LF-Tag policy holds where every key has one of the listed values. A
//     DATABASE policy is about databases, not about their tables. A TABLE policy
//     is decided for each column: SELECT reaches the columns that match. When
//     only some match, permissions that need the whole table (INSERT, DELETE,
//     ALTER, DROP) are not given, only DESCRIBE; ALL gives SELECT and DESCRIBE.
//   - A table named "*" is every table of its database. Column grants list or
//     exclude columns. A data cells filter gives SELECT on its columns and rows.
//   - Grants add up. A column read through several grants is seen in the rows of
//     any of them, and in all rows when one of them has no row condition.
//   - Rights on a resource link say nothing about its target.
//   - What is granted on a table that is not in the catalog is a row without columns, and
//     what is granted on all tables of a database without any a row of the table "*": by
//     name, by tags of the database, or by the workflow that opens a FHIR store.
//   - A cascaded grant of another account counts when this catalog's account granted
//     that account the same, with the right to grant it on: the same LF-Tag policy,
//     the same filter, the table or database around it, or columns that hold
//     those that it grants on, be they named or reached by tags. By another LF-Tag policy
//     an account that may describe its tags grants on what both policies mean. Where
//     nothing of this catalog was read, it counts as if the same were shared.
//
// A row of a table that is read says for which products its principal reads it: those
// that the principal may write.
//
// The state is normalized first; apart from that it is not changed.
func (s *State) Evaluate() *Matrix {
	m, _ := Merge(s).evaluate()
	return m
}

// evaluate works on a normalized state, and returns what it found out of each catalog too.
func (s *State) evaluate() (*Matrix, []*evaluation) {
	m, ended := &Matrix{}, s.ended()
	var evaluations []*evaluation
	for i := range s.Catalogs {
		e := newEvaluation(&s.Catalogs[i])
		e.nested = s.nestedIn(e.Catalog)
		e.run(policiesAround(e.Catalog, evaluations))
		evaluations = append(evaluations, e)
		e.findSubscriptions(ended)
		rows := e.rows()
		if m.Rows = append(m.Rows, rows...); len(s.Catalogs) == 1 {
			m.Rows = rows // of which there may be many
		}
		m.Bypasses = append(m.Bypasses, e.bypasses(rows)...)
		m.Grantors = append(m.Grantors, e.grantors(rows)...)
		m.Admins = append(m.Admins, e.admins()...)
		m.Notes = append(m.Notes, e.notes...)
		m.Caveats = append(m.Caveats, e.caveats...)
		m.Known.add(e)
	}
	m.SharedResults = sharedResults(s, m.Rows)
	for _, shared := range m.SharedResults {
		m.Notes = append(m.Notes, shared.Account+"/"+shared.Region+": "+shared.Why())
	}
	m.Notes = append(m.Notes, notesOnUnresolved(s.Unresolved)...)
	for _, u := range s.LeftOut {
		m.Notes = append(m.Notes, "left out: "+u.String())
	}
	if n := len(s.Unresolved); n > 0 {
		m.Caveats = append(m.Caveats, "things that could not be read")
	}
	m.Bypasses = append(m.Bypasses, s.asOthers(m.Bypasses)...)
	m.noteAssumptions(s)
	sortRows(m.Rows)
	slices.SortFunc(m.Bypasses, compareBypasses)
	slices.SortFunc(m.Grantors, compareGrantors)
	sayReadFor(m.Rows)
	m.Notes, m.Caveats = distinct(m.Notes), distinct(m.Caveats)
	m.Known.finish(m)
	return m, evaluations
}

// run adds what the grants of the catalog give, and those by tags of the one around it.
func (e *evaluation) run(around []lakeformation.Grant) {
	e.counted = slices.Clip(e.Grants)
	for _, c := range e.Cascaded {
		counted := e.cascade(c)
		for _, g := range counted {
			e.passedOn = append(e.passedOn, passedOn{c, g})
		}
		if e.counted = append(e.counted, counted...); len(counted) == 0 {
			e.notPassed = append(e.notPassed, c)
		}
	}
	e.counted = append(e.counted, around...)
	for _, g := range e.counted {
		e.grant(g)
	}
	e.noteAssociations()
	e.noteDefaults()
	e.noteLocations()
	e.noteOpenData()
	e.readFhirStores()
	e.noteFilters()
	e.noteOpen()
	e.noteHybrid()
}

// rows returns the matrix rows of the catalog, sorted.
func (e *evaluation) rows() []Row {
	f := e.find()
	out := make([]Row, 0, len(e.holdings))
	for _, sorted := range e.sortedHoldings() {
		h, key := sorted.holding, sorted.key
		if len(h.rights) == 0 {
			continue
		}
		row := *h.on
		row.Principal, row.Account, row.Region = h.principal, e.Account, e.Region
		if fed := e.subscribed[key]; len(fed) > 0 {
			row.Subscriptions, row.AlsoOtherwise = fed, e.otherwise[key]
		}
		row.Rights = h.sorted()
		switch row.Kind {
		case OnTable:
			columns := e.columns[row.Database+"."+row.Table]
			if row.Columns, row.Levels = f.shows(h, columns); len(columns) == 0 && row.Object == "" {
				row.Inherited = cmp.Or(row.Inherited, e.tags.table(row.Database, row.Table).sensitivity())
			}
		case OnLocation:
			row.Domain, row.Zone = e.ownerOf(row.Object)
		default: // nothing else has columns or an owner
		}
		out = append(out, row)
	}
	return out
}

// sortedHolding is a holding with its place among principals and among what is held.
type sortedHolding struct {
	*holding

	key           string
	principal, at int
}

// sortedHoldings are the holdings, by principal and what they are on.
func (e *evaluation) sortedHoldings() []sortedHolding {
	principals, objects := map[string]int{}, map[*Row]int{}
	for _, h := range e.holdings {
		principals[h.principal], objects[h.on] = 0, 0
	}
	for i, principal := range inOrderOfNames(maps.Keys(principals)) {
		principals[principal] = i
	}
	for i, on := range slices.SortedFunc(maps.Keys(objects), compareAbout) {
		objects[on] = i
	}
	out := make([]sortedHolding, 0, len(e.holdings))
	for key, h := range e.holdings {
		out = append(out, sortedHolding{h, key, principals[h.principal], objects[h.on]})
	}
	slices.SortFunc(out, func(a, b sortedHolding) int {
		if a.principal != b.principal {
			return a.principal - b.principal
		}
		return a.at - b.at
	})
	return out
}

func (e *evaluation) admins() []Admin {
	var out []Admin
	for _, p := range e.Admins {
		out = append(out, Admin{Account: e.Account, Region: e.Region, Principal: p})
	}
	for _, p := range e.ReadOnlyAdmins {
		out = append(out, Admin{Account: e.Account, Region: e.Region, Principal: p, ReadOnly: true})
	}
	slices.SortStableFunc(out, func(a, b Admin) int { return cmp.Compare(Short(a.Principal), Short(b.Principal)) })
	return out
}
