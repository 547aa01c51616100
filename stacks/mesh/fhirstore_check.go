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

// fhirStoreChecker checks the FHIR store of a domain.
type fhirStoreChecker struct {
	*checker

	store         *FhirStore
	domain        int
	products      products // of the domain
	crawlers      []Crawler
	subscriptions []Subscription // of the mesh
}

// check checks everything about a store.
func (c *fhirStoreChecker) check() {
	s, path := c.store, at("domains", c.domain, "fhirStore")
	for _, stage := range c.stages.Names() {
		region := c.stages[stage].Region
		if slices.Contains(Regions(), region) && !slices.Contains(healthlake.Regions(), region) {
			c.addf(path, fmt.Sprintf("stage %s in %s, where HealthLake is not", stage, region), oneOf(healthlake.Regions()), "move the stage, or take the store out")
		}
	}
	c.checkAuthorization(path)
	if known := []string{"enabled", analyticsPaused}; s.Analytics != "" && !slices.Contains(known, s.Analytics) {
		c.addf(path+".analytics", quote(s.Analytics), oneOf(known), "choose one, or leave it out"+suggest(s.Analytics, known))
	}
	c.checkDefaultProfiles(path + ".defaultProfiles")
	if s.Synthetic && !slices.ContainsFunc(slices.Collect(maps.Values(c.stages)), func(s Stage) bool { return s.NonProduction }) {
		c.addf(path+".synthetic", "true, and no stage is marked nonProduction", "a stage that never holds data of real patients", "write nonProduction: true in such a stage, or take synthetic out")
	}
	c.checkLanding(path+".landing", s.landing())
	if s.Ccda != nil {
		c.checkLanding(path+".ccda.landing", s.Ccda.landing())
		if overlap(s.landing(), s.Ccda.landing()) {
			c.addf(path+".ccda.landing", fmt.Sprintf("%q beside the landing folder %q of FHIR", s.Ccda.landing(), s.landing()), "a folder apart", "choose another folder: documents are no FHIR before they are converted")
		}
	}
	c.checkCrawled()
	c.checkReaders(path + ".readers")
	if s.Export != nil {
		c.checkExport(path + ".export.schedule")
	}
}

func (c *fhirStoreChecker) checkDefaultProfiles(path string) {
	profiles := c.store.DefaultProfiles
	c.emptyList(path, profiles, "at least one profile", "name one such as us-core-3.1.1, or take the key out for what HealthLake has by default")
	for i, profile := range profiles {
		switch {
		case profile == "":
			c.addf(path+at(i), "nothing", "a profile such as us-core-3.1.1", "name it, or take it out")
		case slices.Contains(profiles[:i], profile):
			c.addf(path+at(i), quote(profile)+" again", "each profile once", "take it out")
		}
	}
}

// analyticsPaused is the word for tables that HealthLake does not keep.
const analyticsPaused = "paused"

// notePaused finds FHIR stores whose tables are not kept although somebody reads them.
func (c *fhirStoreChecker) notePaused() {
	if c.store.Analytics == analyticsPaused && (len(c.store.Readers) > 0 || c.isQueried()) {
		c.addf(at("domains", c.domain, "fhirStore", "analytics"), analyticsPaused+", and there are readers or queries of contracts",
			"enabled where the tables are read", "enable it when what it was paused for is done; until then HealthLake does not promise what queries see")
	}
}

// isQueried reports whether a table of the domain is made from its FHIR store.
func (c *fhirStoreChecker) isQueried() bool {
	return slices.ContainsFunc(c.products, func(p product) bool {
		return slices.ContainsFunc(p.contract.Tables, func(t contract.Table) bool {
			return slices.ContainsFunc(t.References(), contract.Reference.OfFhirStore)
		})
	})
}

func (c *fhirStoreChecker) checkExport(path string) {
	text := c.store.Export.Schedule
	if text == "" {
		c.addf(path, "nothing", "hourly, daily, weekly, monthly or cron(…)", "say when the store is exported, in UTC")
		return
	}
	c.checkSchedule(path, text)
}

func (c *fhirStoreChecker) checkAuthorization(path string) {
	s := c.store
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
	c.checkProvider(path+".smart.identityProvider", s.Smart)
	c.list = append(c.list, s.Smart.Metadata.Problems(path+".smart.metadata")...)
}

// checkProvider checks the function that reads tokens, in every stage.
func (c *fhirStoreChecker) checkProvider(path string, s *Smart) {
	account := c.domains[c.domain].account
	if !c.accountWords(path, strings.ReplaceAll(s.IdentityProvider, regionWord, "")) {
		return
	}
	for _, stage := range c.stagesOrNone() {
		arn, env := s.providerIn(stage, c.stages), c.stages.environment(stage, account)
		switch {
		case !healthlake.IsFunctionARN(arn):
			c.addf(path, quote(s.IdentityProvider), "the ARN of a Lambda function", "write for example arn:aws:lambda:{region}:{"+account+"}:function:identity-provider")
			return
		case stage != "" && (accountOf(arn) != env.Account || strings.Split(arn, ":")[3] != env.Region):
			c.addf(path, fmt.Sprintf("%q, which is not in account %s and region %s of stage %s", arn, env.Account, env.Region, stage), "a function beside the store", "write {"+account+"} for the account and {region} for the region")
			return
		case !c.partition(path, s.IdentityProvider, stage, arn):
			return
		}
	}
}

