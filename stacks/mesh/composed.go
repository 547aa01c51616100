package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lineage"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// A query may read products of other domains, as far as a subscription of its domain's jobs
// shows them. What it makes is as sensitive as what it is made of:
//
//   - A column has at least the level of every column of other domains that its value is
//     made of, by conditions, aggregates and counts too. A row that is counted counts as the
//     most sensitive column that is shown of it.
//   - Where a column that is phi decides which rows there are, every column is phi: who is
//     in the result says what the column says. Below phi that a row is there tells nothing
//     about anybody who can be known.
//   - For a key of the ontology a column has the most restrictive value of all columns of
//     other domains that its value is made of and that decide which rows there are: such a
//     key says what data may be used for, and to filter by it is to use it.
//
// Only de-identification leads to a lower level. In its own domain the team classifies
// what it makes; but a product that is not phi has no column that is made of, or chosen by,
// one of the domain's that is. Where a query cannot be made out, what reads a table of its
// domain with a column that is phi is phi.

// composed checks the query of one table.
type composed struct {
	*subscriptionChecker

	product product
	table   contract.Table // resolved
	path    string         // of the table
	sources map[string]readSource
	crosses bool // it reads tables of other domains
}

// readSource is a table that a query reads.
type readSource struct {
	domain   string
	contract *contract.Contract // nil for a FHIR store
	table    *contract.Table    // likewise
	shown    []string           // the columns that a subscription shows, sorted; every one in the own domain
}

// checkComposed checks the queries of all products.
func (c *subscriptionChecker) checkComposed() {
	for _, p := range c.products {
		var resolved *contract.Contract
		for i, t := range p.contract.Tables {
			if t.TransformLogic == "" {
				continue
			}
			if resolved == nil {
				resolved = p.contract.Resolve()
			}
			(&composed{
				subscriptionChecker: c, product: p, table: resolved.Tables[i], path: tablePath(t, i), sources: map[string]readSource{},
			}).check()
		}
	}
	c.refuseComposedCircles()
}

func (c *composed) refuse(got, expected, fix string) {
	c.inContract(c.product, c.path+".sql", got, expected, fix)
}

func (c *composed) check() {
	sound := true
	for _, r := range c.table.References() {
		source, ok := c.source(r)
		sound = sound && ok
		if ok {
			c.sources[r.String()] = source
		}
	}
	if !sound {
		return // reported here, or where the own domain's tables are checked
	}
	if !c.crosses && c.product.contract.MaxSensitivity() == ontology.PHI {
		return // the team classifies what it makes of its own; to read the query takes most of the time of all checks
	}
	reads := c.reads()
	if reads == nil {
		c.refusePHITables()
		return
	}
	if !c.refuseHidden(reads) {
		c.checkLevels(reads)
		c.checkValues(reads)
	}
}

// source finds what a query names; false where there is none.
func (c *composed) source(r contract.Reference) (readSource, bool) {
	switch {
	case r.Domain == "" && r.OfFhirStore():
		return readSource{domain: c.product.owner}, true
	case r.Domain == "":
		k := c.contracts[productName{c.product.owner, r.Product}]
		if k == nil || k.Table(r.Table) == nil {
			return readSource{}, false
		}
		out := readSource{domain: c.product.owner, contract: k.Resolve()}
		out.table = out.contract.Table(r.Table)
		for _, column := range out.table.Columns {
			out.shown = append(out.shown, column.Name)
		}
		return out, true
	case r.Domain == c.product.owner:
		c.refuse(r.String()+", of the domain itself", "{product.table} for a table of the same domain", "write "+contract.Reference{Product: r.Product, Table: r.Table}.String())
		return readSource{}, false
	}
	c.crosses = true
	return c.elsewhere(r)
}

