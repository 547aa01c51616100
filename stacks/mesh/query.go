package mesh

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// Query is a saved Athena query of a domain. It stands in the workgroup of each
// principal that queries for the domain, or in the domain's own where there is none.
type Query struct {
	Name        string `yaml:"name"`        // name of the query in Athena
	Description string `yaml:"description"` // what it answers
	Zone        string `yaml:"zone"`        // whose database the names without one mean; default analytics
	SQL         string `yaml:"sql"`         // the statement
}

// QueryPlan is a saved query of a domain.
type QueryPlan struct {
	Name        string // name of the query
	Description string // what it answers
	Database    string // that unqualified table names mean
	SQL         string // the statement
}

// planQueries are the saved queries of a domain, by name.
func planQueries(domain string, queries []Query, n naming.Names) []QueryPlan {
	var out []QueryPlan
	for _, q := range queries {
		zone := ontology.Zone(cmp.Or(q.Zone, string(ontology.Analytics)))
		out = append(out, QueryPlan{Name: q.Name, Description: q.Description, Database: n.Database(domain, zone), SQL: q.SQL})
	}
	slices.SortFunc(out, func(a, b QueryPlan) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Athena's limits of saved queries.
const (
	maxQueryName        = 128
	maxQueryDescription = 1024
	maxQuerySQL         = 262144
)

func (c *findings) checkQueries(domain int, queries []Query) {
	for i, q := range queries {
		path := func(key string) string { return at("domains", domain, "queries", i, key) }
		same := func(other Query) bool { return other.Name == q.Name }
		switch {
		case strings.TrimSpace(q.Name) == "":
			c.addf(path("name"), quote(q.Name), "the name of the query", "name it")
		case len(q.Name) > maxQueryName:
			c.addf(path("name"), fmt.Sprintf("%d characters", len(q.Name)), atMost(maxQueryName, "characters"), "shorten it")
		case slices.ContainsFunc(queries[:i], same):
			c.addf(path("name"), quote(q.Name)+" again", "a name of its own for each query of the domain", "rename one of the two")
		}
		if len(q.Description) > maxQueryDescription {
			c.addf(path("description"), fmt.Sprintf("%d characters", len(q.Description)), atMost(maxQueryDescription, "characters"), "shorten it")
		}
		if q.Zone != "" && !ontology.Zone(q.Zone).Valid() {
			c.addf(path("zone"), quote(q.Zone), oneOf(zoneNames()), "name the zone whose tables the query means"+suggest(q.Zone, zoneNames()))
		}
		switch {
		case strings.TrimSpace(q.SQL) == "":
			c.addf(path("sql"), quote(q.SQL), "an SQL statement", "write the query, or take it out")
		case len(q.SQL) > maxQuerySQL:
			c.addf(path("sql"), fmt.Sprintf("%d bytes", len(q.SQL)), atMost(maxQuerySQL, "bytes"), "shorten it, for example with a view")
		}
	}
}

// ReaderPlan is a principal that queries for a domain. Lake Formation does not govern
// what a query has returned: whoever uses a workgroup reads its history and its
// results. So each principal has one of its own, and a policy that works for nobody
// else.
type ReaderPlan struct {
	PrincipalPlan

	WorkGroup string // name of the principal's workgroup
	Policy    string // name of the managed policy
}

// planReaders are the principals that query for a domain, each once, sorted by name.
func planReaders(domain string, principals []PrincipalPlan, n naming.Names) []ReaderPlan {
	var out []ReaderPlan
	for _, principal := range principals {
		if principal.Name == JobPrincipal(domain) {
			continue // has the domain's own
		}
		out = append(out, ReaderPlan{
			PrincipalPlan: principal,
			WorkGroup:     n.ReaderWorkGroup(domain, principal.Name),
			Policy:        n.ReaderPolicy(domain, principal.Name),
		})
	}
	slices.SortFunc(out, func(a, b ReaderPlan) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(out, func(a, b ReaderPlan) bool { return a.Name == b.Name })
}
