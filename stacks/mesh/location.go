package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// LocationPlan is one S3 location that is registered with Lake Formation.
type LocationPlan struct {
	ARN      string        // arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix
	Zone     ontology.Zone // "" for data outside the domain's lake
	ReadOnly bool          // true outside the domain's lake
}

// bucket is the name of the bucket of a location that is one whole.
func (l LocationPlan) bucket() string { return l.ARN[strings.LastIndex(l.ARN, ":")+1:] }

// locations are what the domain registers with Lake Formation: each zone's
// bucket whole, and, to be read only, each place outside the lake once (rule 3.3).
func locations(d DomainPlan, n names) []LocationPlan {
	var out []LocationPlan
	for zone, bucket := range d.Buckets {
		out = append(out, LocationPlan{ARN: n.s3ARN(bucket), Zone: zone})
	}
	for _, t := range d.Tables {
		if t.Table.Location != "" {
			out = append(out, LocationPlan{ARN: n.s3ARN(t.Location), ReadOnly: true})
		}
	}
	slices.SortFunc(out, func(a, b LocationPlan) int { return strings.Compare(a.ARN, b.ARN) })
	return slices.Compact(out)
}

// external is a table whose files are not in the lake of its domain.
type external struct {
	product  product
	path     string // of the table, in its contract
	location string // ends in "/"
}

// locations checks the places outside the lake in every stage. Lake Formation
// registers a place once in an account, and neither above nor below another one
// (rule 3.3); the tables of one domain may share a place, which is then registered
// once.
func (c *checker) locations() {
	check := placeChecker{checker: c, lakes: c.lakes(), told: map[string]bool{}}
	for _, stage := range c.StageNames() {
		seen := map[string][]external{} // by environment and bucket
		for _, p := range c.products() {
			for i := range p.contract.Tables {
				check.table(stage, p, i, seen)
			}
		}
	}
}

// placeChecker says each thing about a table once, not in every stage again.
type placeChecker struct {
	*checker

	lakes map[string]lake
	told  map[string]bool
}

// lake is what the mesh makes a bucket for.
type lake struct{ domain, word string }

// lakes are the buckets of the mesh in every stage, by name.
func (c *checker) lakes() map[string]lake {
	out := map[string]lake{}
	for _, stage := range c.StageNames() {
		for _, domain := range c.d.Domains {
			n := names{mesh: c.d.Name, stage: stage, env: c.d.environment(stage, domain.Account)}
			for _, word := range append(zoneNames(), logsWord, keysWord) {
				out[n.bucket(domain.Name, word)] = lake{domain.Name, word}
			}
		}
	}
	return out
}

func (c *placeChecker) report(p product, path, got, expected, fix string) {
	key := fmt.Sprint(p.domain, "/", p.index, "/", path, "/", got)
	if !c.told[key] {
		c.inContract(p, path, got, expected, fix)
	}
	c.told[key] = true
}

func (c *placeChecker) table(stage string, p product, i int, seen map[string][]external) {
	t := &p.contract.Tables[i]
	path := tablePath(*t, i)
	location, ok := t.LocationIn(stage, c.d.StageNames())
	if !ok {
		c.report(p, path, fmt.Sprintf("no place of the table %s in the stage %s, only in the environments %s", t.Name, stage, strings.Join(slices.Sorted(maps.Keys(t.Locations)), ", ")),
			"a server for every stage", fmt.Sprintf("add a server with environment: %s, or one without environment for every other stage", stage))
		return
	}
	c.template(stage, p, path, t, location)
	place, outside := s3uri.FromURI(location)
	if !outside {
		return // in the lake, or refused by the contract
	}
	e := external{product: p, path: path, location: location}
	c.insideLake(e, place.Bucket)
	env := c.d.environment(stage, c.d.Domains[p.domain].Account)
	if env.Account == "" {
		return
	}
	key := env.String() + "/" + place.Bucket
	c.overlap(e, seen[key])
	seen[key] = append(seen[key], e)
}

// template refuses partitions beside their table: Athena reads none of a registered
// table whose place is not below it. Source: "Considerations and limitations for
// querying data registered with Lake Formation", partitioned data locations.
func (c *placeChecker) template(stage string, p product, path string, t *contract.Table, location string) {
	domain := c.d.Domains[p.domain]
	if t.LocationTemplate == "" || t.View != nil || t.Location != "" && len(t.Locations) == 0 {
		return // or checked by the contract
	}
	if location == "" {
		n := names{mesh: c.d.Name, stage: stage, env: c.d.environment(stage, domain.Account)}
		location = tableLocation(n.bucket(domain.Name, string(p.contract.Zone.OrDefault())), p.contract, *t)
	}
	if !strings.HasPrefix(t.PartitionTemplate(location), location) {
		c.report(p, path, fmt.Sprintf("the template %s, outside the place of the table %s in the stage %s", t.LocationTemplate, t.Name, stage),
			"a place below "+location+", as Lake Formation reads no partition beside it", "write only what follows the place: ${column}/")
	}
}

// overlap reports the first place that e shares a part with.
func (c *placeChecker) overlap(e external, seen []external) {
	for _, other := range seen {
		oneDomain := other.product.domain == e.product.domain
		if other.location == e.location && oneDomain {
			continue
		}
		if !s3uri.Parse(e.location).Overlaps(s3uri.Parse(other.location)) {
			continue
		}
		c.report(e.product, e.path,
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

// insideLake refuses a place in a bucket that the mesh makes itself: a domain
// registers its buckets whole.
func (c *placeChecker) insideLake(e external, bucket string) {
	if in, ok := c.lakes[bucket]; ok {
		c.report(e.product, e.path, fmt.Sprintf("%s, which is in the lake of domain %s", e.location, in.domain), "a place outside the lakes of the mesh", lakeFix(in.word))
	}
}

func lakeFix(word string) string {
	if ontology.Zone(word).Valid() {
		return "leave the location out and set the zone of the contract to " + word
	}
	return "move the data to a zone of the lake"
}
