package mesh

import (
	"fmt"
	"slices"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
)

const (
	refresh = "refresh" // the last word of what belongs to the job

	materializeEvery = 24 * time.Hour
)

// materializeAt is every night, before the jobs that de-identify.
var materializeAt = nightly{1, 15, "* * ? *"}

// materialize is the statement that makes a table by its query.
func (p *jobPlanner) materialize(t TablePlan) StatementPlan {
	out := StatementPlan{Database: t.Database, Table: t.Table.Name, Location: t.Location}
	t.Table.Retention = t.retention()
	m := contract.Materialization{Table: &t.Table, Database: t.Database, Databases: map[string]string{contract.FhirStoreReference: p.names.FhirDatabase(p.domain)}}
	for _, r := range t.subscribed() { // a database of another account is linked under its own name
		source := p.others.domains[r.Domain].tables
		m.Databases[r.Source()] = source[indexOf(source, r.Product, r.Table)].Database // validated
		out.Subscribed = append(out.Subscribed, r)
	}
	for _, r := range t.Table.References() {
		if r.OfFhirStore() {
			out.ReadsFhirStore = true
			continue
		}
		if r.Domain != "" {
			continue
		}
		source := p.tables[indexOf(p.tables, r.Product, r.Table)] // validated
		m.Databases[r.Source()] = source.Database
		out.Reads = append(out.Reads, source.qualified())
	}
	slices.Sort(out.Reads)
	var err error
	out.SQL, err = m.SQL()
	p.refuse(err)
	return out
}

// checkQuery checks a table that is made by a query: that its domain has what the
// query reads of it. What it reads of other domains is checked with the subscriptions, and
// so are the levels of what it makes.
func (c *findings) checkQuery(p product, i int, own products, hasFhirStore bool) {
	t := p.contract.Tables[i]
	path := tablePath(t, i) + ".sql"
	for _, r := range t.References() {
		switch {
		case r.Domain != "": // checked with the subscriptions
		case r.OfFhirStore() && !hasFhirStore:
			c.inContract(p, path, fmt.Sprintf("%s in domain %s, which has no FHIR store", r, p.owner), "tables of the domain, or of its fhirStore", "add fhirStore to the domain, or correct the query")
		case r.OfFhirStore() && !slices.Contains(healthlake.Tables(), r.Table):
			c.inContract(p, path, r.String(), "a resource type of FHIR R4 in lower case, such as {"+contract.FhirStoreReference+".patient}", "correct it"+suggest(r.Table, healthlake.Tables()))
		case r.OfFhirStore():
		case r.Product == p.contract.Name && r.Table == t.Name:
			c.inContract(p, path, r.String()+", the table itself", "other tables", "say the rows without it: each run makes all of them")
		default:
			source, known := c.tableOf(own, p.domain, r.Product, r.Table)
			if source == nil && known {
				c.inContract(p, path, fmt.Sprintf("%s, which the domain %s does not have", r, p.owner), "{product.table} of a product of the same domain, or {"+contract.FhirStoreReference+".resource}", "correct it; a table of another domain is {domain.product.table}, and read by a subscription")
			}
			if source != nil && source.View != nil {
				c.inContract(p, path, r.String()+", a view", "a table", viewFix)
			}
		}
	}
}

// viewFix is for a view that a job would read: Athena reads what is below a view with
// the permissions of whoever asks, and may show more of it than the view's contract says.
// Source: Athena, "Considerations and limitations for querying data registered with
// Lake Formation".
const viewFix = "name the tables below it: a job is granted these, and nobody checks what a view takes along"

// tableOf finds a table among the products of a domain. Nothing is known of it where
// contracts of the domain could not be read.
func (c *findings) tableOf(own products, domain int, name, table string) (source *contract.Table, known bool) {
	for _, p := range own {
		if p.contract.Name == name {
			return p.contract.Resolve().Table(table), true
		}
	}
	return nil, !c.source.isPartial(domain)
}

// notePromisedMoreOften finds tables that are made by queries and whose contract
// promises new data more often than the job runs.
func (c *findings) notePromisedMoreOften(p product) {
	every := p.contract.SLA.Frequency
	if every.IsZero() || every.Duration() >= materializeEvery {
		return
	}
	for i, t := range p.contract.Tables {
		if t.TransformLogic != "" {
			c.inContract(p, tablePath(t, i)+".sql", fmt.Sprintf("a table that is made every day, with new data promised %g times a day", materializeEvery.Hours()/every.Duration().Hours()),
				"a frequency of a day or more", "promise less in slaProperties, or start the job more often")
		}
	}
}
