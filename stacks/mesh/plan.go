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
	Consumers   []ConsumerPlan // one per domain with subscriptions
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
	Admins      []string
	Tags        []ontology.Tag // the LF-Tags with every value they may take
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
	Results   string                   // name of the Athena results bucket
	WorkGroup string
	Queries   []Query

	LocationRole  string // name of the role Lake Formation reads and writes with
	PipelineRole  string // name of the role the domain's jobs run as
	PipelineARN   string
	OptimizerRole string // name of the role that keeps Iceberg tables tidy; "" without one
	OptimizerARN  string

	Databases []DatabasePlan
	Tables    []TablePlan
	Locations []LocationPlan
	Crawlers  []CrawlerPlan

	Associations []lakeformation.TagAssociation
	Grants       []lakeformation.Grant // of the pipeline and the optimizer role
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

// ConsumerPlan is everything one domain subscribes to.
type ConsumerPlan struct {
	Domain        string
	Environment   Environment
	StackName     string
	WorkGroup     string // the consumer domain's work group
	ReaderPolicy  string // name of the managed policy its readers need
	Subscriptions []SubscriptionPlan
	Filters       []lakeformation.Filter
	Grants        []lakeformation.Grant // of every subscription, merged
}

// SubscriptionPlan is one subscription, resolved.
type SubscriptionPlan struct {
	Consumer    string
	Producer    string
	Product     string
	Principals  []PrincipalPlan
	Sensitivity []ontology.Sensitivity
	Rows        string
	Tags        []ontology.Tag // the values of the ontology whose columns are shown, sorted by key
	Purpose     string
	Approver    string
	Expires     string
}

// PrincipalPlan is a reader by name.
type PrincipalPlan struct {
	Name       string
	Identifier string // as Lake Formation takes it
}
