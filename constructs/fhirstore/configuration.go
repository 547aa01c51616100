package fhirstore

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awshealthlake"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

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
