package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/schedule"
	"github.com/lakemesh/lakemesh/constructs/variants/schema"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// Variants loads the VCF files that land in a domain's raw zone into tables, which are the
// product variants of the domain. Package variants/schema has their contract; a contract
// of that name which the domain lists stands in its place, and has at least its columns.
type Variants struct {
	Landing         string            `yaml:"landing"`                // folder of the raw zone that files arrive in; default vcf/
	Engine          string            `yaml:"engine"`                 // what runs Spark: emr-serverless or glue; default emr-serverless
	MaximumCapacity *VariantsCapacity `yaml:"maximumCapacity"`        // of one run; default 16 vCPU with 128 GB of memory and 1,000 GB of disk
	Schedule        string            `yaml:"schedule"`               // how often what arrived is loaded, as a rate or cron of EventBridge; default rate(15 minutes)
	Assembly        string            `yaml:"assembly"`               // that files have to be of: GRCh37 or GRCh38; by default what their headers tell
	Reference       string            `yaml:"reference"`              // FASTA file in the raw zone, such as reference/GRCh38.fa, to align insertions and deletions by; none by default
	Tags            map[string]string `yaml:"tags" strict:"nonempty"` // values of the ontology's keys that the product has, as lfTags of a contract
}

// VariantsCapacity is an amount of workers.
type VariantsCapacity struct {
	VCPU     int `yaml:"vcpu"`     // from 8
	MemoryGB int `yaml:"memoryGB"` // at least 4 for each vCPU
	DiskGB   int `yaml:"diskGB"`   // at least 25 for each vCPU
}

// VariantsPlan is what loads the VCF files of a domain.
type VariantsPlan struct {
	StackName string           // name of its stack
	Name      string           // of the application, or of the Glue job
	Engine    string           // emr-serverless or glue
	Capacity  VariantsCapacity // of one run
	Schedule  string           // of the runs
	Assembly  string           `json:",omitempty"` // that files have to be of; "" is what they tell
	Reference string           `json:",omitempty"` // key of a FASTA file in the raw bucket; "" without one

	Landing  string        // prefix in the raw bucket, ends in "/"
	Runs     string        // likewise: the manifests of the runs
	Database string        // Glue database of the tables
	Zone     ontology.Zone // whose bucket has the files of the tables
	Files    string        // prefix of them, ends in "/"
	Erased   TablePlan     // the table of erased samples, which is of no product

	JobRole    string     // name of the role of the job
	JobRoleARN string     // ARN of JobRole
	RunRole    string     // name of the role of the workflow
	Locations  []string   // ARNs of the registered locations of the tables
	Grants     []lf.Grant // what the job is granted
}

// The engines.
const (
	engineEMR  = "emr-serverless"
	engineGlue = "glue"
)

// landing is where files arrive in the raw zone.
func (v *Variants) landing() string { return cmp.Or(v.Landing, "vcf/") }

// variantRuns is the folder of manifests that goes with a landing folder.
func variantRuns(landing string) string { return strings.TrimSuffix(landing, "/") + "-runs/" }

// variants adds the contract of the tables to the products of a domain which has none of its own.
func (l *loader) variants(i int) {
	domain := &l.d.Domains[i]
	if domain.Variants == nil || slices.ContainsFunc(domain.Contracts, func(k *contract.Contract) bool { return k.Name == schema.Product }) {
		return
	}
	k := schema.Contract()
	for _, key := range slices.Sorted(maps.Keys(domain.Variants.Tags)) {
		k.LFTags = append(k.LFTags, contract.LFTag{Key: key, Value: domain.Variants.Tags[key]})
	}
	domain.Contracts = append(domain.Contracts, k)
	l.d.source.contracts[k] = schema.Text()
	l.baselines(domain, l.files.join(l.files.dir, "variants.odcs.yaml"), k.Name)
}

