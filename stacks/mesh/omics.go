package mesh

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/omics/healthomics"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// Omics is a domain's stores of sequences in HealthOmics.
type Omics struct {
	ReferenceStore bool `yaml:"referenceStore"` // one of reference genomes, of which an account has one in a region
	SequenceStore  bool `yaml:"sequenceStore"`  // one of reads
}

// OmicsPlan is a domain's stores of sequences.
type OmicsPlan struct {
	StackName      string // name of their stack
	ReferenceStore string // name of the store of genomes; "" without one
	SequenceStore  string // name of the store of reads; "" without one
}

// plan plans the stores of a domain; nil for none.
func (o *Omics) plan(domain string, n naming.Names) *OmicsPlan {
	if o == nil {
		return nil
	}
	out := &OmicsPlan{StackName: n.OmicsStack(domain)}
	if o.ReferenceStore {
		out.ReferenceStore = n.ReferenceStore(domain)
	}
	if o.SequenceStore {
		out.SequenceStore = n.SequenceStore(domain)
	}
	return out
}

// maxSequences is how long HealthOmics lets a name of a store be.
const maxSequences = 127

// plannedNames are the names that come with the stores.
func (o *Omics) plannedNames(domain string, n naming.Names) []planned {
	if o == nil {
		return nil
	}
	return []planned{
		{"reference store", n.ReferenceStore(domain), maxSequences},
		{"sequence store", n.SequenceStore(domain), maxSequences},
		{stackName, n.OmicsStack(domain), maxStack},
	}
}

// checkOmics checks that a domain says which stores it has, that HealthOmics has them in
// the regions of the stages, and that no account would have two stores of genomes.
func (c *checker) checkOmics(i int, domains []Domain) {
	own, path := domains[i].Omics, at("domains", i, "omics")
	if own == nil {
		return
	}
	if !own.ReferenceStore && !own.SequenceStore {
		c.addf(path, "no store", "referenceStore: true, sequenceStore: true, or both", "say which stores the domain has, or take the key out")
	}
	for _, stage := range c.stages.Names() {
		region := c.stages[stage].Region
		if slices.Contains(Regions(), region) && !slices.Contains(healthomics.StoreRegions(), region) {
			c.addf(path, fmt.Sprintf("stores of sequences in %s, where stage %s runs", region, stage),
				"a region with stores of HealthOmics: "+oneOf(healthomics.StoreRegions()), "run the stage elsewhere, or take the stores out")
		}
	}
	for j, other := range domains[:i] {
		if own.ReferenceStore && other.Omics != nil && other.Omics.ReferenceStore && c.shareAccount(domains[i], other) {
			c.addf(path+".referenceStore", "a second one in the account of "+at("domains", j), "one reference store for an account and region, as HealthOmics has it",
				"leave it to one of the two domains, and refer to it from the other by omics.ReferenceStoreFromAttributes")
		}
	}
}

// shareAccount reports whether two domains stand in one account in some stage.
func (c *checker) shareAccount(a, b Domain) bool {
	for _, stage := range c.stages.Names() {
		accounts := c.stages[stage].Accounts
		if id := accounts[a.Account]; id != "" && id == accounts[b.Account] {
			return true
		}
	}
	return false
}
