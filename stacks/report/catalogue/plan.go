package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/origin"
)

// Of is the catalogue of a planned mesh, sorted by domain and name. Who can see what
// decides the columns of the queries; nil is nobody.
func Of(plan *mesh.Plan, sees *access.Matrix) []Product {
	r := &reader{origin: origin.FromPlan(plan), seen: seenColumns(sees), saved: savedQueries(plan)}
	readers := subscriptions(plan)
	out := []Product{}
	for i := range plan.Domains {
		d := &plan.Domains[i]
		at := map[string]int{} // of a product in out
		for _, p := range d.Products {
			for _, t := range p.Tables {
				n, known := at[t.Product]
				if !known {
					n = len(out)
					at[t.Product] = n
					out = append(out, product(d, t))
				}
				out[n].Tables = append(out[n].Tables, r.table(d.Name, t))
			}
		}
	}
	for i := range out {
		p := &out[i]
		slices.SortFunc(p.Tables, func(a, b Table) int { return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Name, b.Name)) })
		p.Readers = readers[p.Domain+"."+p.Name]
	}
	slices.SortFunc(out, compare)
	return out
}

func compare(a, b Product) int {
	return cmp.Or(cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
}

// reader reads the tables of a plan.
type reader struct {
	origin *origin.Mesh
	seen   map[string][]sight // by database.table
	saved  map[string][]Query // likewise
}

// product is a product without its tables, from one of them.
func product(d *mesh.DomainPlan, t mesh.TablePlan) Product {
	c := t.Contract
	p := Product{
		Domain: d.Name, Name: t.Product, Version: c.Version, Status: c.Status, Owner: cmp.Or(c.Owner, d.Owner),
		Purpose: c.Description, Usage: c.Usage, Limitations: c.Limitations, Tags: c.Tags, Level: c.Level(), Zone: t.Zone,
		Account: d.Environment.Account, Region: d.Environment.Region, Promises: promises(c),
	}
	for _, m := range c.Team {
		text := m.Name
		if m.Role != "" {
			text += ", " + m.Role
		}
		if m.Until != "" {
			text += ", until " + m.Until
		}
		p.Team = append(p.Team, text)
	}
	for _, tag := range c.LFTags {
		p.LFTags = append(p.LFTags, tag.Key+": "+tag.Value)
	}
	return p
}

// promises are what the owner promises, in sentences.
func promises(c *contract.Contract) []string {
	var out []string
	if p := c.SLA.Freshness; !p.IsZero() {
		out = append(out, "The newest data is at most "+p.String()+" old.")
	}
	if p := c.SLA.Frequency; !p.IsZero() {
		out = append(out, "New data arrives every "+every(p)+".")
	}
	if p := c.SLA.Retention; !p.IsZero() {
		out = append(out, "Data is kept for "+p.String()+".")
	}
	if c.LegalHold != "" {
		out = append(out, "Nothing is deleted for its age: "+c.LegalHold+".")
	}
	return out
}

// every is a period after "every".
func every(p contract.Period) string {
	if p.Value == 1 {
		return p.Unit
	}
	return p.String()
}

func (r *reader) table(domain string, t mesh.TablePlan) Table {
	out := Table{
		Database: t.Database, Name: t.Table.Name, Title: t.Table.Title, Description: t.Table.Description, Format: string(t.Table.Format),
		Rules: rules(&t.Table), Columns: []Column{},
	}
	if t.Table.View != nil {
		out.Format = "view"
	}
	if kept := t.Table.Retention; kept != nil {
		out.Kept = "Rows are deleted when " + kept.Column + " is more than " + kept.Period.String() + " ago."
		if kept.Column == "" {
			out.Kept = "Files are deleted when they are more than " + kept.Period.String() + " old."
		}
	}
	made := map[string]origin.Column{}
	if source, known := r.origin.Find(origin.Name{Domain: domain, Product: t.Product, Table: t.Table.Name}); known {
		out.How, out.Unfollowed = source.How(), source.Problems
		for _, c := range source.Columns {
			made[c.Name] = c
		}
		for _, read := range source.Reads {
			from := Source{Name: read.String(), Columns: len(read.Columns), Purpose: read.Purpose, Until: read.Expires}
			if table, known := r.origin.Find(read.Name); known && table.Kind != origin.FhirStore && table.Kind != origin.Unknown {
				from.Product = read.Domain + "." + read.Product
			}
			out.From = append(out.From, from)
		}
	}
	for i := range t.Table.Columns {
		out.Columns = append(out.Columns, column(&t.Table.Columns[i], made))
	}
	out.Queries = append(r.queries(&t.Table, t.Database), r.saved[t.Database+"."+t.Table.Name]...)
	return out
}

func column(c *contract.Column, made map[string]origin.Column) Column {
	out := Column{
		Name: c.Name, Type: c.Type, Level: c.Level(), Description: c.Description, Identifier: c.Identifier, Key: c.PrimaryKey,
		Partition: c.Partition, Required: c.Required, Unique: c.Unique, Values: c.Enum,
	}
	if c.Classification != string(out.Level) {
		out.Classified = c.Classification
	}
	if out.Level != ontology.PHI {
		out.Examples = c.Examples
	}
	source := made[strings.ToLower(c.Name)]
	out.Method = source.Method
	for _, from := range source.From {
		if from.Column == "*" {
			out.From = append(out.From, "rows of "+from.Name.String())
		} else {
			out.From = append(out.From, from.String())
		}
	}
	return out
}

// subscriptions are those of a plan by domain.product, those that have ended last.
func subscriptions(plan *mesh.Plan) map[string][]Reader {
	out := map[string][]Reader{}
	add := func(s mesh.SubscriptionPlan, ended bool) {
		r := Reader{
			Domain: s.Consumer, Principals: []string{}, Levels: s.Sensitivity, Columns: s.Columns, Except: s.Except, Rows: s.Rows.Text(),
			Purpose: s.Purpose, Approver: s.Approver, Until: s.Expires, Ended: ended,
		}
		for _, p := range s.Principals {
			r.Principals = append(r.Principals, p.Name)
		}
		for _, tag := range s.Tags {
			r.Tags = append(r.Tags, fmt.Sprintf("%s: %s", tag.Key[strings.LastIndex(tag.Key, ":")+1:], strings.Join(tag.Values, ", ")))
		}
		product := s.Producer + "." + s.Product
		out[product] = append(out[product], r)
	}
	for _, c := range plan.Consumers {
		for _, s := range c.Subscriptions {
			add(s, false)
		}
	}
	for _, s := range plan.Expired {
		add(s, true)
	}
	return out
}
