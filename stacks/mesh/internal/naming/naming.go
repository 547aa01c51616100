package naming

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// What stands where a zone stands, in the name of a bucket or of a database. A database's
// name ends in such a word, and none has an underscore: the databases of a mesh differ as
// long as these words and the zones do.
const (
	Logs = "logs" // the bucket for access logs
	Keys = "keys" // the bucket and the database of the key for de-identification
	Fhir = "fhir" // the database of a FHIR store
)

// Names are those of a mesh in one environment of a stage.
type Names struct {
	Mesh    string // name of the mesh
	Stage   string // name of the stage, which only stacks are named after
	Account string // 12-digit id
	Region  string // name of the AWS region
}

// Bucket is a bucket of a domain; word is a zone, Keys or Logs.
func (n Names) Bucket(domain, word string) string {
	return dashed(n.Mesh, domain, word, n.Account, n.Region)
}

// Database is the Glue database of a zone, or of Keys or Fhir.
func (n Names) Database(domain string, zone ontology.Zone) string {
	return strings.Join([]string{Underscored(n.Mesh), Underscored(domain), string(zone)}, "_")
}

// Underscored replaces hyphens, which Glue does not take in names (rule 6.5).
func Underscored(s string) string { return strings.ReplaceAll(s, "-", "_") }

// The names of roles. IAM is global in an account, so the region is part of each name.

// Role is an IAM role of a domain for a purpose.
func (n Names) Role(domain, purpose string) string { return dashed(n.Mesh, domain, purpose, n.Region) }

// JobRole is what the domain's own jobs run as.
func (n Names) JobRole(domain string) string { return n.Role(domain, "pipeline") }

// LocationRole is what Lake Formation reads and writes files with.
func (n Names) LocationRole(domain string) string { return n.Role(domain, "lakeformation") }

// OptimizerRole is what keeps Iceberg tables tidy.
func (n Names) OptimizerRole(domain string) string { return n.Role(domain, "optimizer") }

// CrawlerRole is what a crawler works with; slug stands for its path.
func (n Names) CrawlerRole(domain, zone, slug string) string {
	return n.Role(domain, dashed(zone, slug, "crawler"))
}

// ProductJob is what the role, the state machine and the workgroup of a product's job for
// a purpose are called, each shortened to what it may have: a product's name has up to 256
// characters. The names of domains have no underscore and those of products no hyphen, so
// that no two jobs have one name, and no purpose is the last word of another role.
func (n Names) ProductJob(domain, product, purpose string) string {
	return n.Role(domain, dashed(product, purpose))
}

// Product is what a product is called in metrics.
func (n Names) Product(domain, product string) string { return dashed(n.Mesh, domain, product) }

// EvaluatorRole is what evaluates the quality rules of a domain's products.
func (n Names) EvaluatorRole(domain string) string { return n.Role(domain, "evaluator") }

// Shorten cuts a name to a number of characters where it is longer: what no longer fits,
// the region too, is told by a hyphen and the first eight hexadecimal digits of the SHA-256
// of the whole name.
func Shorten(name string, most int) string {
	if len(name) <= most {
		return name
	}
	digest := fmt.Sprintf("-%x", sha256.Sum256([]byte(name)))[:9]
	return name[:most-len(digest)] + digest
}

// ReadinessRole is by what jobs of a consumer in another account look whether jobs of a
// domain have succeeded, before it is shortened. Names of domains have no dot, so that it is
// no name of another role.
func (n Names) ReadinessRole(domain, consumer string) string {
	return n.Role(domain, "readiness."+consumer)
}

// FhirRole is what opens the tables of a FHIR store.
func (n Names) FhirRole(domain string) string { return n.Role(domain, "fhir-access") }

// FhirImportRole is what HealthLake imports with.
func (n Names) FhirImportRole(domain string) string { return n.Role(domain, "fhir-import") }

// FhirRunRole is what the workflow of the import works with.
func (n Names) FhirRunRole(domain string) string { return n.Role(domain, "fhir-run") }

