package mesh

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// catalogName is what Glue and LF-Tags take without folding it (rule 6.5).
var (
	catalogName = regexp.MustCompile(`^[a-z0-9_]+$`)
	notInNames  = regexp.MustCompile(`[^a-z0-9]+`)
)

// allProducts checks the contracts.
func (c *checker) allProducts() {
	for i, domain := range c.d.Domains {
		for j, k := range domain.Contracts {
			if k == nil {
				c.addf(at("domains", i, "contracts", j), "nil", "a contract", "take it out")
			}
		}
	}
	tables := map[string]product{} // by domain, zone and table name
	for _, p := range c.products() {
		for _, found := range problem.Of(p.contract.Validate()) {
			c.inContract(p, found.Path, found.Got, found.Expected, found.Fix)
		}
		c.productItself(p)
		c.productTags(p)
		if len(p.contract.Tables) == 0 {
			c.inContract(p, "schema", "no table", "at least one table", "describe the tables of the product")
		}
		for i, t := range p.contract.Tables {
			c.table(p, i, t, tables)
			c.deidentified(p, i)
			c.madeByQuery(p, i)
		}
		c.frozen(p, false)
	}
}

// productItself checks what a contract says about the whole product, beyond what
// makes it a contract.
func (c *checker) productItself(p product) {
	k, domain := p.contract, c.d.Domains[p.domain]
	switch earlier := c.earlier(p); {
	case strings.TrimSpace(k.Name) == "": // reported by the contract
	case !catalogName.MatchString(k.Name):
		c.atName(p, quote(k.Name), "a name of lower-case letters, digits and _", nameFix(k.Name))
	case len(k.Name) > maxTagValue:
		c.atName(p, fmt.Sprintf("a name of %d characters", len(k.Name)), atMost(maxTagValue, "characters, as it is the value of an LF-Tag"), "shorten it")
	case earlier != nil:
		c.atName(p, fmt.Sprintf("%q, which %s is called too", k.Name, c.place(*earlier)), "a name of its own for each product of a domain", "rename one of the two")
	}
	if k.Domain != "" && k.Domain != domain.Name {
		c.inContract(p, "domain", quote(k.Domain), "the domain that the mesh lists the contract under, "+domain.Name, "correct the contract, or list it under its domain")
	}
	if strings.EqualFold(k.Status, "retired") {
		c.inContract(p, "status", quote(k.Status), "a contract that is not retired", "take the contract out of the mesh; its data is kept")
	}
}

// atName reports a finding about the name of a product where the name stands: in
// the mesh file, or at the key of the contract.
func (c *checker) atName(p product, got, expected, fix string) {
	if path := c.d.source.nameOf(p.contract); path != "" {
		c.addf(path, got, expected, fix)
		return
	}
	c.inContract(p, cmp.Or(p.contract.NamePath, "name"), got, expected, fix)
}

// nameFix says how a product with a title comes to a name.
func nameFix(title string) string {
	example := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(title), "_"), "_")
	if example == "" {
		example = "lab_results"
	}
	return "name it " + example + "; a title may stay where productNames of the domain, or the custom property product of the contract, has the name"
}

// earlier is the product before p that has its name in its domain, or nil.
func (c *checker) earlier(p product) *product {
	for j, other := range c.d.Domains[p.domain].Contracts[:p.index] {
		if other != nil && other.Name == p.contract.Name {
			return &product{contract: other, domain: p.domain, index: j}
		}
	}
	return nil
}
