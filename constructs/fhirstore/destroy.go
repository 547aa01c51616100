package fhirstore

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// An export is a folder that HealthLake named.
// Source: "Exporting FHIR data with AWS HealthLake".
var exportURI = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/(.*/)?[A-Za-z0-9]{1,32}-FHIR_EXPORT-[A-Za-z0-9]{1,32}/$`)

// checkDestroy reports a store that goes without both keys, or without a word on what is
// kept of it.
func (p *FhirStoreProps) checkDestroy(list *problem.List, scope constructs.Construct) {
	destroy, without := cdkx.Value(p.AllowDestroy, false), cdkx.Value(p.WithoutExport, false)
	if !destroy {
		if p.LastExport != nil || without {
			list.Addf("AllowDestroy", "false beside LastExport or WithoutExport", "true, or none of them", "leave them out for a store that stays")
		}
		return
	}
	if !cdkx.Missing(scope) && !cdkx.MayDestroy(scope) {
		list.Addf("AllowDestroy", "true without the context "+cdkx.AllowDestroyContext, "both or neither",
			"set the context "+cdkx.AllowDestroyContext+" to true where data may be destroyed, or leave AllowDestroy out")
	}
	switch export := p.LastExport; {
	case (export != nil) == without:
		list.Addf("LastExport", fmt.Sprintf("an export: %v, WithoutExport: %v", export != nil, without), "exactly one of the two, because what is not exported is gone for good",
			"export the store and write down where, or set WithoutExport")
	case export != nil && !exportURI.MatchString(*export):
		list.Addf("LastExport", cdkx.Quote(*export), "the folder of one export", `copy it from S3, like "s3://curated/fhir-exports/<store id>-FHIR_EXPORT-<job id>/"`)
	}
}

// keep retains the store, or says what is lost where it goes.
func (p *FhirStoreProps) keep(s *FhirStore, registry *cdkx.Registry) {
	if !cdkx.Value(p.AllowDestroy, false) {
		cdkx.Retain(s.resource)
		registry.GuardAlways(s, s.resource, "AllowDestroy")
		return
	}
	s.resource.ApplyRemovalPolicy(awscdk.RemovalPolicy_DESTROY, nil)
	policy.Acknowledge(s.resource, policy.Acknowledgement{
		Rule:   "LakeMesh.ST01",
		Reason: "AllowDestroy and the context " + cdkx.AllowDestroyContext + " both say that this FHIR store may be destroyed, and its props say what is kept of it.",
	})
	kept := "nothing of it is kept, as WithoutExport says"
	if p.LastExport != nil {
		kept = "the export at " + *p.LastExport + " keeps the resources that it holds"
	}
	cdkx.Warn(s, "lakemesh:fhirstore:destroy", "The FHIR store "+s.name+" is deleted with its stack, and where a change replaces it. Lost are all resources with their "+
		"earlier versions, what NLP inferred and was not exported, the tables and the grants on them, the id and the endpoint that apps call; "+kept)
}
