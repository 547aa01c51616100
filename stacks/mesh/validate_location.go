package mesh

import (
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// external is a table whose files are not in the lake of its domain.
type external struct {
	product  product
	path     string // of the table, in its contract
	location string // ends in "/"
}

// locations checks the places outside the lake. Lake Formation registers a place
// once in an account, and neither above nor below another one (rule 3.3); the
// tables of one domain may share a place, which is then registered once.
func (c *checker) locations() {
	var seen []external
	for _, p := range c.products() {
		for i, t := range p.contract.Tables {
			if !strings.HasPrefix(t.Location, s3Scheme) {
				continue // in the lake, or refused by the contract
			}
			e := external{product: p, path: tablePath(t, i), location: folder(t.Location)}
			c.insideLake(e)
			c.overlap(e, seen)
			seen = append(seen, e)
		}
	}
}

// overlap reports the first place that e shares a part with.
func (c *checker) overlap(e external, seen []external) {
	for _, other := range seen {
		same := other.location == e.location
		oneDomain := other.product.domain == e.product.domain
		if same && oneDomain || !c.together(e.product.domain, other.product.domain) {
			continue
		}
		if !strings.HasPrefix(e.location, other.location) && !strings.HasPrefix(other.location, e.location) {
			continue
		}
		c.inContract(e.product, e.path,
			fmt.Sprintf("%s, which overlaps %s of domain %s (%s)", e.location, other.location, c.d.Domains[other.product.domain].Name, c.place(other.product)),
			"places that do not overlap, as Lake Formation registers each once in an account",
			overlapFix(oneDomain))
		return
	}
}

func overlapFix(oneDomain bool) string {
	if oneDomain {
		return "give both tables the same location, or places beside each other"
	}
	return "let one domain own the data and the other subscribe to it"
}

// together reports whether two domains stand in one environment in some stage.
func (c *checker) together(a, b int) bool {
	for _, stage := range c.stageNames() {
		env := c.d.environment(stage, c.d.Domains[a].Account)
		if env.Account != "" && env == c.d.environment(stage, c.d.Domains[b].Account) {
			return true
		}
	}
	return false
}

// insideLake refuses a place in a bucket that the mesh makes itself: a domain
// registers its buckets whole.
func (c *checker) insideLake(e external) {
	for _, stage := range c.stageNames() {
		for _, domain := range c.d.Domains {
			n := names{mesh: c.d.Name, stage: stage, env: c.d.environment(stage, domain.Account)}
			words := append(zoneNames(), logsWord, resultsWord)
			for _, word := range words {
				if !strings.HasPrefix(e.location, s3Scheme+n.bucket(domain.Name, word)+"/") {
					continue
				}
				c.inContract(e.product, e.path, fmt.Sprintf("%s, which is in the lake of domain %s", e.location, domain.Name), "a place outside the lakes of the mesh", lakeFix(word))
				return
			}
		}
	}
}

func lakeFix(word string) string {
	if ontology.Zone(word).Valid() {
		return "leave the location out and set the zone of the contract to " + word
	}
	return "move the data to a zone of the lake"
}
