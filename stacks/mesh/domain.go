package mesh

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/catalog/optimizer"
	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// Domain is a team and its lake.
type Domain struct {
	Name        string   `yaml:"name"`        // part of the names of everything that the domain has
	Description string   `yaml:"description"` // what the team does, in a sentence
	Account     string   `yaml:"account"`     // name of an account of the stage
	Owner       string   `yaml:"owner"`       // e-mail address of the team
	Products    []string `yaml:"products"`    // contract files, as globs relative to the mesh file
	// ProductNames are the names of products by contract file, as Products lists it,
	// where a contract has a title or none: contracts/visits.odcs.yaml: visits.
	ProductNames map[string]string `yaml:"productNames" strict:"nonempty"`
	OpenData     []OpenData        `yaml:"openData"`   // open data sets that are products of the domain
	Queries      []Query           `yaml:"queries"`    // saved queries of Athena
	Crawlers     []Crawler         `yaml:"crawlers"`   // what finds tables of files that land
	FhirStore    *FhirStore        `yaml:"fhirStore"`  // a HealthLake data store; none by default
	ImageStore   *ImageStore       `yaml:"imageStore"` // a HealthImaging data store; none by default
	Omics        *Omics            `yaml:"omics"`      // stores of sequences in HealthOmics; none by default
	Variants     *Variants         `yaml:"variants"`   // what loads VCF files into tables; none by default
	Quality      *Quality          `yaml:"quality"`    // the product of the results of quality rules; as the library has it by default
	S3Access     []S3Access        `yaml:"s3Access"`   // who reads or writes files of the lake itself, beside its jobs

	// HybridAccess are the places outside the lake that are registered in hybrid access mode,
	// as s3:// URIs, each with the reason: data of an older lake that others still read by
	// IAM, which then decides for everybody whom no administrator has opted in, whatever the
	// mesh grants. Default: none.
	HybridAccess map[string]string `yaml:"hybridAccess" strict:"nonempty"`

	// Ontology is the LF-Tag keys of the domain's own products, with their values,
	// the least restrictive first.
	Ontology map[string][]string `yaml:"ontology"`

	// Contracts are the domain's products. Load fills them from Products,
	// OpenData and Variants.
	Contracts []*contract.Contract `yaml:"-"`

	// Deployed are the contracts of Iceberg tables as they were first deployed, which
	// their templates keep showing. A product that is not among them is new. Load fills
	// them from the folder "deployed" beside each contract file.
	Deployed []*contract.Contract `yaml:"-"`

	// Applied are the contracts of Iceberg tables as an engine last changed the tables
	// to, where one did. Load fills them from the folder "applied".
	Applied []*contract.Contract `yaml:"-"`
}

// hasStore reports whether a domain has stacks of its own that work with its lake.
func (d Domain) hasStore() bool {
	return d.FhirStore != nil || d.ImageStore != nil || d.Omics != nil || d.Variants != nil
}

// copies are the contracts of the domain as they were before.
func (d Domain) copies() copies { return copies{deployed: d.Deployed, applied: d.Applied} }

// plannedNames are the names of everything that the domain has.
func (d Domain) plannedNames(n naming.Names) []planned {
	out := []planned{
		{"bucket", n.Bucket(d.Name, naming.Logs), maxBucket},
		{"role", n.JobRole(d.Name), maxRole},
		{"role", n.LocationRole(d.Name), maxRole},
		{"role", n.OptimizerRole(d.Name), maxRole},
		{"workgroup", n.WorkGroup(d.Name), maxWorkGroup},
		{"dashboard", n.Dashboard(d.Name), maxDashboard},
	}
	for _, zone := range ontology.Zones() {
		out = append(out,
			planned{"bucket", n.Bucket(d.Name, string(zone)), maxBucket},
			planned{"database", n.Database(d.Name, zone), maxDatabase})
	}
	for _, crawler := range d.Crawlers {
		out = append(out, crawler.plannedNames(d.Name, n)...)
	}
	out = append(out, d.FhirStore.plannedNames(d.Name, n)...)
	for _, stack := range []string{n.DomainStack(d.Name), n.SubscriptionStack(d.Name), n.ShareStack(d.Name)} {
		out = append(out, planned{stackName, stack, maxStack})
	}
	return slices.Concat(out, d.ImageStore.plannedNames(d.Name, n), d.Omics.plannedNames(d.Name, n), d.Variants.plannedNames(d.Name, n))
}