// CcdaImportRole is what HealthLake converts and imports documents with.
func (n Names) CcdaImportRole(domain string) string { return n.Role(domain, "fhir-ccda-import") }

// CcdaRunRole is what the workflow of the import of documents works with.
func (n Names) CcdaRunRole(domain string) string { return n.Role(domain, "fhir-ccda-run") }

// FhirExportRole is what HealthLake exports with.
func (n Names) FhirExportRole(domain string) string { return n.Role(domain, "fhir-export") }

// ImageImportRole is what HealthImaging imports with.
func (n Names) ImageImportRole(domain string) string { return n.Role(domain, "image-import") }

// ImageRunRole is what the workflow of the import works with.
func (n Names) ImageRunRole(domain string) string { return n.Role(domain, "image-run") }

// ImageReadRole is what the function that reads metadata works with.
func (n Names) ImageReadRole(domain string) string { return n.Role(domain, "image-read") }

// ImageSeriesRole is what fills the table of series.
func (n Names) ImageSeriesRole(domain string) string { return n.Role(domain, "image-series") }

// EndingRole is what takes back, in an environment, what subscriptions have ended.
func (n Names) EndingRole() string { return dashed(n.Mesh, "ended-access", n.Region) }

// EndingMachine takes back what a domain's subscriptions gave.
func (n Names) EndingMachine(domain string) string { return n.Role(domain, "ended-subscriptions") }

// EndingShares takes back what a domain shared with other accounts.
func (n Names) EndingShares(domain string) string { return n.Role(domain, "ended-shares") }

// RoleARN is the ARN of a role of this environment, by its name.
func (n Names) RoleARN(role string) string { return n.arn("iam", "", "role/"+role) }

// RootARN is the ARN of the root user of the account.
func (n Names) RootARN() string { return n.arn("iam", "", "root") }

// StateMachineARN is the ARN of a state machine of this environment, by its name.
func (n Names) StateMachineARN(name string) string {
	return n.arn("states", n.Region, "stateMachine:"+name)
}

// S3ARN is the ARN of an S3 bucket by its name, or of a prefix of one by its s3:// URI.
// It has no slash at its end, as Lake Formation registers it.
func (n Names) S3ARN(uri string) string { return s3uri.Parse(uri).ARN(n.partition()) }

// AlarmTopic is the SNS topic that the alarms of a domain arrive at.
func (n Names) AlarmTopic(domain string) string { return dashed(n.Mesh, domain, "alarms") }

// Dashboard is the CloudWatch dashboard of a domain. Dashboards are global in an account, so
// the region is part of their names.
func (n Names) Dashboard(domain string) string { return dashed(n.Mesh, domain, n.Region) }

// MeshDashboard is the dashboard of all domains of an environment. Names of domains have no
// underscore, so that it is that of no domain.
func (n Names) MeshDashboard() string { return n.Dashboard("all_domains") }

// TopicARN is the ARN of an SNS topic of this environment, by its name.
func (n Names) TopicARN(name string) string { return n.arn("sns", n.Region, name) }

func (n Names) arn(service, region, resource string) string {
	return strings.Join([]string{"arn", n.partition(), service, region, n.Account, resource}, ":")
}

func (n Names) partition() string { return template.PartitionOf(n.Region).Name }

// WorkGroup is where the role of a domain's jobs queries.
func (n Names) WorkGroup(domain string) string { return dashed(n.Mesh, domain) }

// JobWorkGroup is where a job of a domain runs its statements. Names of domains and
// principals have no dot, so that no two workgroups have one name.
func (n Names) JobWorkGroup(domain, job string) string { return n.WorkGroup(domain) + ".job." + job }

// ProductWorkGroup is where a product's job for a purpose runs its statements, before it is
// shortened.
func (n Names) ProductWorkGroup(domain, product, purpose string) string {
	return n.JobWorkGroup(domain, product+"."+purpose)
}

// ReaderWorkGroup is where a principal queries for a domain.
func (n Names) ReaderWorkGroup(domain, principal string) string {
	return n.WorkGroup(domain) + "." + principal
}