// plan plans what loads the files of a domain whose tables are planned; nil for none.
func (v *Variants) plan(l *lake) *VariantsPlan {
	i := slices.IndexFunc(l.tables, func(t TablePlan) bool { return t.Product == schema.Product })
	if v == nil || i < 0 {
		return nil
	}
	n, t := l.names, l.tables[i]
	out := &VariantsPlan{
		StackName: n.VariantsStack(l.domain), Name: n.Variants(l.domain),
		Engine: cmp.Or(v.Engine, engineEMR), Capacity: VariantsCapacity{VCPU: 16, MemoryGB: 128, DiskGB: 1000},
		Schedule: cmp.Or(v.Schedule, "rate(15 minutes)"), Assembly: v.Assembly, Reference: v.Reference,
		Landing: v.landing(), Runs: variantRuns(v.landing()),
		Database: t.Database, Zone: t.Zone, Files: schema.Product + "/",
		JobRole: n.VariantsJobRole(l.domain), RunRole: n.VariantsRunRole(l.domain),
		Locations: []string{n.S3ARN(l.buckets[t.Zone])},
	}
	if v.MaximumCapacity != nil {
		out.Capacity = *v.MaximumCapacity
	}
	out.JobRoleARN = n.RoleARN(out.JobRole)
	erased := schema.Erased()
	location := s3uri.Location{Bucket: l.buckets[t.Zone], Prefix: out.Files + erased.Name}.URI()
	erased.Location = location
	out.Erased = TablePlan{Database: t.Database, Zone: t.Zone, Location: location, Table: erased}
	out.Grants = lf.MergeGrants(out.grants())
	return out
}

// grants are what the job needs: full access to its tables, and the locations, because each
// commit updates a table in the catalog.
func (v *VariantsPlan) grants() []lf.Grant {
	out := []lf.Grant{lf.DescribeDatabase(v.Database), lf.FullTableAccess(v.Database, v.Erased.Table.Name)}
	for _, t := range schema.Tables() {
		out = append(out, lf.FullTableAccess(v.Database, t.Name))
	}
	for _, arn := range v.Locations {
		out = append(out, lf.UseLocation(arn))
	}
	return lf.GrantTo(v.JobRoleARN, out...)
}

// admitTo lets the roles of the job and of its workflow reach files of the raw zone; those of
// the tables the job reaches by Lake Formation.
func (v *VariantsPlan) admitTo(files *FilesPlan, n naming.Names) {
	if v != nil {
		files.admit(v.JobRoleARN, ontology.Raw)
		files.admit(n.RoleARN(v.RunRole), ontology.Raw)
	}
}

// allGrants are those of the job; none without one.
func (v *VariantsPlan) allGrants() []lf.Grant {
	if v == nil {
		return nil
	}
	return v.Grants
}

// maxSparkName is how long the name of an application or of a Glue job may be.
const maxSparkName = 64

// plannedNames are the names that come with the load.
func (v *Variants) plannedNames(domain string, n naming.Names) []planned {
	if v == nil {
		return nil
	}
	return []planned{
		{"application", n.Variants(domain), maxSparkName},
		{"role", n.VariantsJobRole(domain), maxRole},
		{"role", n.VariantsRunRole(domain), maxRole},
		{stackName, n.VariantsStack(domain), maxStack},
	}
}

// variantsChecker checks what loads the VCF files of a domain.
type variantsChecker struct {
	*checker

	variants *Variants
	domain   int
	products products // of the domain
	crawlers []Crawler
	stores   map[string]string // folders of its stores in the raw zone, by what they are for
}

var referenceKey = regexp.MustCompile(`^[A-Za-z0-9._=/-]+\.(fa|fasta|fna)$`)

func (c *variantsChecker) check() {
	path := at("domains", c.domain, "variants")
	v := c.variants
	if v.Engine != "" && v.Engine != engineEMR && v.Engine != engineGlue {
		c.addf(path+".engine", quote(v.Engine), oneOf([]string{engineEMR, engineGlue}), "name an engine, or leave it out"+suggest(v.Engine, []string{engineEMR, engineGlue}))
	}
	if m := v.MaximumCapacity; m != nil && (m.VCPU < 8 || m.MemoryGB < 4*m.VCPU || m.DiskGB < 25*m.VCPU) {
		c.addf(path+".maximumCapacity", fmt.Sprintf("%d vCPU, %d GB of memory and %d GB of disk", m.VCPU, m.MemoryGB, m.DiskGB),
			"at least 8 vCPU, with 4 GB of memory and 25 GB of disk for each", "write for example {vcpu: 64, memoryGB: 512, diskGB: 2000}")
	}
	if v.Schedule != "" {
		if err := schedule.CheckEventBridge(v.Schedule); err != nil {
			c.addf(path+".schedule", fmt.Sprintf("%q: %v", v.Schedule, err), "a rate or a cron of EventBridge", `write it like "rate(15 minutes)"`)
		}
	}
	if a := v.Assembly; a != "" && a != "GRCh37" && a != "GRCh38" {
		c.addf(path+".assembly", quote(a), "GRCh37 or GRCh38", "name one of the two, or leave it out")
	}
	switch r := v.Reference; {
	case r == "":
	case !referenceKey.MatchString(r):
		c.addf(path+".reference", quote(r), "a FASTA file of the raw zone that is not compressed, such as reference/GRCh38.fa", "correct it, and put its index beside it")
	case v.Assembly == "":
		c.addf(path+".reference", quote(r)+" without an assembly", "the assembly that it is the sequence of", "add assembly: GRCh38")
	}
	c.checkLanding(path + ".landing")
	c.checkProduct(path)
}

