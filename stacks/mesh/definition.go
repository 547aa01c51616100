package mesh

import (
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// APIVersion is the version of the mesh file that this package reads.
const APIVersion = "lakemesh/v1"

// Definition describes a whole mesh. Load it from a mesh.yaml, or write it as a
// Go value and put the contracts into Domain.Contracts.
//
// Administrators and principals are the same in every stage. So that an ARN can
// be, the name of an account in braces stands for its id in each stage:
// arn:aws:iam::{research}:role/Analyst.
//
// Contracts choose values of the ontology in lfTags. A column has its own value,
// else its table's, else its contract's. Where none of them says, a key of the
// whole mesh that any contract uses has its last value, the most restrictive, with
// a warning, and a domain's own key has none: nothing less restrictive is had by
// accident. A table has the most restrictive value of its columns. A subscription
// that lists tags shows only columns that have one of the values of each key.
// A key has 1 to 50 values; a subscription narrows by at most two keys (rules 2.9
// and 2.10). The values of domain, zone, product and sensitivity are built in.
type Definition struct {
	APIVersion    string              `yaml:"apiVersion"`
	Name          string              `yaml:"name"`          // prefix of every name in the mesh
	Stages        map[string]Stage    `yaml:"stages"`        // where the mesh runs, by stage name
	Admins        []string            `yaml:"admins"`        // ARNs of Lake Formation administrators besides the deployment role; {name} stands for an account id
	Ontology      map[string][]string `yaml:"ontology"`      // LF-Tag keys of the whole mesh beyond the built-in ones, with their values, the least restrictive first
	Principals    map[string]string   `yaml:"principals"`    // readers by name, as Lake Formation identifiers; {name} stands for an account id
	Domains       []Domain            `yaml:"domains"`       //
	Subscriptions []Subscription      `yaml:"subscriptions"` //
	Guardrails    []string            `yaml:"guardrails"`    // rules that are switched on and stop the mesh when they are broken: see Guardrails

	source *source // the files it was loaded from; nil for a Go value
	index  *index  // of a copy that checks and plans work on; nil in what a caller has
}

// DecodeStrict reads a mesh file.
func (d *Definition) DecodeStrict(n strictyaml.Node) {
	type plain Definition
	n.Decode((*plain)(d))
	refuseBlankLimits(n, "guardrails")
}

// StageNames are the names of the stages, sorted.
func (d *Definition) StageNames() []string { return slices.Sorted(maps.Keys(d.Stages)) }

// Stage is one set of environments that the mesh is deployed to.
type Stage struct {
	Region   string            `yaml:"region"`
	Accounts map[string]string `yaml:"accounts"` // 12-digit account ids by name
	Sharing  Sharing           `yaml:"sharing"`  // how shares between accounts are accepted

	// DeploymentRole is the role that CloudFormation works with, which is made an
	// administrator of Lake Formation: its name, after its path where it has one, the
	// same in every account of the stage; or its ARN where the stage has one account.
	// Default: the execution role of the synthesizer, which cdk bootstrap makes. A
	// synthesizer that deploys with the credentials of the command line has none.
	DeploymentRole string `yaml:"deploymentRole"`

	// NonProduction marks a stage that never holds data of real patients. Only there
	// are FHIR stores filled with synthetic ones.
	NonProduction bool `yaml:"nonProduction"`
}

// Sharing says how an account of a stage comes to accept what another shares
// with it. Lake Formation shares through AWS Resource Access Manager, and
// CloudFormation cannot accept an invitation (rule 5.4). A stage whose
// subscriptions cross accounts sets one of the two.
type Sharing struct {
	// Organization is the ARN of the AWS organization that holds every account of
	// the stage, with sharing switched on in Resource Access Manager: shares then
	// need no acceptance.
	Organization string `yaml:"organization"`

	// Acceptance says who accepts invitations by hand, and where that is written down.
	Acceptance string `yaml:"acceptance"`
}

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

// Query is a saved Athena query of a domain. It stands in the workgroup of each
// principal that queries for the domain, or in the domain's own where there is none.
type Query struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Zone        string `yaml:"zone"` // whose database the names without one mean; default analytics
	SQL         string `yaml:"sql"`
}

// Subscription is a domain's governed access to a product of another domain.
//
// A limit that is written and empty is an error, and never the absence of a limit:
// an empty list or map that is not nil, and Rows that point to a blank text.
type Subscription struct {
	Consumer    string              `yaml:"consumer"`    // the domain that asks
	Principals  []string            `yaml:"principals"`  // names of Definition.Principals, or <domain>-pipeline
	Product     string              `yaml:"product"`     // <domain>.<product>
	Sensitivity []string            `yaml:"sensitivity"` // the levels whose columns are shown; default public
	Columns     []string            `yaml:"columns"`     // of the columns of these levels, the ones that are shown; default all
	Except      []string            `yaml:"except"`      // of the columns of these levels, the ones that are not shown; default none
	Rows        *string             `yaml:"-"`           // SQL condition that keeps rows; default every row. A file may also map columns to values
	Tags        map[string][]string `yaml:"tags"`        // keys of the ontology and the values whose columns are shown; at most two keys
	Purpose     string              `yaml:"purpose"`
	Approver    string              `yaml:"approver"` // who agreed on the side of the product, an e-mail address
	Expires     string              `yaml:"expires"`  // last day of the access, YYYY-MM-DD
	Share       string              `yaml:"share"`    // whom the producer grants to where accounts differ; default ShareAccount
}

// Whom a producer grants to when the consumer stands in another account. An ARN
// of an organizational unit may be named too. Where both stand in one account
// the principals are always granted to directly.
const (
	// ShareAccount grants to the consumer's account, which may pass on exactly that:
	// its own stacks grant to the principals. The default.
	ShareAccount = "account"
	// ShareOrganization grants to the organization of the stage instead, so that
	// every account of it may.
	ShareOrganization = "organization"
	// SharePrincipals grants to the principals themselves; the consumer's account
	// can pass on nothing.
	SharePrincipals = "principals"
)