// checkDomains checks the teams, and what each of them has.
func (c *checker) checkDomains(domains []Domain, all products, o *ontologies, subscriptions []Subscription) {
	if len(domains) == 0 {
		c.addf("domains", "no domain", "at least one domain", "write for example domains: [{name: clinical, account: main, owner: clinical-data@example.org}]")
	}
	seen := map[string]int{}
	stores := 0
	for i, domain := range domains {
		c.checkDomainName(i, domain.Name, seen)
		if domain.Account == "" {
			c.addf(at("domains", i, "account"), "nothing", "the name of an account of the stages", "say which account the domain's lake stands in")
		} else {
			c.knownAccounts(at("domains", i, "account"), domain.Account)
		}
		if !isEmail(domain.Owner) {
			c.addf(at("domains", i, "owner"), quote(domain.Owner), "the e-mail address of the team", "write for example owner: clinical-data@example.org")
		}
		for j, k := range domain.Contracts {
			if k == nil {
				c.addf(at("domains", i, "contracts", j), "nil", "a contract", "take it out")
			}
		}
		own := all.of(i)
		c.checkResults(i, own, domain.Quality)
		c.checkProducts(own, o, domain.copies(), domain.FhirStore != nil)
		c.checkOpenData(i, domain.OpenData)
		c.checkQueries(i, domain.Queries)
		c.checkCrawlers(i, domain.Crawlers)
		c.checkS3Access(i, domain.S3Access)
		c.checkHybridAccess(i, domain.HybridAccess, own)
		if domain.FhirStore != nil {
			stores++
			(&fhirStoreChecker{checker: c, store: domain.FhirStore, domain: i, products: own, crawlers: domain.Crawlers, subscriptions: subscriptions}).check()
		}
		if domain.ImageStore != nil {
			(&imageStoreChecker{checker: c, store: domain.ImageStore, domain: i, products: own, crawlers: domain.Crawlers, fhir: domain.FhirStore.rawFolders()}).check()
		}
		c.checkOmics(i, domains)
		if domain.Variants != nil {
			stores := domain.FhirStore.rawFolders()
			if domain.ImageStore != nil {
				stores = maps.Clone(stores)
				if stores == nil {
					stores = map[string]string{}
				}
				maps.Copy(stores, domain.ImageStore.rawFolders())
			}
			(&variantsChecker{checker: c, variants: domain.Variants, domain: i, products: own, crawlers: domain.Crawlers, stores: stores}).check()
		}
	}
	c.checkAccessAdmins(stores)
}

func (c *checker) checkDomainName(i int, name string, seen map[string]int) {
	path := at("domains", i, "name")
	switch {
	case !partName.MatchString(name):
		c.addf(path, quote(name), "a name of lower-case letters, digits and single hyphens", "name the domain, for example clinical")
		return
	case len(name) > maxDomainName:
		c.addf(path, fmt.Sprintf("%q, which has %d characters", name, len(name)), atMost(maxDomainName, "characters"), "shorten it")
	}
	if first, taken := seen[naming.Underscored(name)]; taken {
		c.addf(path, fmt.Sprintf("%q, which is %s too", name, at("domains", first, "name")), "a name of its own for each domain", "rename one of the two")
		return
	}
	seen[naming.Underscored(name)] = i
}

