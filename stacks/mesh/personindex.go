package mesh

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/personindex"
)

// personSources are the tables with the records of a person index.
func personSources(index *contract.PersonIndex) []contract.Reference {
	var out []contract.Reference
	for _, s := range index.Sources {
		if !slices.Contains(out, s.From) {
			out = append(out, s.From)
		}
	}
	return out
}

// personIndex are the statements that keep a person index up to date. All are of one job, and
// the ones that work on its own tables need nothing else.
func (p *jobPlanner) personIndex(t TablePlan) []StatementPlan {
	o := personindex.Options{Database: t.Database, Databases: map[string]string{}}
	var reads []string
	for _, r := range t.reads() {
		source := p.tables
		if r.Domain != "" {
			source = p.others.domains[r.Domain].tables
		}
		table := source[indexOf(source, r.Product, r.Table)] // validated
		o.Databases[r.Source()] = table.Database             // one of another account is linked under its own name
		if r.Domain == "" {
			reads = append(reads, table.qualified())
		}
	}
	statements, err := personindex.Statements(t.Table.PersonIndex, o)
	p.refuse(err)
	var out []StatementPlan
	for _, s := range statements {
		table := p.tables[indexOf(p.tables, t.Product, s.Table)]
		plan := StatementPlan{Database: table.Database, Table: s.Table, Location: table.Location, SQL: s.SQL}
		if s.ReadsSources {
			plan.Reads, plan.Subscribed = sortedOnce(reads), t.subscribed()
		}
		out = append(out, plan)
	}
	return out
}
