package mesh

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Athena's limits of saved queries.
const (
	maxQueryName        = 128
	maxQueryDescription = 1024
	maxQuerySQL         = 262144
)

// domains checks the teams and their saved queries.
func (c *checker) domains() {
	if len(c.d.Domains) == 0 {
		c.addf("domains", "no domain", "at least one domain", "write for example domains: [{name: clinical, account: main, owner: clinical-data@example.org}]")
	}
	seen := map[string]int{}
	for i, domain := range c.d.Domains {
		c.domainName(i, domain.Name, seen)
		if domain.Account == "" {
			c.addf(at("domains", i, "account"), "nothing", "the name of an account of the stages", "say which account the domain's lake stands in")
		} else {
			c.knownAccounts(at("domains", i, "account"), domain.Account)
		}
		if !isEmail(domain.Owner) {
			c.addf(at("domains", i, "owner"), quote(domain.Owner), "the e-mail address of the team", "write for example owner: clinical-data@example.org")
		}
		c.queries(i, domain.Queries)
		c.crawlers(i, domain.Crawlers)
		c.imageStore(i)
		c.s3Access(i)
	}
}

func (c *checker) domainName(i int, name string, seen map[string]int) {
	path := at("domains", i, "name")
	switch {
	case !partName.MatchString(name):
		c.addf(path, quote(name), "a name of lower-case letters, digits and single hyphens", "name the domain, for example clinical")
		return
	case len(name) > maxDomainName:
		c.addf(path, fmt.Sprintf("%q, which has %d characters", name, len(name)), atMost(maxDomainName, "characters"), "shorten it")
	}
	if first, taken := seen[underscored(name)]; taken {
		c.addf(path, fmt.Sprintf("%q, which is %s too", name, at("domains", first, "name")), "a name of its own for each domain", "rename one of the two")
		return
	}
	seen[underscored(name)] = i
}

// isEmail reports whether s is a bare address with a domain.
func isEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s {
		return false
	}
	local, host, _ := strings.Cut(s, "@")
	return local != "" && strings.Contains(host, ".")
}

func (c *checker) queries(domain int, queries []Query) {
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