// DomainPlan is one domain's lake.
type DomainPlan struct {
	Name        string      // as the definition has it
	Description string      // as the definition has it
	Owner       string      // e-mail address of the team
	Environment Environment // where the lake stands
	StackName   string      // name of its stack

	Buckets   map[ontology.Zone]string // names of the zone buckets
	Logs      string                   // name of the access-log bucket
	WorkGroup string                   // where the role of the domain's jobs queries
	Readers   []ReaderPlan             // who else queries, sorted by name
	Queries   []QueryPlan              // saved queries, sorted by name

	LocationRole    string // name of the role Lake Formation reads and writes with
	LocationRoleARN string // ARN of LocationRole
	JobRole         string // name of the role the domain's jobs run as
	JobRoleARN      string // ARN of JobRole
	// KeyParameter is the SSM parameter that the ARN of the domain's key is written
	// to, for stacks beside the domain's own; "" without any.
	KeyParameter string

	OptimizerRole string // name of the role that keeps Iceberg tables tidy; "" without one, and where Glue has no optimizers
	OptimizerARN  string // ARN of OptimizerRole; "" without one

	Alarms    AlarmsPlan // where alarms and failures of all stacks of the domain arrive
	Dashboard string     // name of its CloudWatch dashboard

	Files FilesPlan // who reaches the files of the lake itself

	Databases []DatabasePlan // one for each zone, sorted by name
	Products  []ProductPlan  // sorted by name of the stack
	Locations []LocationPlan // what is registered with Lake Formation, sorted by ARN
	Crawlers  []CrawlerPlan  // sorted by name

	ImageStore  *ImageStorePlan  `json:",omitempty"` // nil without one
	Omics       *OmicsPlan       `json:",omitempty"` // nil without stores of sequences
	Variants    *VariantsPlan    `json:",omitempty"` // nil without what loads VCF files
	Keys        *KeysPlan        `json:",omitempty"` // of de-identification; nil without products that need a key
	Expirations []ExpirationPlan `json:",omitempty"` // folders whose files are deleted when they are older than promised
	Freshness   *FreshnessPlan   `json:",omitempty"` // nil where no product promises how old its data is
	Evaluator   *EvaluatorPlan   `json:",omitempty"` // of quality rules; nil without any
	Evolution   *EvolutionPlan   `json:",omitempty"` // nil without Iceberg tables whose deployed contract is kept

	Tags         []ontology.Tag      // the LF-Tags of the domain alone: its products, and its own ontology
	Associations []lf.TagAssociation // the LF-Tags of databases
	Grants       []lf.Grant          // of the job role, the optimizer and the domain's own jobs; those on tables of products stand with these
}

// Tables are those of every product, sorted by database and name.
func (d *DomainPlan) Tables() []TablePlan {
	var out []TablePlan
	for _, p := range d.Products {
		out = append(out, p.Tables...)
	}
	sortTables(out)
	return out
}

// planDomain plans one domain's lake, but for its jobs; principals are who queries for it.
func (p *site) planDomain(domain Domain, l *lake, o *ontologies, principals []PrincipalPlan) *DomainPlan {
	n := l.names
	out := &DomainPlan{
		Name:         domain.Name,
		Description:  domain.Description,
		Owner:        domain.Owner,
		Environment:  p.environment(domain.Name),
		StackName:    n.DomainStack(domain.Name),
		Buckets:      l.buckets,
		Logs:         n.Bucket(domain.Name, naming.Logs),
		WorkGroup:    n.WorkGroup(domain.Name),
		Readers:      planReaders(domain.Name, principals, n),
		Queries:      planQueries(domain.Name, domain.Queries, n),
		LocationRole: n.LocationRole(domain.Name),
		JobRole:      n.JobRole(domain.Name),
		Databases:    l.databases,
		Locations:    l.locations,
		Crawlers:     planCrawlers(domain.Name, domain.Crawlers, n),
		ImageStore:   domain.ImageStore.plan(l),
		Omics:        domain.Omics.plan(domain.Name, n),
		Variants:     domain.Variants.plan(l),
		Evolution:    l.evolution(),
		Expirations:  l.expirations(),
		Alarms:       p.stages[p.stage].planAlarms(domain.Name, domain.Owner, n),
		Dashboard:    n.Dashboard(domain.Name),
	}
	out.LocationRoleARN = n.RoleARN(out.LocationRole)
	out.JobRoleARN = n.RoleARN(out.JobRole)
	out.Tags = o.domainTags(domain.Name, l.tables)
	out.Files = p.newFiles(domain.Name, domain.S3Access, out.LocationRoleARN, out.JobRoleARN)
	if zones := l.optimizedZones(); len(zones) > 0 && slices.Contains(optimizer.Regions(), n.Region) {
		out.OptimizerRole = n.OptimizerRole(domain.Name)
		out.OptimizerARN = n.RoleARN(out.OptimizerRole)
		out.Files.admit(out.OptimizerARN, zones...)
	}
	out.Products = l.products(o, out.Environment, out.OptimizerARN)
	return out
}

