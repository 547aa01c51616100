package mesh

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/catalog/optimizer"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// Domain is a team and its lake.
type Domain struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Account     string   `yaml:"account"`  // name of an account of the stage
	Owner       string   `yaml:"owner"`    // e-mail address of the team
	Products    []string `yaml:"products"` // contract files, as globs relative to the mesh file
	// ProductNames are the names of products by contract file, as Products lists it,
	// where a contract has a title or none: contracts/visits.odcs.yaml: visits.
	ProductNames map[string]string `yaml:"productNames" strict:"nonempty"`
	Queries      []Query           `yaml:"queries"`
	Crawlers     []Crawler         `yaml:"crawlers"`
	FhirStore    *FhirStore        `yaml:"fhirStore"`  // a HealthLake data store; none by default
	ImageStore   *ImageStore       `yaml:"imageStore"` // a HealthImaging data store; none by default
	S3Access     []S3Access        `yaml:"s3Access"`   // who reads or writes files of the lake itself, beside its jobs

	// Ontology is the LF-Tag keys of the domain's own products, with their values,
	// the least restrictive first.
	Ontology map[string][]string `yaml:"ontology"`

	// Contracts are the domain's products. Load fills them from Products.
	Contracts []*contract.Contract `yaml:"-"`

	// Deployed are the contracts of Iceberg tables as they were first deployed, and
	// Applied as the engines were last altered to; a product that is in neither is
	// new. Load fills them from the folders "deployed" and "applied" beside each
	// contract file.
	Deployed []*contract.Contract `yaml:"-"`
	Applied  []*contract.Contract `yaml:"-"`
}

// hasStore reports whether a domain has stacks of its own that work with its lake.
func (d Domain) hasStore() bool { return d.FhirStore != nil || d.ImageStore != nil }

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

// DomainPlan is one domain's lake.
type DomainPlan struct {
	Name        string
	Description string
	Owner       string
	Environment Environment
	StackName   string

	Buckets   map[ontology.Zone]string // names of the zone buckets
	Logs      string                   // name of the access-log bucket
	WorkGroup string                   // where the role of the domain's jobs queries
	Readers   []ReaderPlan             // who else queries, sorted by name
	Queries   []QueryPlan

	LocationRole    string // name of the role Lake Formation reads and writes with
	LocationRoleARN string
	PipelineRole    string // name of the role the domain's jobs run as
	PipelineARN     string
	// KeyParameter is the SSM parameter that the ARN of the domain's key is written
	// to, for stacks beside the domain's own; "" without any.
	KeyParameter string

	OptimizerRole string // name of the role that keeps Iceberg tables tidy; "" without one, and where Glue has no optimizers
	OptimizerARN  string

	Files FilesPlan // who reaches the files of the lake itself

	Databases []DatabasePlan
	Tables    []TablePlan
	Locations []LocationPlan
	Crawlers  []CrawlerPlan

	ImageStore *ImageStorePlan `json:",omitempty"` // nil without one
	Refresh    *JobPlan        `json:",omitempty"` // nil without tables that are made by queries
	Deidentify *DeidentifyPlan `json:",omitempty"` // nil without tables that are made by de-identification
	Evolution  *EvolutionPlan  `json:",omitempty"` // nil without Iceberg tables whose deployed contract is kept

	Associations []lakeformation.TagAssociation
	Grants       []lakeformation.Grant // of the pipeline, the optimizer and the jobs
}

