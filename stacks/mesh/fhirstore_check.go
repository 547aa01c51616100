package mesh

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

var fhirFolder = regexp.MustCompile(`^([A-Za-z0-9._=-]+/)+$`)

// fhirStores checks the FHIR stores of all domains.
func (c *checker) fhirStores() {
	for i, domain := range c.d.Domains {
		s := domain.FhirStore
		if s == nil {
			continue
		}
		path := at("domains", i, "fhirStore")
		for _, stage := range c.StageNames() {
			region := c.d.Stages[stage].Region
			if slices.Contains(Regions(), region) && !slices.Contains(healthlake.Regions(), region) {
				c.addf(path, fmt.Sprintf("stage %s in %s, where HealthLake is not", stage, region), oneOf(healthlake.Regions()), "move the stage, or take the store out")
			}
		}
		c.fhirAuthorization(path, domain, s)
		if known := fhirAnalytics(); s.Analytics != "" && !slices.Contains(known, s.Analytics) {
			c.addf(path+".analytics", quote(s.Analytics), oneOf(known), "choose one, or leave it out"+suggest(s.Analytics, known))
		}
		if s.Synthetic && !slices.ContainsFunc(slices.Collect(maps.Values(c.d.Stages)), func(s Stage) bool { return s.NonProduction }) {
			c.addf(path+".synthetic", "true, and no stage is marked nonProduction", "a stage that never holds data of real patients", "write nonProduction: true in such a stage, or take synthetic out")
		}
		c.fhirLanding(path+".landing", i, domain, s)
		c.fhirReaders(path+".readers", domain, s.Readers)
		if s.Export != nil {
			c.exportSchedule(path+".export.schedule", s.Export.Schedule)
		}
	}
}

// fhirAnalytics are the words for whether HealthLake keeps the tables of a store.
func fhirAnalytics() []string { return []string{"enabled", analyticsPaused} }

const analyticsPaused = "paused"

// pausedTables finds FHIR stores whose tables are not kept although somebody reads them.
func (c *checker) pausedTables() {
	for i, domain := range c.d.Domains {
		if s := domain.FhirStore; s == nil || s.Analytics != analyticsPaused || len(s.Readers) == 0 && !domain.queriesFhirStore() {
			continue
		}
		c.addf(at("domains", i, "fhirStore", "analytics"), analyticsPaused+", and there are readers or queries of contracts",
			"enabled where the tables are read", "enable it when what it was paused for is done; until then HealthLake does not promise what queries see")
	}
}

// queriesFhirStore reports whether a table of the domain is made from its FHIR store.
func (d Domain) queriesFhirStore() bool {
	for _, k := range d.Contracts {
		if k == nil {
			continue
		}
		for _, t := range k.Tables {
			if slices.ContainsFunc(t.References(), contract.Reference.OfFhirStore) {
				return true
			}
		}
	}
	return false
}

func (c *checker) exportSchedule(path, text string) {
	if text == "" {
		c.addf(path, "nothing", "hourly, daily, weekly, monthly or cron(…)", "say when the store is exported, in UTC")
		return
	}
	c.crawlerSchedule(path, text)
}

func (c *checker) fhirAuthorization(path string, domain Domain, s *FhirStore) {
	known := []string{AWSAuth, SmartOnFhir, SmartOnFhirV1}
	switch word := s.authorization(); {
	case !slices.Contains(known, word):
		c.addf(path+".authorization", quote(word), oneOf(known), "choose how requests prove who sends them"+suggest(word, known))
	case word == AWSAuth && s.Smart != nil:
		c.addf(path+".smart", "an identity provider with authorization "+AWSAuth, "smart only with "+SmartOnFhir+" or "+SmartOnFhirV1, "remove smart, or write authorization: "+SmartOnFhir)
	case word != AWSAuth && s.Smart == nil:
		c.addf(path+".smart", "nothing with authorization "+word, "an identity provider and the metadata of the SMART configuration", "add smart")
	}
	if s.Smart == nil {
		return
	}
	c.identityProvider(path+".smart.identityProvider", domain, s.Smart)
	c.mesh = append(c.mesh, s.Smart.Metadata.Problems(path+".smart.metadata")...)
}

// identityProvider checks the function that reads tokens, in every stage.
func (c *checker) identityProvider(path string, domain Domain, s *Smart) {
	if !c.accountWords(path, strings.ReplaceAll(s.IdentityProvider, regionWord, "")) {
		return
	}
	for _, stage := range c.stagesOrNone() {
		arn, env := c.d.identityProvider(stage, s), c.d.environment(stage, domain.Account)
		switch {
		case !healthlake.IsFunctionARN(arn):
			c.addf(path, quote(s.IdentityProvider), "the ARN of a Lambda function", "write for example arn:aws:lambda:{region}:{"+domain.Account+"}:function:identity-provider")
			return
		case stage != "" && (accountOf(arn) != env.Account || strings.Split(arn, ":")[3] != env.Region):
			c.addf(path, fmt.Sprintf("%q, which is not in account %s and region %s of stage %s", arn, env.Account, env.Region, stage), "a function beside the store", "write {"+domain.Account+"} for the account and {region} for the region")
			return
		case !c.partition(path, s.IdentityProvider, stage, arn):
			return
		}
	}
}

