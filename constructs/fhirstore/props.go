package fhirstore

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2/awshealthlake"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// FhirStoreProps configures a FhirStore. NLP, Analytics, DefaultProfiles and tags can
// be changed. All else is fixed once the store exists: a change makes CloudFormation
// create a new, empty store and leave the old one behind (rule 7.1). The newest form of
// the resource updates name and identity provider in place too; nobody here has seen it
// do so, and a CloudFormation that does not is a lost store.
//
// A store costs about 0.27 USD an hour, 200 USD a month, as long as it exists, with
// 10 GB and 3,500 queries an hour, and 0.37 USD per further GB and month. These
// numbers are third-party; see AWS's price list.
type FhirStoreProps struct { //nolint:revive // the CDK names props after their construct
	// DatastoreName is 1 to 256 letters, digits, spaces and any of _.:/=+-%@ .
	// Required, and a plain string.
	DatastoreName *string

	// Key encrypts the store. Required: there is no store without a customer
	// managed key here (rule 7.2).
	Key awskms.IKey

	// SmartOnFhir lets apps in with tokens of an identity provider.
	// Default: none, requests are signed with AWS credentials (AWS_AUTH).
	SmartOnFhir *SmartOnFhir

	// AllowSyntheticPreload fills the new store with Synthea's synthetic patients,
	// which takes about 20 minutes and cannot be undone. It marks the store as one
	// for development: never set it for production.
	// Default: false, an empty store.
	AllowSyntheticPreload *bool

	// NLP lets HealthLake read the English texts of DocumentReference resources with
	// Amazon Comprehend Medical, which is charged, and write what it infers into the
	// store: an extension of each document, and resources of the types Linkage,
	// Condition and Observation. These are phi as all else in the store is, are read by
	// whoever reads its tables, and come from a model and from no clinician.
	//
	// Switching it on or off updates the store in place; it is UPDATING meanwhile. To
	// switch it off again set false: what CloudFormation does with a property that is
	// taken out is not documented.
	// Default: nothing is written. HealthLake leaves NLP off in a new store.
	// Sources: "Integrated natural language processing (NLP) for HealthLake", which also
	// wants a support case for it; "Updating a HealthLake data store".
	NLP *bool

	// Analytics is whether HealthLake keeps the tables that queries read. AnalyticsPaused
	// stops that for a time, for example while years of old records are imported; a
	// change updates the store in place, which is UPDATING meanwhile. Neither what
	// queries read while it is paused nor what is made up for afterwards is documented.
	// Default: nothing is written. HealthLake keeps tables where a store can have them.
	// Source: "AWS::HealthLake::FHIRDatastore AnalyticsConfiguration".
	Analytics AnalyticsStatus

	// DefaultProfiles are the FHIR profiles that HealthLake validates resources against
	// which name none, such as "us-core-3.1.1". A change takes effect at once and for
	// what is written from then on; resources in the store stay as they are.
	// Default: nothing is written. HealthLake has US Core 3.1.1 as its default.
	// Sources: "FHIR profile validations for HealthLake", "AWS::HealthLake::FHIRDatastore
	// ProfileConfiguration".
	DefaultProfiles []string

	// AllowDestroy deletes the store with its stack, and where a change replaces it. It
	// takes a second key, the context storage.AllowDestroyContext set to true, and a word
	// on what is kept: exactly one of LastExport and WithoutExport. The synthesis then
	// warns of what is lost. A stack with termination protection still is not deleted.
	// Default: false. The store stays without its stack, and no aspect or removal policy
	// deletes it, whatever the context says.
	AllowDestroy *bool

	// LastExport is where the export stands that keeps what is in the store, for example
	// "s3://curated/fhir-exports/<store id>-FHIR_EXPORT-<job id>/". Nothing here can look
	// whether it is there and whole: who writes it down has looked. Only with
	// AllowDestroy.
	// Default: none.
	LastExport *string

	// WithoutExport says that nothing in the store is worth an export, as where its
	// patients are invented. Only with AllowDestroy.
	// Default: false.
	WithoutExport *bool

	// Regions are those that HealthLake is available in, for a region that is newer
	// than this version of the library.
	// Default: the regions of "AWS HealthLake endpoints and quotas".
	Regions []string
}