// elsewhere finds a table of another domain, and what the domain's jobs see of it.
func (c *composed) elsewhere(r contract.Reference) (readSource, bool) {
	index := c.index(r.Domain)
	if index < 0 {
		c.refuse(fmt.Sprintf("%s, of %s, which is no domain", r, quote(r.Domain)), "a domain: "+oneOf(c.known), "correct it"+suggest(r.Domain, c.known))
		return readSource{}, false
	}
	if r.OfFhirStore() {
		c.refuse(r.String()+", of the FHIR store of another domain", "tables of products", "subscribe to a product that domain "+r.Domain+" makes of it")
		return readSource{}, false
	}
	product := r.Domain + "." + r.Product
	k := c.contracts[productName{r.Domain, r.Product}]
	if k == nil || k.Table(r.Table) == nil {
		if k != nil || !c.findings.source.isPartial(index) {
			var known []string
			for _, p := range c.products.of(index) {
				for _, t := range p.contract.Tables {
					known = append(known, r.Domain+"."+p.contract.Name+"."+t.Name)
				}
			}
			slices.Sort(known)
			c.refuse(fmt.Sprintf("%s, which domain %s does not publish", r, r.Domain), "a table of its products: "+oneOf(known), "correct it"+suggest(r.Name(), known))
		}
		return readSource{}, false
	}
	out := readSource{domain: r.Domain, contract: k.Resolve()}
	out.table = out.contract.Table(r.Table)
	if out.table.View != nil {
		c.refuse(r.String()+", a view", "a table", viewFix)
		return readSource{}, false
	}
	i := c.subscriptionOfJobs(c.product.owner, product)
	if i < 0 {
		c.refuse(fmt.Sprintf("%s, to which no subscription lets %s", r, JobPrincipal(c.product.owner)),
			"a subscription of domain "+c.product.owner+" to "+product+" for "+JobPrincipal(c.product.owner),
			"agree on one with the owner of "+product+", with the levels and columns that the query reads, or take the table out")
		return readSource{}, false
	}
	out.shown = c.ontologies.columnsFor(c.subscriptions[i], out.contract, *out.table)
	return out, true
}

// subscriptionOfJobs is the subscription by which the jobs of a domain read a product; -1 is
// none.
func (c *subscriptionChecker) subscriptionOfJobs(consumer, product string) int {
	return slices.IndexFunc(c.subscriptions, func(s Subscription) bool {
		return s.Consumer == consumer && s.Product == product && slices.Contains(s.Principals, JobPrincipal(consumer))
	})
}

// reads is what the query reads and makes; nil where that cannot be made out, which is
// refused for a query that reads other domains.
func (c *composed) reads() *lineage.Reads {
	query, err := lineage.Parse(c.table.TransformLogic)
	found := problem.Of(err)
	var out *lineage.Reads
	if err == nil {
		out, found = query.Resolve(func(name string) ([]string, bool) {
			source, known := c.sources[name]
			if !known || source.table == nil {
				return nil, false
			}
			columns := make([]string, len(source.table.Columns))
			for i, column := range source.table.Columns {
				columns[i] = column.Name
			}
			return columns, true
		})
	}
	if len(found) == 0 {
		return out
	}
	if c.crosses {
		for _, p := range found {
			c.refuse(p.Got+" ("+p.Path+" of the query)", p.Expected, p.Fix)
		}
	}
	return nil
}

// refuseHidden refuses what a query reads of another domain beyond what is shown, and tables
// without braces beside, of which nobody would know whose they are; it reports whether there
// is any.
func (c *composed) refuseHidden(reads *lineage.Reads) bool {
	refused := false
	for _, read := range reads.Tables {
		source, known := c.sources[read.Name]
		if !known && c.crosses {
			refused = true
			c.refuse(fmt.Sprintf("the table %s beside tables of other domains (line %d, column %d of the query)", read.Name, read.Line, read.Column),
				"every table in braces", "write it as {product.table} or {domain.product.table}")
		}
		if !known || source.domain == c.product.owner {
			continue
		}
		product := source.domain + "." + source.contract.Name
		subscription := at("subscriptions", c.subscriptionOfJobs(c.product.owner, product))
		expected := "columns that the subscription of " + JobPrincipal(c.product.owner) + " shows (" + subscription + "): " + strings.Join(source.shown, ", ")
		for _, name := range read.Columns {
			if slices.Contains(source.shown, name) {
				continue
			}
			refused = true
			line, column := read.Place(name)
			why := ""
			if hidden := source.table.Column(name); hidden != nil {
				why = ", which is " + string(hidden.Level()) + ","
			}
			c.refuse(fmt.Sprintf("column %q of %s%s (line %d, column %d of the query)", name, read.Name, why, line, column), expected,
				"leave it out, or agree with the owner of "+product+" that the subscription shows it")
		}
	}
	return refused
}