// checkLanding checks where deliveries arrive. Nothing else may land, be written or
// be crawled there: every file of a delivery is imported.
func (c *fhirStoreChecker) checkLanding(path, landing string) {
	if !fhirFolder.MatchString(landing) || strings.Contains("/"+landing, "/../") || strings.Contains("/"+landing, "/./") {
		c.addf(path, quote(landing), `folders of letters, digits and any of ._=- such as "fhir/", without a slash before and with one behind`, "name the folder that deliveries arrive in")
		return
	}
	for _, own := range []string{fhirResults, fhirQuarantine} {
		if overlap(landing, own) {
			c.addf(path, fmt.Sprintf("%q beside %q, which imports write to", landing, own), "a folder apart", "choose another folder: what an import writes must not be imported")
		}
	}
	for _, product := range c.products.inRaw() {
		if overlap(landing, product+"/") {
			c.addf(path, fmt.Sprintf("%q, where the tables of product %s are", landing, product), "a folder apart from tables", "choose another folder")
		}
	}
}

// checkCrawled refuses crawlers over the folders of a store.
func (c *fhirStoreChecker) checkCrawled() {
	if !fhirFolder.MatchString(c.store.landing()) {
		return // reported
	}
	folders := c.store.rawFolders()
	for j, crawler := range c.crawlers {
		if crawler.Zone != string(ontology.Raw) {
			continue
		}
		for _, content := range slices.Sorted(maps.Keys(folders)) {
			if overlap(folders[content], crawler.Path) {
				c.addf(at("domains", c.domain, "crawlers", j, "path"), fmt.Sprintf("%q, where the FHIR store has its %s (%s)", crawler.Path, content, folders[content]),
					"crawlers and FHIR stores over different folders", "take the crawler out: the store has tables of its own, and a table would be made of each delivery")
			}
		}
	}
}

// checkReaders checks who may query a store. They are the domain's own people and
// jobs: all of a store is phi, and nothing narrower can be granted on its tables.
func (c *fhirStoreChecker) checkReaders(path string) {
	domain, readers := c.domains[c.domain].name, c.store.Readers
	c.emptyList(path, readers, "at least one reader", "name who may query the store, or take the key out")
	known := append(slices.Collect(maps.Keys(c.principals)), JobPrincipal(domain))
	slices.Sort(known)
	for j, name := range readers {
		path := path + at(j)
		other, isJobRole := c.domainOfJobs(name)
		identifier, named := c.principals[name]
		switch {
		case slices.Contains(readers[:j], name):
			c.addf(path, quote(name)+" again", "each reader once", "take it out")
		case named:
			c.checkReader(path, name, identifier)
			c.refuseReaderElsewhere(path, name)
		case isJobRole && other != domain:
			c.addf(path, fmt.Sprintf("%q, the role of the jobs of domain %s", name, other), "readers of the domain itself, as all of a store is phi", "publish what "+other+" needs as a product")
		case !isJobRole:
			c.addf(path, quote(name), oneOf(known), "name a principal of the mesh, or "+JobPrincipal(domain)+suggest(name, known))
		}
	}
}

// refuseReaderElsewhere refuses a reader who reads for another domain, where phi stays in
// its domain.
func (c *fhirStoreChecker) refuseReaderElsewhere(path, name string) {
	if !c.isOn(PHIStaysInDomain) {
		return
	}
	for i, s := range c.subscriptions {
		if s.Consumer != c.domains[c.domain].name && slices.Contains(s.Principals, name) {
			c.addf(path, fmt.Sprintf("%q, who reads for domain %s (%s)", name, s.Consumer, at("subscriptions", i)), "readers of the domain itself, as guardrail "+PHIStaysInDomain+" is on and all of a store is phi", "publish what "+s.Consumer+" needs as a product, or give the principal two roles")
			return
		}
	}
}

// checkReader refuses a principal outside of the domain's account, and one that
// stands for more than a person, a role or a group.
func (c *fhirStoreChecker) checkReader(path, name, identifier string) {
	kinds := []lf.PrincipalKind{lf.IAMRole, lf.IAMUser, lf.SAMLGroup, lf.IdentityCenterGroup}
	c.inStages(identifier, func(stage, resolved string) bool {
		p, err := lf.ParsePrincipal(resolved)
		home := c.stages.environment(stage, c.domains[c.domain].account).Account
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

// checkAccessAdmins refuses more administrators than Lake Formation takes with the roles
// that open FHIR stores, of which each store has one. An account of many stores is the
// worst case.
func (c *checker) checkAccessAdmins(stores int) {
	if n := len(c.admins); stores > 0 && n <= maxAdmins && n+stores > maxAdmins {
		c.addf("admins", fmt.Sprintf("%d administrators and %d for FHIR stores", n, stores), atMost(maxAdmins-stores, "administrators, as the workflow of each such store is one too"), "let one role stand for several people")
	}
}