// The length is no part of the pattern: repeated so often, the letters of all scripts
// take a fifth of a second to compile in every program that imports the package.
var datastoreName = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-%@]+$`)

func checkDatastoreName(list *problem.List, name *string) {
	const most = 256
	const expected = "1 to 256 letters, digits, spaces and any of _.:/=+-%@"
	if n := utf8.RuneCountInString(cdkx.Value(name, "")); n > most && !cdkx.HoldsToken(*name) {
		list.Addf("DatastoreName", fmt.Sprintf("%q", *name), expected, "correct it")
		return
	}
	cdkx.CheckName(list, "DatastoreName", name, datastoreName, expected)
}

func (p *FhirStoreProps) withDefaults() FhirStoreProps {
	out := cdkx.Value(p, FhirStoreProps{})
	out.Regions = slices.Clone(out.Regions)
	out.DefaultProfiles = slices.Clone(out.DefaultProfiles)
	if len(out.Regions) == 0 {
		out.Regions = healthlake.Regions()
	}
	if out.SmartOnFhir != nil {
		smart := *out.SmartOnFhir
		if smart.Version == "" {
			smart.Version = SmartV1AndV2
		}
		out.SmartOnFhir = &smart
	}
	return out
}

func (p *FhirStoreProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	checkDatastoreName(&list, p.DatastoreName)
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a customer managed key", "set Key, for example to that of the lake")
	}
	p.SmartOnFhir.check(&list)
	p.checkConfiguration(&list)
	p.checkDestroy(&list, scope)
	if cdkx.Missing(scope) {
		return list
	}
	if p.SmartOnFhir != nil {
		cdkx.CheckPartition(&list, scope, "SmartOnFhir.IdentityProviderARN", cdkx.Value(p.SmartOnFhir.IdentityProviderARN, ""))
	}
	if region := *cdkx.Region(scope); !cdkx.HoldsToken(region) && !slices.Contains(p.Regions, region) {
		list.Addf("Regions", fmt.Sprintf("a stack in %s", region), "one of "+strings.Join(p.Regions, ", "),
			"move the stack; name the region in Regions if HealthLake has come to it")
	}
	return list
}

// AnalyticsStatus is whether HealthLake keeps the tables of a store.
type AnalyticsStatus string

// What CloudFormation takes as the status of analytics.
// Source: "AWS::HealthLake::FHIRDatastore AnalyticsConfiguration".
const (
	AnalyticsEnabled AnalyticsStatus = "ENABLED"
	AnalyticsPaused  AnalyticsStatus = "PAUSED"
)

// checkConfiguration reports what is wrong with what can be changed of a store.
func (p *FhirStoreProps) checkConfiguration(list *problem.List) {
	if p.Analytics != "" && p.Analytics != AnalyticsEnabled && p.Analytics != AnalyticsPaused {
		list.Addf("Analytics", fmt.Sprintf("%q", p.Analytics), fmt.Sprintf("%s or %s", AnalyticsEnabled, AnalyticsPaused), "leave it out")
	}
	const example = `a profile such as "us-core-3.1.1"`
	if p.DefaultProfiles != nil && len(p.DefaultProfiles) == 0 {
		list.Addf("DefaultProfiles", "an empty list", "at least one profile", "leave it out, for what HealthLake has by default")
	}
	for i, profile := range p.DefaultProfiles {
		path := fmt.Sprintf("DefaultProfiles[%d]", i)
		switch {
		case profile == "":
			list.Addf(path, "nothing", example, "name it, or leave it out")
		case slices.Contains(p.DefaultProfiles[:i], profile):
			list.Addf(path, fmt.Sprintf("%q again", profile), "each profile once", "leave it out")
		}
	}
}

// configure writes what was chosen of the properties that CloudFormation updates in
// place. They are set as overrides, because the properties of the resource are not in
// every version of the CDK that this library supports: 2.270 lacks them, 2.276 has them.
func (p *FhirStoreProps) configure(store awshealthlake.CfnFHIRDatastore) {
	if p.NLP != nil {
		status := "DISABLED"
		if *p.NLP {
			status = "ENABLED"
		}
		store.AddPropertyOverride(jsii.String("NlpConfiguration.Status"), status)
	}
	if p.Analytics != "" {
		store.AddPropertyOverride(jsii.String("AnalyticsConfiguration.Status"), string(p.Analytics))
	}
	if len(p.DefaultProfiles) > 0 {
		store.AddPropertyOverride(jsii.String("ProfileConfiguration.DefaultProfiles"), cdkx.Strings(p.DefaultProfiles))
	}
}