// columns are those of a source that a reference means: what is shown of it for its rows as
// such, or where nobody knows which.
func (s readSource) columns(ref lineage.ColumnRef) []*contract.Column {
	if s.table == nil {
		return nil
	}
	if column := s.table.Column(ref.Column); column != nil {
		return []*contract.Column{column}
	}
	var out []*contract.Column
	for i := range s.table.Columns {
		if slices.Contains(s.shown, s.table.Columns[i].Name) {
			out = append(out, &s.table.Columns[i])
		}
	}
	return out
}

// refuseComposedCircles refuses products of several domains that are made from one another;
// those of one domain are refused where the domain is checked.
func (c *subscriptionChecker) refuseComposedCircles() {
	type step struct {
		product   int
		table     string
		reference contract.Reference
	}
	places := map[productName]int{}
	for i, p := range c.products {
		places[productName{p.owner, p.contract.Name}] = i
	}
	steps := make([][]step, len(c.products)) // by the product that reads
	crosses := false
	for i, p := range c.products {
		for _, t := range p.contract.Tables {
			for _, r := range (TablePlan{Table: t}).reads() {
				owner := p.owner
				if r.Domain != "" {
					owner, crosses = r.Domain, true
				}
				if to, known := places[productName{owner, r.Product}]; known && to != i {
					steps[i] = append(steps[i], step{to, p.owner + "." + p.contract.Name + "." + t.Name, contract.Reference{Domain: owner, Product: r.Product, Table: r.Table}})
				}
			}
		}
	}
	if !crosses {
		return
	}
	_, circle := inOrder(len(c.products), func(i int) []int {
		var out []int
		for _, s := range steps[i] {
			out = append(out, s.product)
		}
		return out
	})
	var words []string
	domains := map[string]bool{}
	for i := 1; i < len(circle); i++ {
		from, to := circle[i-1], circle[i]
		domains[c.products[from].owner] = true
		for _, s := range steps[from] {
			if s.product == to {
				words = append(words, s.table+" reads "+s.reference.Name())
				break
			}
		}
	}
	if len(domains) < 2 {
		return
	}
	p := c.products[circle[0]]
	c.inContract(p, "", "a circle of products: "+strings.Join(words, ", "), "products that can be made one after another",
		"take one of the references out, or move what both need into a product of its own")
}

// refuseEndedReads refuses queries whose domain's jobs read by a subscription that has ended.
func (c *subscriptionChecker) refuseEndedReads(ended func(Subscription) bool) {
	for _, p := range c.products {
		for i, t := range p.contract.Tables {
			path := tablePath(t, i)
			if t.TransformLogic != "" {
				path += ".sql"
			}
			seen := map[string]bool{}
			for _, r := range (TablePlan{Table: t}).subscribed() {
				at := c.subscriptionOfJobs(p.owner, r.Source())
				if at < 0 || seen[r.Source()] || !ended(c.subscriptions[at]) {
					continue
				}
				seen[r.Source()] = true
				c.inContract(p, path, fmt.Sprintf("%s, while the subscription of %s to %s ended on %s", r, JobPrincipal(p.owner), r.Source(), c.subscriptions[at].Expires),
					"a subscription that lasts while a job reads by it", "agree on a new end with the owner of "+r.Source()+", or take the table out")
			}
		}
	}
}
