package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// external is a table whose files are not in the lake of its domain.
type external struct {
	product  product
	path     string // of the table, in its contract
	location string // as it is registered; ends in "/"
}

// checkLocations checks the places outside the lake in every stage. Lake Formation
// registers a place once in an account, and neither above nor below another one
// (rule 3.3); the tables of one domain may share a place, which is then registered
// once.
func (c *checker) checkLocations(all products) {
	check := locationChecker{checker: c, buckets: c.lakeBuckets(), reported: map[string]bool{}}
	for _, stage := range c.stages.Names() {
		seen := map[string][]external{} // by environment and bucket
		for _, p := range all {
			for i := range p.contract.Tables {
				check.checkTable(stage, p, i, seen)
			}
		}
	}
}

// locationChecker says each thing about a table once, not in every stage again.
type locationChecker struct {
	*checker

	buckets  map[string]lakeBucket
	reported map[string]bool
}

// lakeBucket is what the mesh makes a bucket for; word is a zone, naming.Logs or naming.Keys.
type lakeBucket struct{ domain, word string }

// lakeBuckets are the buckets of the mesh in every stage, by name.
func (c *checker) lakeBuckets() map[string]lakeBucket {
	out := map[string]lakeBucket{}
	for _, stage := range c.stages.Names() {
		for _, domain := range c.domains {
			n := c.names(stage, domain.account)
			for _, word := range append(zoneNames(), naming.Logs, naming.Keys) {
				out[n.Bucket(domain.name, word)] = lakeBucket{domain.name, word}
			}
		}
	}
	return out
}

func (c *locationChecker) report(p product, path, got, expected, fix string) {
	key := fmt.Sprint(p.domain, "/", p.index, "/", path, "/", got)
	if !c.reported[key] {
		c.inContract(p, path, got, expected, fix)
	}
	c.reported[key] = true
}

func (c *locationChecker) checkTable(stage string, p product, i int, seen map[string][]external) {
	t := &p.contract.Tables[i]
	path := tablePath(*t, i)
	location, ok := t.LocationIn(stage, c.stages.Names())
	if !ok {
		c.report(p, path, fmt.Sprintf("no place of the table %s in the stage %s, only in the environments %s", t.Name, stage, strings.Join(slices.Sorted(maps.Keys(t.Locations)), ", ")),
			"a server for every stage", fmt.Sprintf("add a server with environment: %s, or one without environment for every other stage", stage))
		return
	}
	c.checkTemplate(stage, p, path, t, location)
	place, isExternal := s3uri.FromURI(location)
	if !isExternal {
		return // in the lake, or refused by the contract
	}
	e := external{product: p, path: path, location: cmp.Or(t.Registered, location)}
	c.refuseInsideLake(e, place.Bucket)
	env := c.stages.environment(stage, c.domains[p.domain].account)
	if env.Account == "" {
		return
	}
	key := env.String() + "/" + place.Bucket
	c.refuseOverlap(e, seen[key])
	seen[key] = append(seen[key], e)
}

// checkTemplate refuses partitions beside their table: Athena reads none of a registered
// table whose place is not below it. Source: "Considerations and limitations for
// querying data registered with Lake Formation", partitioned data locations.
func (c *locationChecker) checkTemplate(stage string, p product, path string, t *contract.Table, location string) {
	if t.LocationTemplate == "" || t.View != nil || t.Location != "" && len(t.Locations) == 0 {
		return // or checked by the contract
	}
	if location == "" {
		n := c.names(stage, c.domains[p.domain].account)
		location = tableLocation(n.Bucket(p.owner, string(p.contract.Zone.OrDefault())), p.contract, *t)
	}
	if !strings.HasPrefix(t.PartitionTemplate(location), location) {
		c.report(p, path, fmt.Sprintf("the template %s, outside the place of the table %s in the stage %s", t.LocationTemplate, t.Name, stage),
			"a place below "+location+", as Lake Formation reads no partition beside it", "write only what follows the place: ${column}/")
	}
}

// refuseOverlap reports the first place that e shares a part with.
func (c *locationChecker) refuseOverlap(e external, seen []external) {
	for _, other := range seen {
		oneDomain := other.product.domain == e.product.domain
		if other.location == e.location && oneDomain {
			continue
		}
		if !s3uri.Parse(e.location).Overlaps(s3uri.Parse(other.location)) {
			continue
		}
		c.report(e.product, e.path,
			fmt.Sprintf("%s, which overlaps %s of domain %s (%s)", e.location, other.location, other.product.owner, other.product.place()),
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

// refuseInsideLake refuses a place in a bucket that the mesh makes itself: a domain
// registers its buckets whole.
func (c *locationChecker) refuseInsideLake(e external, bucket string) {
	if in, ok := c.buckets[bucket]; ok {
		c.report(e.product, e.path, fmt.Sprintf("%s, which is in the lake of domain %s", e.location, in.domain), "a place outside the lakes of the mesh", lakeFix(in.word))
	}
}

func lakeFix(word string) string {
	if ontology.Zone(word).Valid() {
		return "leave the location out and set the zone of the contract to " + word
	}
	return "move the data to a zone of the lake"
}