// ReaderPolicy is what the principal is let use its workgroup with.
func (n Names) ReaderPolicy(domain, principal string) string {
	return dashed(n.ReaderWorkGroup(domain, principal), "reader", n.Region)
}

// DomainStack is the stack of a domain's lake.
func (n Names) DomainStack(domain string) string { return dashed(n.Mesh, n.Stage, domain) }

// ProductStack is the stack of a product's tables; names of products have underscores,
// which no stack has, and no hyphens. Part 0 is the whole product.
func (n Names) ProductStack(domain, product string, part int) string {
	name := dashed(n.DomainStack(domain), "product", strings.ReplaceAll(product, "_", "-"))
	if part == 0 {
		return name
	}
	return dashed(name, "part", strconv.Itoa(part))
}

// FhirStack is the stack of a domain's FHIR store.
func (n Names) FhirStack(domain string) string { return n.DomainStack(domain) + "-fhir" }

// ImagesStack is the stack of a domain's image store.
func (n Names) ImagesStack(domain string) string { return n.DomainStack(domain) + "-images" }

// OmicsStack is the stack of a domain's stores of sequences.
func (n Names) OmicsStack(domain string) string { return n.DomainStack(domain) + "-omics" }

// SubscriptionStack is the stack of what a domain subscribes to.
func (n Names) SubscriptionStack(domain string) string {
	return n.DomainStack(domain) + "-subscriptions"
}

// ShareStack is the stack of what a domain shares with other accounts.
func (n Names) ShareStack(domain string) string { return n.DomainStack(domain) + "-shares" }

// LinksStack is the stack of an environment's resource links; account is its name.
func (n Names) LinksStack(account string) string { return dashed(n.Mesh, n.Stage, "links", account) }

// FoundationStack is the stack of what exists once per environment; account is
// "" when the stage has one environment.
func (n Names) FoundationStack(account string) string {
	if account == "" {
		return dashed(n.Mesh, n.Stage, "foundation")
	}
	return dashed(n.Mesh, n.Stage, "foundation", account)
}

// Crawler is a Glue crawler; slug stands for its path.
func (n Names) Crawler(domain, zone, slug string) string { return dashed(n.Mesh, domain, zone, slug) }

// FhirStore is a HealthLake data store.
func (n Names) FhirStore(domain string) string { return dashed(n.Mesh, domain, "fhir") }

// ImageStore is a HealthImaging data store.
func (n Names) ImageStore(domain string) string { return dashed(n.Mesh, domain, "images") }

// Variants is the application, or the Glue job, that loads VCF files.
func (n Names) Variants(domain string) string { return dashed(n.Mesh, domain, "variants") }

// VariantsStack is the stack of what loads VCF files.
func (n Names) VariantsStack(domain string) string { return n.DomainStack(domain) + "-variants" }

// VariantsJobRole is what the job that loads VCF files runs as.
func (n Names) VariantsJobRole(domain string) string { return n.Role(domain, "variants-load") }

// VariantsRunRole is what the workflow of that job works with.
func (n Names) VariantsRunRole(domain string) string { return n.Role(domain, "variants-run") }

// ReferenceStore is a store of reference genomes in HealthOmics.
func (n Names) ReferenceStore(domain string) string { return dashed(n.Mesh, domain, "references") }

// SequenceStore is a store of reads in HealthOmics.
func (n Names) SequenceStore(domain string) string { return dashed(n.Mesh, domain, "reads") }

// FhirDatabase is the link through which a FHIR store's tables are queried.
func (n Names) FhirDatabase(domain string) string { return n.Database(domain, Fhir) }

// FhirParameters is the prefix of the SSM parameters about a FHIR store.
func (n Names) FhirParameters(domain string) string { return "/" + n.Mesh + "/" + domain + "/fhir" }

// KeyParameter is the SSM parameter with the ARN of a domain's key.
func (n Names) KeyParameter(domain string) string { return "/" + n.Mesh + "/" + domain + "/key" }

// CatalogKey is the alias of the key that a catalog is encrypted with.
func (n Names) CatalogKey() string { return dashed(n.Mesh, "catalog") }

func dashed(words ...string) string { return strings.Join(words, "-") }