// complete plans what follows from the jobs of a domain.
func (d *DomainPlan) complete(domain Domain, l *lake) {
	n := l.names
	d.Freshness = l.freshness(d.Products, domain.ImageStore.series())
	hasJobs := false
	for i := range d.Products {
		for _, job := range d.Products[i].jobs() {
			hasJobs = true
			job.admitTo(&d.Files, l)
		}
	}
	if d.Evaluator = l.planEvaluator(d.Products); d.Evaluator != nil {
		d.Files.admit(d.Evaluator.RoleARN, d.Evaluator.Zone)
	}
	if hasJobs || domain.hasStore() || d.Evaluator != nil {
		d.KeyParameter = n.KeyParameter(domain.Name)
	}
	d.Associations = append(l.databaseAssociations(), d.Keys.associations(n)...)
	sortAssociations(d.Associations)
	if d.Evolution != nil {
		d.Files.admit(d.Evolution.RoleARN, d.Evolution.Zones...)
	}
	d.Freshness.admitTo(&d.Files, l)
	domain.FhirStore.admitTo(&d.Files, domain.Name, n)
	d.ImageStore.admitTo(&d.Files, n)
	d.Variants.admitTo(&d.Files, n)
	d.Grants = lf.MergeGrants(slices.Concat(d.jobRoleGrants(), d.optimizerGrants(), d.Keys.grants(), d.Evolution.grants(l), d.Freshness.grants(), d.Evaluator.grants(l, d.Products)))
	d.moveGrants()
}

// jobRoleGrants are what the role of a domain's jobs may do with the domain's
// own lake. DROP is left out: what holds data is kept. Places outside the lake
// are read through the tables on them and need no access of their own.
func (d *DomainPlan) jobRoleGrants() []lf.Grant {
	grants := d.workOnTables()
	for _, database := range d.Databases {
		grants = append(grants, lf.Grant{Resource: lf.Database(database.Name), Permissions: []lf.Permission{lf.Describe, lf.CreateTable}})
	}
	for _, location := range d.Locations {
		if !location.ReadOnly {
			grants = append(grants, lf.UseLocation(location.ARN))
		}
	}
	return lf.GrantTo(d.JobRoleARN, grants...)
}

// workOnTables are the grants to read and write every table of the domain: by name, as a
// domain is no value of an LF-Tag.
func (d *DomainPlan) workOnTables() []lf.Grant {
	var out []lf.Grant
	for _, database := range d.Databases {
		out = append(out, lf.Grant{
			Resource:    lf.Table(database.Name, lf.AllTables),
			Permissions: []lf.Permission{lf.Describe, lf.Select, lf.Insert, lf.Delete, lf.Alter},
		})
	}
	return out
}

// optimizerGrants are what the role needs that compacts the domain's Iceberg
// tables, expires their snapshots and deletes orphan files.
func (d *DomainPlan) optimizerGrants() []lf.Grant {
	if d.OptimizerARN == "" {
		return nil
	}
	return lf.GrantTo(d.OptimizerARN, d.workOnTables()...)
}

// Optimized are the databases whose Iceberg tables the optimizer role keeps tidy: those
// of the zones that have any.
func (d *DomainPlan) Optimized() []DatabasePlan {
	if d.OptimizerRole == "" {
		return nil
	}
	var out []DatabasePlan
	for _, database := range d.Databases {
		if slices.ContainsFunc(d.Products, func(p ProductPlan) bool { return p.Zone == database.Zone && p.OptimizerARN != "" }) {
			out = append(out, database)
		}
	}
	return out
}

// crawlerGrants are those of all crawlers.
func (d *DomainPlan) crawlerGrants() []lf.Grant {
	var out []lf.Grant
	for _, c := range d.Crawlers {
		out = append(out, c.Grants...)
	}
	return out
}

// Jobs are the ARNs of the roles that work on the domain's own data: no person
// reads with them.
func (d *DomainPlan) Jobs() []string {
	out := []string{d.JobRoleARN}
	if d.OptimizerARN != "" {
		out = append(out, d.OptimizerARN)
	}
	if d.Keys != nil {
		out = append(out, d.Keys.Job.RoleARN)
	}
	for i := range d.Products {
		for _, job := range d.Products[i].jobs() {
			out = append(out, job.RoleARN)
		}
	}
	if d.Evaluator != nil {
		out = append(out, d.Evaluator.RoleARN)
	}
	if d.Evolution != nil {
		out = append(out, d.Evolution.RoleARN)
	}
	if d.Freshness != nil {
		out = append(out, d.Freshness.RoleARN)
	}
	if d.ImageStore != nil && d.ImageStore.Series != nil {
		out = append(out, d.ImageStore.Series.RoleARN)
	}
	if d.Variants != nil {
		out = append(out, d.Variants.JobRoleARN)
	}
	for _, c := range d.Crawlers {
		out = append(out, c.RoleARN)
	}
	return out
}
