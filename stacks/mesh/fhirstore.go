package mesh

import (
	"cmp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// FhirStore is a domain's HealthLake data store for FHIR R4, with the workflows
// that import deliveries into it. It stands in a stack of its own, is encrypted
// with the domain's key, and stays when the stack goes.
//
// A store costs about 0.27 USD an hour, 200 USD a month, as long as it exists, in
// each stage, with 10 GB and 3,500 queries an hour, and 0.37 USD per further GB and
// month. These numbers are third-party; see AWS's price list.
//
// NLP, analytics, default profiles, the landing folders, the readers and the export can be changed. All
// else is fixed once the store exists: a change makes a new, empty store and leaves the
// old one behind, which goes on costing (rule 7.1).
type FhirStore struct {
	// Authorization is AWS_AUTH (the default), SMART_ON_FHIR, or SMART_ON_FHIR_V1 for
	// apps that know only the scopes of version 1. The last two need Smart.
	Authorization string `yaml:"authorization"`
	Smart         *Smart `yaml:"smart"` // the identity provider of SMART on FHIR; none by default

	// Synthetic fills the new store with invented patients, in the stages that are
	// marked nonProduction; elsewhere the store is empty.
	Synthetic bool `yaml:"synthetic"`

	// NLP lets HealthLake read the English texts of documents with Amazon Comprehend
	// Medical, which is charged, and write what it infers into the store, as resources
	// that the readers and the queries of contracts see among the others. To switch it off
	// again write false: what taking the line out does is not documented.
	// Default: nothing is said; HealthLake leaves it off in a new store.
	NLP *bool `yaml:"nlp"`

	// Analytics is whether HealthLake keeps the tables that readers and queries of
	// contracts read: enabled, or paused for a time. Paused where somebody reads them is
	// warned of.
	// Default: nothing is said; HealthLake keeps them.
	Analytics string `yaml:"analytics"`

	// DefaultProfiles are the FHIR profiles that HealthLake validates resources against
	// which name none, such as us-core-3.1.1.
	// Default: nothing is said; HealthLake validates against US Core 3.1.1.
	DefaultProfiles []string `yaml:"defaultProfiles"`

	// Landing is the folder of the raw zone that deliveries arrive in; default fhir/.
	Landing string `yaml:"landing"`

	// Ccda imports C-CDA documents too: HealthLake makes FHIR of them by the profile that
	// AWS publishes for them. AWS calls this a preview: its interface may change, and its
	// price is not published.
	// Default: none, only FHIR is imported.
	Ccda *FhirDocuments `yaml:"ccda"`

	// Readers may query all tables of the store, so they see all of its patients:
	// names of Definition.Principals, or the domain's own <domain>-pipeline. They
	// stand in the domain's account. Those who leave the list lose their grants after
	// the next deployment, as do grants that were made by hand on the store's database.
	Readers []string `yaml:"readers"`

	// Export writes all of the store to the folder fhir-exports/ of the curated zone.
	// What is in this folder expires after 30 days, where the zone keeps all else, as
	// each export is a copy of all patients; S3 brings it back for 30 days more.
	// Default: no exports, and nothing expires.
	Export *FhirExport `yaml:"export"`
}

// DecodeStrict reads a FHIR store of a mesh file.
func (s *FhirStore) DecodeStrict(n strictyaml.Node) {
	type plain FhirStore
	n.Decode((*plain)(s))
	refuseBlankLimits(n, "readers")
}

// FhirDocuments are documents that become FHIR when they are imported.
type FhirDocuments struct {
	Landing string `yaml:"landing"` // folder of the raw zone that deliveries of documents arrive in; default ccda/
}

// FhirExport says when a store is exported.
type FhirExport struct {
	Schedule string `yaml:"schedule"` // hourly, daily, weekly, monthly or cron(…) in UTC
}

// Smart lets apps into a FHIR store with tokens of an identity provider.
type Smart struct {
	// IdentityProvider is the ARN of the Lambda function that HealthLake asks what a
	// token says; it answers within a second, and stands in the domain's account and
	// the stage's region. {name} stands for an account id and {region} for the region.
	IdentityProvider string        `yaml:"identityProvider"`
	Metadata         SmartMetadata `yaml:"metadata"` // what the store publishes as its SMART configuration
}

// SmartMetadata is a SMART configuration, with the keys of SMART App Launch.
type SmartMetadata = healthlake.SmartMetadata

// How requests to a FHIR store prove who sends them.
const (
	AWSAuth       = "AWS_AUTH"
	SmartOnFhir   = "SMART_ON_FHIR"
	SmartOnFhirV1 = "SMART_ON_FHIR_V1"
)

// What the workflows of a store write, and where.
const (
	fhirLanding    = "fhir/"
	ccdaLanding    = "ccda/"
	fhirResults    = "fhir-import-results/" // raw zone
	fhirQuarantine = "quarantine/fhir/"     // raw zone
	fhirExports    = "fhir-exports/"        // curated zone; no table stands here, as no product's name has a hyphen
)

// exportDays is how long an export is kept.
const exportDays = 30

func (s *FhirStore) authorization() string { return cmp.Or(s.Authorization, AWSAuth) }
func (s *FhirStore) landing() string       { return cmp.Or(s.Landing, fhirLanding) }
func (d *FhirDocuments) landing() string   { return cmp.Or(d.Landing, ccdaLanding) }

// admitTo lets the roles of a store reach the files that it imports, and those that it
// exports.
func (s *FhirStore) admitTo(files *FilesPlan, domain string, n naming.Names) {
	if s == nil {
		return
	}
	files.admit(n.RoleARN(n.FhirImportRole(domain)), ontology.Raw)
	files.admit(n.RoleARN(n.FhirRunRole(domain)), ontology.Raw)
	if s.Ccda != nil {
		files.admit(n.RoleARN(n.CcdaImportRole(domain)), ontology.Raw)
		files.admit(n.RoleARN(n.CcdaRunRole(domain)), ontology.Raw)
	}
	if s.Export != nil {
		files.admit(n.RoleARN(n.FhirExportRole(domain)), ontology.Curated)
	}
}

// providerIn is the ARN of the identity provider in a stage.
func (s *Smart) providerIn(stage string, stages Stages) string {
	return stages.resolve(stage, strings.ReplaceAll(s.IdentityProvider, regionWord, stages[stage].Region))
}

// regionWord stands for the region of a stage.
const regionWord = "{region}"

// rawFolders are the folders of the raw zone that belong to a store, by what they are
// for; nil for none.
func (s *FhirStore) rawFolders() map[string]string {
	if s == nil {
		return nil
	}
	out := map[string]string{"deliveries": s.landing(), "import results": fhirResults, "quarantine": fhirQuarantine}
	if s.Ccda != nil {
		out["documents"] = s.Ccda.landing()
	}
	return out
}

// plannedNames are the names that come with a store.
func (s *FhirStore) plannedNames(domain string, n naming.Names) []planned {
	if s == nil {
		return nil
	}
	out := []planned{
		{stackName, n.FhirStack(domain), maxStack},
		{"FHIR store", n.FhirStore(domain), maxDatastore},
		{"database", n.FhirDatabase(domain), maxDatabase},
		{"role", n.FhirRole(domain), maxRole},
		{"role", n.FhirImportRole(domain), maxRole},
	}
	if s.Ccda != nil {
		out = append(out, planned{"role", n.CcdaImportRole(domain), maxRole})
	}
	return out
}
