package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// madeByQuery checks a table that is made by a query: that its domain has what the
// query reads, and that nothing which may identify a patient loses its level on the
// way. Only de-identification lowers it: a query can do anything.
func (c *checker) madeByQuery(p product, i int) {
	t := p.contract.Tables[i]
	domain := c.d.Domains[p.domain]
	path := tablePath(t, i) + ".sql"
	var phi []string
	for _, r := range t.References() {
		switch {
		case r.OfFhirStore() && domain.FhirStore == nil:
			c.inContract(p, path, fmt.Sprintf("%s in domain %s, which has no FHIR store", r, domain.Name), "tables of the domain, or of its fhirStore", "add fhirStore to the domain, or correct the query")
		case r.OfFhirStore() && !slices.Contains(healthlake.Tables(), r.Table):
			c.inContract(p, path, r.String(), "a resource type of FHIR R4 in lower case, such as {"+contract.FhirStoreReference+".patient}", "correct it"+suggest(r.Table, healthlake.Tables()))
		case r.OfFhirStore():
			phi = append(phi, r.String())
		case r.Product == p.contract.Name && r.Table == t.Name:
			c.inContract(p, path, r.String()+", the table itself", "other tables", "say the rows without it: each run makes all of them")
		default:
			source, known := c.tableOf(p, r.Product+"."+r.Table)
			if source == nil && known {
				c.inContract(p, path, fmt.Sprintf("%s, which the domain %s does not have", r, domain.Name), "{product.table} of a product of the same domain, or {"+contract.FhirStoreReference+".resource}", "correct it; products of other domains are read by a subscription, in a job of the domain's own")
			}
			if source != nil && source.View != nil {
				c.inContract(p, path, r.String()+", a view", "a table", viewFix)
			}
			if source != nil && source.MaxSensitivity() == ontology.PHI {
				phi = append(phi, r.String())
			}
		}
	}
	if l := p.contract.MaxSensitivity(); len(phi) > 0 && l != ontology.PHI {
		c.inContract(p, path, fmt.Sprintf("a query that reads %s, which hold phi, for product %q, which is %s", strings.Join(phi, ", "), p.contract.Name, l),
			"a product that is phi", "declare it so, or make the table by deidentify from one that is phi: a query may take anything along")
	}
}

// viewFix is for a view that a job would read: Athena reads what is below a view with
// the permissions of whoever asks, and may show more of it than the view's contract says.
// Source: Athena, "Considerations and limitations for querying data registered with
// Lake Formation".
const viewFix = "name the tables below it: a job is granted these, and nobody checks what a view takes along"

// circles refuses tables that are made from one another.
func (c *checker) circles() {
	for i, domain := range c.d.Domains {
		var tables []TablePlan
		of := map[string]product{}
		for j, k := range domain.Contracts {
			if k == nil {
				continue
			}
			for _, t := range k.Tables {
				tables = append(tables, TablePlan{Product: k.Name, Table: t})
				of[k.Name+"."+t.Name] = product{contract: k, domain: i, index: j}
			}
		}
		_, circle := inOrder(tables)
		if circle == nil {
			continue
		}
		p := of[circle[0]]
		first := slices.IndexFunc(p.contract.Tables, func(t contract.Table) bool { return p.contract.Name+"."+t.Name == circle[0] })
		c.inContract(p, tablePath(p.contract.Tables[first], first)+".sql", "a circle: "+strings.Join(circle, " reads "), "tables that can be made one after another", "take one of the references out")
	}
}

// promisedMoreOften finds tables that are made by queries and whose contract
// promises new data more often than the job runs.
func (c *checker) promisedMoreOften(p product) {
	every := p.contract.SLA.Frequency
	if every.IsZero() || every.Duration() >= refreshEvery {
		return
	}
	for i, t := range p.contract.Tables {
		if t.Query != "" {
			c.inContract(p, tablePath(t, i)+".sql", fmt.Sprintf("a table that is made every day, with new data promised %g times a day", refreshEvery.Hours()/every.Duration().Hours()),
				"a frequency of a day or more", "promise less in slaProperties, or start the job more often")
		}
	}
}
