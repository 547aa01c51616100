package fhirstore

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// FhirStoreProps configures a FhirStore. Everything but tags is fixed once the
// store exists: a change makes CloudFormation create a new, empty store and
// leave the old one behind (rule 7.1).
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

	// Regions are those that HealthLake is available in, for a region that is newer
	// than this version of the library.
	// Default: the regions of "AWS HealthLake endpoints and quotas".
	Regions []string
}

var datastoreName = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-%@]{1,256}$`)

func (p *FhirStoreProps) withDefaults() FhirStoreProps {
	out := FhirStoreProps{}
	if p != nil {
		out = *p
	}
	out.Regions = slices.Clone(out.Regions)
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
	cdkx.CheckName(&list, "DatastoreName", p.DatastoreName, datastoreName, "1 to 256 letters, digits, spaces and any of _.:/=+-%@")
	if cdkx.IsNil(p.Key) {
		list.Addf("Key", "nothing", "a customer managed key", "set Key, for example to that of the lake")
	}
	p.SmartOnFhir.check(&list)
	if cdkx.IsNil(scope) {
		return list
	}
	if region := *awscdk.Stack_Of(scope).Region(); !cdkx.IsToken(region) && !slices.Contains(p.Regions, region) {
		list.Addf("Regions", fmt.Sprintf("a stack in %s", region), "one of "+strings.Join(p.Regions, ", "),
			"move the stack; name the region in Regions if HealthLake has come to it")
	}
	return list
}
