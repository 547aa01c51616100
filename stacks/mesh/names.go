package mesh

import (
	"regexp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// logsWord stands where a zone stands in the name of the bucket for access logs.
const logsWord = "logs"

// fhirWord stands where a zone stands in the name of the database of a FHIR store.
// The word is the last part of a database's name, and none has an underscore: the
// databases of a mesh differ as long as these words, keysWord and the zones do.
const fhirWord = "fhir"

const (
	keysWord     = "keys"
	keysLocation = "keys/"
	// Every week, also when nothing has changed: people grow older, and turn 90.
	deidentifySchedule = "cron(15 3 ? * SUN *)"
)

// names makes every name of a mesh in one environment. Names are functions of
// the definition alone, so that stacks and accounts agree on them without
// exports or tokens (rule 9.7).
type names struct {
	mesh  string
	stage string
	env   Environment
}

// bucket is a bucket of a domain; word is a zone, keysWord or logsWord.
func (n names) bucket(domain, word string) string {
	return join("-", n.mesh, domain, word, n.env.Account, n.env.Region)
}

// database is the Glue database of a zone, or of keysWord or fhirWord. Glue takes no hyphens (rule 6.5).
func (n names) database(domain string, zone ontology.Zone) string {
	return join("_", underscored(n.mesh), underscored(domain), string(zone))
}

// role is an IAM role of a domain. IAM is global in an account, so the region is
// part of the name.
func (n names) role(domain, purpose string) string {
	return join("-", n.mesh, domain, purpose, n.env.Region)
}

func (n names) jobRole(domain string) string { return n.role(domain, "pipeline") }

func (n names) locationRole(domain string) string { return n.role(domain, "lakeformation") }

func (n names) optimizerRole(domain string) string { return n.role(domain, "optimizer") }

func (n names) crawlerRole(domain, zone, slug string) string {
	return n.role(domain, join("-", zone, slug, "crawler"))
}

func (n names) fhirRole(domain string) string { return n.role(domain, "fhir-access") }

func (n names) fhirImportRole(domain string) string { return n.role(domain, "fhir-import") }

func (n names) fhirRunRole(domain string) string { return n.role(domain, "fhir-run") }

func (n names) fhirExportRole(domain string) string { return n.role(domain, "fhir-export") }

func (n names) imageImportRole(domain string) string { return n.role(domain, "image-import") }

func (n names) imageRunRole(domain string) string { return n.role(domain, "image-run") }

func (n names) imageReadRole(domain string) string { return n.role(domain, "image-read") }

func (n names) imageSeriesRole(domain string) string { return n.role(domain, "image-series") }

func (n names) workGroup(domain string) string { return join("-", n.mesh, domain) }

// jobWorkGroup is where a job of a domain runs its statements. Names of domains and
// principals have no dot, so that no two workgroups have one name.
func (n names) jobWorkGroup(domain, job string) string {
	return join(".", n.workGroup(domain), "job", job)
}

// readerWorkGroup is where a principal queries for a domain.
func (n names) readerWorkGroup(domain, principal string) string {
	return join(".", n.workGroup(domain), principal)
}

// readerPolicy is what the principal is let use its workgroup with.
func (n names) readerPolicy(domain, principal string) string {
	return join("-", n.readerWorkGroup(domain, principal), "reader", n.env.Region)
}

func (n names) domainStack(domain string) string { return join("-", n.mesh, n.stage, domain) }

func (n names) fhirStack(domain string) string { return join("-", n.mesh, n.stage, domain, "fhir") }

func (n names) imagesStack(domain string) string { return join("-", n.mesh, n.stage, domain, "images") }

func (n names) subscriptionStack(domain string) string {
	return join("-", n.mesh, n.stage, domain, "subscriptions")
}

func (n names) shareStack(domain string) string {
	return join("-", n.mesh, n.stage, domain, "shares")
}

// linksStack is the stack of an environment's resource links.
func (n names) linksStack(account string) string { return join("-", n.mesh, n.stage, "links", account) }

// foundationStack is the stack of what exists once per environment; account is
// "" when the stage has one environment.
func (n names) foundationStack(account string) string {
	name := join("-", n.mesh, n.stage, "foundation")
	if account != "" {
		name += "-" + account
	}
	return name
}

func (n names) crawler(domain, zone, slug string) string {
	return join("-", n.mesh, domain, zone, slug)
}

func (n names) fhirStore(domain string) string { return join("-", n.mesh, domain, "fhir") }

func (n names) datastore(domain string) string { return join("-", n.mesh, domain, "images") }

// fhirDatabase is the link through which a store's tables are queried.
func (n names) fhirDatabase(domain string) string { return n.database(domain, fhirWord) }

// fhirParameters is the prefix of the SSM parameters about a store.
func (n names) fhirParameters(domain string) string { return "/" + join("/", n.mesh, domain, "fhir") }

// keyParameter is the SSM parameter with the ARN of a domain's key.
func (n names) keyParameter(domain string) string { return "/" + join("/", n.mesh, domain, "key") }

// catalogKey is the alias of the key that a catalog is encrypted with.
func (n names) catalogKey() string { return join("-", n.mesh, "catalog") }

// roleARN is the ARN of a role of this environment, by its name.
func (n names) roleARN(role string) string {
	return "arn:" + Partition(n.env.Region) + ":iam::" + n.env.Account + ":role/" + role
}

// rootARN is the root user of the environment's account.
func (n names) rootARN() string {
	return "arn:" + Partition(n.env.Region) + ":iam::" + n.env.Account + ":root"
}

// s3ARN is the ARN of an S3 bucket by its name, or of a prefix of one by its s3:// URI.
// It has no slash at its end, as Lake Formation registers it.
func (n names) s3ARN(uri string) string {
	return s3uri.Parse(uri).ARN(Partition(n.env.Region))
}

// JobPrincipal is the name under which a subscription lists the role that a
// domain's own jobs run as.
func JobPrincipal(domain string) string { return domain + jobSuffix }

const jobSuffix = "-pipeline"

// underscored replaces what Glue does not take in names.
func underscored(s string) string { return strings.ReplaceAll(s, "-", "_") }

func join(separator string, words ...string) string { return strings.Join(words, separator) }

// The names that people choose are parts of AWS names, so they are limited to
// what all of those accept. What a name is long in full is checked apart.
var (
	meshName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	partName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

const (
	maxMeshName   = 20
	maxDomainName = 32
)

// reservedNames cannot begin the name of a bucket or of an LF-Tag.
var reservedNames = []string{"aws", "sthree", "amzn-s3-demo"}

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

// stackName is the kind of a planned name that a stack has.
const stackName = "stack"

// planned is a name that would be given to something.
type planned struct {
	kind  string // what the name is given to
	name  string
	limit int
}
