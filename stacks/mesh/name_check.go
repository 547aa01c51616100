package mesh

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// The longest names that the services take.
const (
	maxBucket    = 63
	maxDatabase  = 255
	maxRole      = 64
	maxPolicy    = 128
	maxWorkGroup = 128
	maxStack     = 128
	maxTagValue  = 256
	maxTagValues = 50 // of one key in one call (rule 2.10)
	maxFilter    = 255
	maxCrawler   = 255
	maxDatastore = 256 // of HealthLake and HealthImaging
)

// planned is a name that would be given to something.
type planned struct {
	what  string
	name  string
	limit int
}

// allNames checks the names that the plans would give, in every stage.
func (c *checker) allNames() {
	if !meshName.MatchString(c.d.Name) || len(c.d.Name) > maxMeshName {
		return
	}
	for i, domain := range c.d.Domains {
		if !partName.MatchString(domain.Name) || len(domain.Name) > maxDomainName {
			continue
		}
		c.longest(at("domains", i, "name"), c.namesOf(domain))
	}
	c.stackNames()
	c.tagCounts()
}

// longest reports, of each kind of name that is too long, the longest one.
func (c *checker) longest(path string, all []planned) {
	worst := map[string]planned{}
	var kinds []string
	for _, p := range all {
		if len(p.name) <= p.limit {
			continue
		}
		if _, ok := worst[p.what]; !ok {
			kinds = append(kinds, p.what)
		}
		if len(p.name) > len(worst[p.what].name) {
			worst[p.what] = p
		}
	}
	for _, kind := range kinds {
		p := worst[kind]
		c.addf(path,
			fmt.Sprintf("the %s name %q, which has %d characters", p.what, p.name, len(p.name)),
			atMost(p.limit, "characters"),
			fmt.Sprintf("shorten the name of the mesh or of the domain by %d", len(p.name)-p.limit))
	}
}

// namesOf are the names that a domain has in every stage.
func (c *checker) namesOf(domain Domain) []planned {
	var out []planned
	for _, stage := range c.StageNames() {
		n := names{mesh: c.d.Name, stage: stage, env: c.d.environment(stage, domain.Account)}
		for _, zone := range ontology.Zones() {
			out = append(out,
				planned{"bucket", n.bucket(domain.Name, string(zone)), maxBucket},
				planned{"database", n.database(domain.Name, zone), maxDatabase})
		}
		out = append(out,
			planned{"bucket", n.bucket(domain.Name, logsWord), maxBucket},
			planned{"role", n.pipelineRole(domain.Name), maxRole},
			planned{"role", n.locationRole(domain.Name), maxRole},
			planned{"role", n.optimizerRole(domain.Name), maxRole},
			planned{"workgroup", n.workGroup(domain.Name), maxWorkGroup},
			planned{"workgroup", n.jobWorkGroup(domain.Name, "deidentify"), maxWorkGroup},
			planned{"stack", n.subscriptionStack(domain.Name), maxStack})
		out = append(out, n.fhirNames(domain)...)
		if domain.ImageStore != nil {
			out = append(out,
				planned{"data store", n.datastore(domain.Name), maxDatastore},
				planned{"role", n.imageSeriesRole(domain.Name), maxRole},
				planned{"role", n.imageImportRole(domain.Name), maxRole},
				planned{"stack", n.imagesStack(domain.Name), maxStack})
		}
		for _, crawler := range domain.Crawlers {
			out = append(out,
				planned{"crawler", n.crawler(domain.Name, crawler), maxCrawler},
				planned{"role", n.crawlerRole(domain.Name, crawler), maxRole})
		}
	}
	return out
}

// stackNames refuses two stacks of one name: the words foundation, fhir, images, links,
// shares and subscriptions may also be parts of names of domains.
func (c *checker) stackNames() {
	told := map[string]bool{} // by path
	for _, stage := range c.StageNames() {
		owners := map[string]string{}
		take := func(path, name, owner string) bool {
			if other, taken := owners[name]; taken && other != owner {
				if !told[path] {
					c.addf(path, fmt.Sprintf("the stack name %q, which %s has too", name, other), "a stack name of its own", "rename the domain")
				}
				told[path] = true
				return false
			}
			owners[name] = owner
			return true
		}
		for _, domain := range c.d.Domains {
			env := c.d.environment(stage, domain.Account)
			n := names{mesh: c.d.Name, stage: stage, env: env}
			word := c.d.foundationWord(stage, env)
			take("", n.foundationStack(word), "the foundation")
			take("", n.linksStack(word), "the resource links")
		}
		for i, domain := range c.d.Domains {
			n := names{mesh: c.d.Name, stage: stage}
			path, owner := at("domains", i, "name"), "domain "+domain.Name
			if domain.FhirStore != nil {
				take(path, n.fhirStack(domain.Name), owner)
			}
			if take(path, n.domainStack(domain.Name), owner) {
				_ = take(path, n.subscriptionStack(domain.Name), owner) && take(path, n.shareStack(domain.Name), owner)
				if domain.ImageStore != nil {
					take(path, n.imagesStack(domain.Name), owner)
				}
			}
		}
	}
}

// tagCounts checks the number of values of each LF-Tag. CloudFormation takes 50
// values of a key (Lake Formation has 1,000), and a key has a value for each domain
// and each name of a product that stands in the account.
func (c *checker) tagCounts() {
	for _, stage := range c.StageNames() {
		seen := map[Environment]bool{}
		for _, domain := range c.d.Domains {
			env := c.d.environment(stage, domain.Account)
			if env.Account == "" || seen[env] {
				continue
			}
			seen[env] = true
			values := tagValues(c.d, c.d.standing(stage, env))
			where := fmt.Sprintf(" in account %s of stage %s", env.Account, stage)
			if n := len(values[ontology.TagKeyDomain]); n > maxTagValues {
				c.addf("domains", fmt.Sprintf("%d domains", n)+where, atMost(maxTagValues, "domains in an account, as each is a value of one LF-Tag"), "spread the domains over accounts, or split the mesh")
			}
			if n := len(values[ontology.TagKeyProduct]); n > maxTagValues {
				c.addf("domains", fmt.Sprintf("%d different names of products", n)+where, atMost(maxTagValues, "names in an account, as each is a value of one LF-Tag"), "join products, give products of different domains the same name, or spread the domains over accounts")
			}
		}
	}
}
