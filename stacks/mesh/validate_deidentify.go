package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// deidentified checks a table that says what it is made from: that its source is
// in its domain, that its product is declared no more than deidentified, and that
// no identifier comes along.
func (c *checker) deidentified(p product, i int) {
	if p.contract.Tables[i].Deidentify == nil {
		return
	}
	t := p.contract.Resolve().Tables[i]
	t.Path = tablePath(t, i)
	t.Columns = slices.Clone(t.Columns)
	for j := range t.Columns {
		if t.Columns[j].Path == "" {
			t.Columns[j].Path = t.Path + ".columns" + at(j)
		}
	}
	if l := p.contract.MaxSensitivity(); l.Compare(ontology.Deidentified) > 0 {
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("a table made by de-identification in product %q, which is %s", p.contract.Name, l),
			"a product that is at most "+string(ontology.Deidentified), "declare the product as deidentified, and put what is phi into another one")
	}
	source, known := c.tableOf(p, t.Deidentify.From)
	switch {
	case source == nil && known && t.Deidentify.From != "": // what is empty has been reported
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("from: %q, which the domain %s does not have", t.Deidentify.From, c.d.Domains[p.domain].Name),
			"a table of a product of the same domain, as product.table", "correct it; what holds identifiers is made harmless in its own domain")
	case source != nil && source.View != nil:
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("from: %q, a view", t.Deidentify.From), "a table", viewFix)
	case source != nil:
		for _, found := range problem.Of(deidentify.Check(source, &t)) {
			c.inContract(p, found.Path, found.Got, found.Expected, found.Fix)
		}
	}
}

// tableOf finds a table of the same domain by product.table. Nothing is
// known of it where contracts of the domain could not be read.
func (c *checker) tableOf(p product, from string) (source *contract.Table, known bool) {
	name, table, _ := strings.Cut(from, ".")
	for _, k := range c.d.Domains[p.domain].Contracts {
		if k != nil && k.Name == name {
			return k.Resolve().Table(table), true
		}
	}
	return nil, !c.d.source.isPartial(p.domain)
}
