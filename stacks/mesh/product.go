package mesh

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// catalogName is what Glue and LF-Tags take without folding it (rule 6.5).
var (
	catalogName = regexp.MustCompile(`^[a-z0-9_]+$`)
	notInNames  = regexp.MustCompile(`[^a-z0-9]+`)
)

// checkProducts checks the contracts of a domain. Its tables may be made from those of
// its FHIR store, where it has one.
func (c *findings) checkProducts(own products, o *ontologies, kept copies, hasFhirStore bool) {
	tables := map[string]product{} // by zone and table name
	for _, p := range own {
		for _, found := range problem.Of(p.contract.Validate()) {
			c.inContract(p, found.Path, found.Got, found.Expected, found.Fix)
		}
		c.checkProduct(p, own)
		c.checkTags(p, o.of(p.owner))
		if len(p.contract.Tables) == 0 {
			c.inContract(p, "schema", "no table", "at least one table", "describe the tables of the product")
		}
		for i, t := range p.contract.Tables {
			c.checkTable(p, i, t, tables)
			c.checkDeidentified(p, i, own)
			c.checkQuery(p, i, own, hasFhirStore)
		}
		c.checkDeployed(p, kept, false)
	}
	c.refuseCircle(own)
}

// checkProduct checks what a contract says about the whole product, beyond what
// makes it a contract.
func (c *findings) checkProduct(p product, own products) {
	k := p.contract
	first := own[slices.IndexFunc(own, func(other product) bool { return other.contract.Name == k.Name })]
	switch {
	case strings.TrimSpace(k.Name) == "": // reported by the contract
	case !catalogName.MatchString(k.Name):
		c.atName(p, quote(k.Name), "a name of lower-case letters, digits and _", nameFix(k.Name))
	case len(k.Name) > maxTagValue:
		c.atName(p, fmt.Sprintf("a name of %d characters", len(k.Name)), atMost(maxTagValue, "characters, as it is the value of an LF-Tag"), "shorten it")
	case first.index != p.index:
		c.atName(p, fmt.Sprintf("%q, which %s is called too", k.Name, first.place()), "a name of its own for each product of a domain", "rename one of the two")
	}
	if k.Domain != "" && k.Domain != p.owner {
		c.inContract(p, "domain", quote(k.Domain), "the domain that the mesh lists the contract under, "+p.owner, "correct the contract, or list it under its domain")
	}
	if strings.EqualFold(k.Status, "retired") {
		c.inContract(p, "status", quote(k.Status), "a contract that is not retired", "take the contract out of the mesh; its data is kept")
	}
}

// atName reports a finding about the name of a product where the name stands: in
// the mesh file, or at the key of the contract.
func (c *findings) atName(p product, got, expected, fix string) {
	if path := c.source.nameOf(p.contract); path != "" {
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