// checkLanding checks the folders of the raw zone, which nobody else reads or fills.
func (c *variantsChecker) checkLanding(path string) {
	landing := c.variants.landing()
	switch {
	case !landingFolder.MatchString(landing) || strings.Contains("/"+landing, "/../") || strings.Contains("/"+landing, "/./"):
		c.addf(path, quote(landing), `a folder such as "vcf/", of letters, digits and any of ._-, without a slash before and with one behind`, "name the folder that files arrive in")
		return
	case strings.HasPrefix(landing, quarantineFolder):
		c.addf(path, quote(landing), "a folder outside "+quarantineFolder+", where failed imports are recorded", "choose another folder")
	}
	for _, own := range []string{landing, variantRuns(landing)} {
		taken := func(by, folder, fix string) {
			if overlap(own, folder) {
				c.addf(path, fmt.Sprintf("%q, which uses %s, where %s", landing, own, by), "folders of the raw zone that nobody else uses", fix)
			}
		}
		for i, crawler := range c.crawlers {
			if crawler.Zone == string(ontology.Raw) && crawlerPath.MatchString(crawler.Path) {
				taken(fmt.Sprintf("%s crawls %q", at("domains", c.domain, "crawlers", i), crawler.Path), crawler.Path, "take the crawler out: the tables are made by the contract")
			}
		}
		for _, content := range slices.Sorted(maps.Keys(c.stores)) {
			taken(fmt.Sprintf("another store has its %s (%s)", content, c.stores[content]), c.stores[content], "choose another folder for one of the two")
		}
		for _, product := range c.products.inRaw() {
			taken(fmt.Sprintf("the files of product %q are", product), product+"/", "choose another folder, or another name of the product")
		}
	}
}

// checkProduct checks a contract that stands in the place of the library's.
func (c *variantsChecker) checkProduct(path string) {
	i := slices.IndexFunc(c.products, func(p product) bool { return p.contract.Name == schema.Product })
	if i < 0 {
		if !c.source.isPartial(c.domain) {
			c.addf(path, "no product "+schema.Product, "the contract of the tables among the domain's", "append schema.Contract() of constructs/variants/schema to Contracts")
		}
		return
	}
	p := c.products[i]
	if len(c.variants.Tags) > 0 && p.contract.File != schema.File {
		c.addf(path+".tags", "tags beside a contract of the domain's own", "one of the two", "write them as lfTags of the contract")
	}
	if zone := p.contract.Zone.OrDefault(); zone != ontology.Curated {
		c.inContract(p, "customProperties", "the zone "+string(zone), string(ontology.Curated)+", where loads write", "set the zone to "+string(ontology.Curated))
	}
	if p.contract.Parts > 1 {
		c.inContract(p, "customProperties", "parts", "a product in one stack, which loads wait for", "leave parts out")
	}
	for _, want := range schema.Tables() {
		got := p.contract.Table(want.Name)
		if got == nil {
			c.inContract(p, "schema", fmt.Sprintf("no table %q", want.Name), "every table of variants/schema", "add it")
			continue
		}
		place := tablePath(*got, 0)
		for _, change := range contract.IcebergChanges(*got, want) {
			if change.Summary != "" && !strings.HasPrefix(change.Path, "properties") {
				c.inContract(p, place, change.Summary+", as loads have it", "the table as variants/schema has it", "take the table from there: "+change.Path)
			}
		}
		for _, column := range want.Columns {
			if has := got.Column(column.Name); has != nil && has.Level().Compare(column.Level()) < 0 {
				c.inContract(p, columnPath(*got, place, column.Name)+".classification", fmt.Sprintf("%s on column %q", has.Level(), column.Name), "at least "+string(column.Level()), "classify the column as "+string(column.Level()))
			}
		}
	}
}