// fhirLanding checks where deliveries arrive. Nothing else may land, be written or
// be crawled there: every file of a delivery is imported.
func (c *checker) fhirLanding(path string, i int, domain Domain, s *FhirStore) {
	landing := s.landing()
	if !fhirFolder.MatchString(landing) || strings.Contains("/"+landing, "/../") || strings.Contains("/"+landing, "/./") {
		c.addf(path, quote(landing), `folders of letters, digits and any of ._=- such as "fhir/", without a slash before and with one behind`, "name the folder that deliveries arrive in")
		return
	}
	for _, own := range []string{fhirResults, fhirQuarantine} {
		if overlap(landing, own) {
			c.addf(path, fmt.Sprintf("%q beside %q, which imports write to", landing, own), "a folder apart", "choose another folder: what an import writes must not be imported")
		}
	}
	for _, product := range slices.Sorted(maps.Keys(domain.rawProducts())) {
		if folder := domain.rawProducts()[product]; overlap(landing, folder) {
			c.addf(path, fmt.Sprintf("%q, where the tables of product %s are", landing, product), "a folder apart from tables", "choose another folder")
		}
	}
	for j, crawler := range domain.Crawlers {
		if crawler.Zone != string(ontology.Raw) {
			continue
		}
		for _, what := range slices.Sorted(maps.Keys(s.rawFolders())) {
			if folder := s.rawFolders()[what]; overlap(folder, crawler.Path) {
				c.addf(at("domains", i, "crawlers", j, "path"), fmt.Sprintf("%q, where the FHIR store has its %s (%s)", crawler.Path, what, folder),
					"crawlers and FHIR stores over different folders", "take the crawler out: the store has tables of its own, and a table would be made of each delivery")
			}
		}
	}
}

// overlap reports whether one folder holds the other.
func overlap(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// fhirReaders checks who may query a store. They are the domain's own people and
// jobs: all of a store is phi, and nothing narrower can be granted on its tables.
func (c *checker) fhirReaders(path string, domain Domain, readers []string) {
	c.emptyList(path, readers, "at least one reader", "name who may query the store, or take the key out")
	known := append(slices.Collect(maps.Keys(c.d.Principals)), PipelinePrincipal(domain.Name))
	slices.Sort(known)
	for j, name := range readers {
		path := path + at(j)
		other, isPipeline := c.pipelineOf(name)
		identifier, named := c.d.Principals[name]
		switch {
		case slices.Contains(readers[:j], name):
			c.addf(path, quote(name)+" again", "each reader once", "take it out")
		case named:
			c.fhirReader(path, domain, name, identifier)
			c.strangerToPHI(path, domain, name)
		case isPipeline && other != domain.Name:
			c.addf(path, fmt.Sprintf("%q, the role of the jobs of domain %s", name, other), "readers of the domain itself, as all of a store is phi", "publish what "+other+" needs as a product")
		case !isPipeline:
			c.addf(path, quote(name), oneOf(known), "name a principal of the mesh, or "+PipelinePrincipal(domain.Name)+suggest(name, known))
		}
	}
}

// strangerToPHI refuses a reader who reads for another domain, where phi stays in
// its domain.
func (c *checker) strangerToPHI(path string, domain Domain, name string) {
	if !c.has(PHIStaysInDomain) {
		return
	}
	for i, s := range c.d.Subscriptions {
		if s.Consumer != domain.Name && slices.Contains(s.Principals, name) {
			c.addf(path, fmt.Sprintf("%q, who reads for domain %s (%s)", name, s.Consumer, at("subscriptions", i)), "readers of the domain itself, as guardrail "+PHIStaysInDomain+" is on and all of a store is phi", "publish what "+s.Consumer+" needs as a product, or give the principal two roles")
			return
		}
	}
}

// fhirReader refuses a principal outside of the domain's account, and one that
// stands for more than a person, a role or a group.
func (c *checker) fhirReader(path string, domain Domain, name, identifier string) {
	kinds := []lf.PrincipalKind{lf.IAMRole, lf.IAMUser, lf.SAMLGroup, lf.IdentityCenterGroup}
	c.inStages(identifier, func(stage, resolved string) bool {
		p, err := lf.ParsePrincipal(resolved)
		home := c.d.environment(stage, domain.Account).Account
		switch {
		case err != nil: // reported by principals
			return false
		case !slices.Contains(kinds, p.Kind):
			c.addf(path, fmt.Sprintf("%q, an %s", name, p.Kind), "a role, user or group", "name those who read")
		case p.Account != "" && accountID.MatchString(home) && p.Account != home:
			c.addf(path, fmt.Sprintf("%q, of account %s in stage %s", name, p.Account, stage), "a reader in account "+home+", where the store is, as nobody knows whether its tables can be shared", "publish what "+name+" needs as a product")
		default:
			return true
		}
		return false
	})
}
