package mesh

import (
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Plan is what will be deployed, with every default resolved and every name
// fixed. Everything in it is sorted: equal definitions give equal plans.
type Plan struct {
	Mesh        string
	Stage       string
	Foundations []Foundation // one per environment
	Domains     []DomainPlan
	FhirStores  []FhirStorePlan
	Shares      []SharePlan    // one per domain, where the stage has several environments
	Links       []LinksPlan    // one per environment, where the stage has several
	Consumers   []ConsumerPlan // one per domain
	Expired     []SubscriptionPlan
}

// Environment is an account and a region.
type Environment struct {
	Account string
	Region  string
}

// Foundation is what exists once per environment.
type Foundation struct {
	Environment Environment
	StackName   string
	Admins      []string       // those of AccessRoles too
	Deployer    string         // ARN of the role that CloudFormation works with; "" for that of the synthesizer
	AccessRoles []string       // names of administrators that it makes, for the workflows that open FHIR stores
	Tags        []ontology.Tag // the LF-Tags with every value they may take
	KeyAlias    string         // of the key that the catalog is encrypted with
	Readers     []string       // other accounts that read from this catalog
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

// DatabasePlan is one Glue database.
type DatabasePlan struct {
	Name        string
	Zone        ontology.Zone
	Description string
	Location    string // s3:// URI of the zone
}

// TablePlan is one Glue table.
type TablePlan struct {
	Product  string
	Database string
	Zone     ontology.Zone
	Location string // s3:// URI, ends in "/"; "" for a view
	Contract *contract.Contract
	Table    contract.Table
	Frozen   *contract.Table // an Iceberg table as it was first deployed; nil for a new one
}

// LocationPlan is one S3 location that is registered with Lake Formation.
type LocationPlan struct {
	ARN      string        // arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix
	Zone     ontology.Zone // "" for data outside the domain's lake
	ReadOnly bool          // true outside the domain's lake
}

// SharePlan is what one domain shares with other accounts. The stack of a domain
// that shares nothing is planned too, without content: the CDK's command line
// takes back grants that left a stack, but forgets a stack that is gone.
type SharePlan struct {
	Domain      string
	Environment Environment
	StackName   string
	Consumers   []string // domains whose principals are granted to directly
	Filters     []lakeformation.Filter
	Grants      []lakeformation.Grant // with the right to pass on, but for principals
}

// LinksPlan is the resource links that one environment needs to see what is
// shared with it.
type LinksPlan struct {
	Environment Environment
	StackName   string
	Links       []LinkPlan
}

// LinkPlan is a resource link to a database of another environment.
type LinkPlan struct {
	Name     string // that of the database it leads to, so that queries are the same everywhere
	Producer string // the domain whose database it is
	Target   Environment
	Database string
}

// ConsumerPlan is everything one domain subscribes to. It is planned for a domain
// without subscriptions too, for the reason that SharePlan gives.
type ConsumerPlan struct {
	Domain        string
	Environment   Environment
	StackName     string
	Catalogs      []Environment // other environments that it reads from
	Subscriptions []SubscriptionPlan
	Filters       []lakeformation.Filter // on tables of its own environment
	Grants        []lakeformation.Grant  // in its own environment, of every subscription, merged
}

// SubscriptionPlan is one subscription, resolved.
type SubscriptionPlan struct {
	Consumer    string
	Producer    string
	Product     string
	Principals  []PrincipalPlan
	Sensitivity []ontology.Sensitivity
	Columns     []string `json:",omitempty"` // empty is every column of the levels but Except
	Except      []string `json:",omitempty"`
	Rows        string
	Tags        []ontology.Tag // the values of the ontology whose columns are shown, sorted by key
	Purpose     string
	Approver    string
	Expires     string
	Crosses     bool   // the producer stands in another environment
	Recipient   string // whom the producer grants to where it does; "" is the principals
}

// PrincipalPlan is a reader by name.
type PrincipalPlan struct {
	Name       string
	Identifier string // as Lake Formation takes it
}
