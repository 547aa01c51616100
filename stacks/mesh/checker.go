package mesh

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// checker collects the problems of a definition and places them in the files it
// was loaded from.
type checker struct {
	d    *Definition
	mesh problem.List
	// contracts are the problems of contracts that came from files, with paths in
	// those files.
	contracts map[*contract.Contract]*problem.List
	order     []*contract.Contract
	domainsOf []string // what domainNames returns, once it was asked
}

func newChecker(d *Definition) *checker {
	return &checker{d: d.indexed(), contracts: map[*contract.Contract]*problem.List{}}
}

// addf adds a problem at a path of the mesh.
func (c *checker) addf(path, got, expected, fix string) { c.mesh.Addf(path, got, expected, fix) }

// inContract adds a problem at a path of a contract: in its file, or under the
// domain it was written into.
func (c *checker) inContract(p product, path, got, expected, fix string) {
	if p.contract.File == "" {
		full := at("domains", p.domain, "contracts", p.index)
		if path != "" {
			full += "." + path
		}
		c.addf(full, got, expected, fix)
		return
	}
	list, ok := c.contracts[p.contract]
	if !ok {
		list = &problem.List{}
		c.contracts[p.contract] = list
		c.order = append(c.order, p.contract)
	}
	list.Addf(path, got, expected, fix)
}

// done returns everything that was added, with its places, sorted.
func (c *checker) done() problem.List {
	out := c.d.source.placeMesh(c.mesh)
	for _, k := range c.order {
		out = append(out, c.d.source.placeContract(k, *c.contracts[k])...)
	}
	return out.Sorted()
}

// product is a contract with its place in the definition.
type product struct {
	contract *contract.Contract
	domain   int
	index    int
}

// products are the contracts of every domain.
func (c *checker) products() []product {
	var out []product
	for i, domain := range c.d.Domains {
		for j, k := range domain.Contracts {
			if k != nil {
				out = append(out, product{contract: k, domain: i, index: j})
			}
		}
	}
	return out
}

// domainNames are the names of all domains, sorted.
func (c *checker) domainNames() []string {
	if c.domainsOf == nil {
		c.domainsOf = tagValues(c.d, c.d.Domains)[ontology.FacetDomain]
	}
	return c.domainsOf
}

// stageNames are the names of the stages, sorted.
func (c *checker) StageNames() []string { return c.d.StageNames() }

// atMost says what a count should have been.
func atMost(n int, what string) string { return fmt.Sprintf("at most %d %s", n, what) }