// domain plans one domain's lake.
func (p *planner) domain(domain Domain) DomainPlan {
	env := p.environment(domain.Name)
	n := p.names(env)
	out := DomainPlan{
		Name:         domain.Name,
		Description:  domain.Description,
		Owner:        domain.Owner,
		Environment:  env,
		StackName:    n.domainStack(domain.Name),
		Buckets:      map[ontology.Zone]string{},
		Logs:         n.bucket(domain.Name, logsWord),
		WorkGroup:    n.workGroup(domain.Name),
		Readers:      p.domainReaders(domain, n),
		Queries:      plannedQueries(domain, n),
		LocationRole: n.locationRole(domain.Name),
		PipelineRole: n.pipelineRole(domain.Name),
	}
	out.LocationRoleARN = n.roleARN(out.LocationRole)
	out.PipelineARN = n.roleARN(out.PipelineRole)
	if domain.hasStore() {
		out.KeyParameter = n.keyParameter(domain.Name)
	}
	for _, zone := range ontology.Zones() {
		bucket := n.bucket(domain.Name, string(zone))
		out.Buckets[zone] = bucket
		out.Databases = append(out.Databases, DatabasePlan{
			Name:        n.database(domain.Name, zone),
			Zone:        zone,
			Description: databaseDescription(zone, domain.Name),
			Location:    s3uri.Location{Bucket: bucket}.URI(),
		})
	}
	slices.SortFunc(out.Databases, func(a, b DatabasePlan) int { return strings.Compare(a.Name, b.Name) })
	out.Tables = p.tables(domain, n, out.Buckets)
	out.Locations = locations(out, n)
	out.Crawlers = p.crawlers(domain, n)
	out.ImageStore = p.imageStore(domain, out, n)
	out.Refresh = p.refresh(out, n)
	out.Deidentify = p.deidentify(out, n)
	out.Evolution = p.evolution(out, n)
	out.Associations = p.associations(out)
	iceberg := func(t TablePlan) bool { return t.Table.Format == contract.FormatIceberg }
	if slices.ContainsFunc(out.Tables, iceberg) && slices.Contains(optimizer.Regions(), n.env.Region) {
		out.OptimizerRole = n.optimizerRole(domain.Name)
		out.OptimizerARN = n.roleARN(out.OptimizerRole)
	}
	out.Files = p.files(domain, out, n)
	out.Grants = lf.MergeGrants(slices.Concat(p.pipelineGrants(out), p.optimizerGrants(out), p.refreshGrants(out), p.deidentifyGrants(out), evolutionGrants(out)))
	return out
}

// pipelineGrants are what the role of a domain's jobs may do with the domain's
// own lake. DROP is left out: what holds data is kept. Places outside the lake
// are read through the tables on them and need no access of their own.
func (p *planner) pipelineGrants(d DomainPlan) []lf.Grant {
	grants := []lf.Grant{{
		Principal:   d.PipelineARN,
		Resource:    lf.TagPolicy(lf.Tables, p.is(ontology.TagKeyDomain, d.Name)),
		Permissions: []lf.Permission{lf.Describe, lf.Select, lf.Insert, lf.Delete, lf.Alter},
	}}
	for _, database := range d.Databases {
		grants = append(grants, lf.Grant{
			Principal:   d.PipelineARN,
			Resource:    lf.Database(database.Name),
			Permissions: []lf.Permission{lf.Describe, lf.CreateTable},
		})
	}
	for _, location := range d.Locations {
		if !location.ReadOnly {
			grants = append(grants, lf.Grant{
				Principal:   d.PipelineARN,
				Resource:    lf.Location(location.ARN),
				Permissions: []lf.Permission{lf.DataLocationAccess},
			})
		}
	}
	return grants
}

// optimizerGrants are what the role needs that compacts the domain's Iceberg
// tables, expires their snapshots and deletes orphan files.
func (p *planner) optimizerGrants(d DomainPlan) []lf.Grant {
	if d.OptimizerARN == "" {
		return nil
	}
	return []lf.Grant{{
		Principal:   d.OptimizerARN,
		Resource:    lf.TagPolicy(lf.Tables, p.is(ontology.TagKeyDomain, d.Name)),
		Permissions: []lf.Permission{lf.Describe, lf.Select, lf.Insert, lf.Delete, lf.Alter},
	}}
}

// Jobs are the ARNs of the roles that work on the domain's own data: no person
// reads with them.
func (d *DomainPlan) Jobs() []string {
	out := []string{d.PipelineARN}
	if d.OptimizerARN != "" {
		out = append(out, d.OptimizerARN)
	}
	if d.Refresh != nil {
		out = append(out, d.Refresh.RoleARN)
	}
	if d.Deidentify != nil {
		out = append(out, d.Deidentify.RoleARN)
	}
	if d.Evolution != nil {
		out = append(out, d.Evolution.RoleARN)
	}
	if d.ImageStore != nil && d.ImageStore.Series != nil {
		out = append(out, d.ImageStore.Series.RoleARN)
	}
	for _, c := range d.Crawlers {
		out = append(out, c.RoleARN)
	}
	return out
}
