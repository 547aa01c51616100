package fhirstore

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// The service that acts with the roles of this package.
const healthLake = "healthlake.amazonaws.com"

// aGrantee is whom a grant is for.
const aGrantee = "a role, a user or what else has a principal"

// Actions of the FHIR API and of jobs.
// Source: "Actions, resources, and condition keys for AWS HealthLake".
var (
	readActions = []string{
		"DescribeFHIRDatastore", "GetCapabilities", "GetHistoryByResourceId", "ReadResource", "SearchEverything",
		"SearchWithGet", "SearchWithPost", "VersionReadResource",
	}
	writeActions  = []string{"CreateResource", "DeleteResource", "PatchResource", "ProcessBundle", "UpdateResource"}
	importActions = []string{"DescribeFHIRDatastore", "DescribeFHIRImportJob", "ListFHIRImportJobs", "StartFHIRImportJob"}
	exportActions = []string{"DescribeFHIRDatastore", "DescribeFHIRExportJob", "ListFHIRExportJobs", "StartFHIRExportJob"}
)

func grantRead(s IFhirStore, grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(s, "grantee", grantee, aGrantee)
	s.Key().GrantDecrypt(grantee)
	return grant(s, grantee, readActions)
}

func grantReadWrite(s IFhirStore, grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(s, "grantee", grantee, aGrantee)
	s.Key().GrantEncryptDecrypt(grantee)
	return grant(s, grantee, slices.Concat(readActions, writeActions))
}

// grantJobs grants the actions on jobs, which work with the role.
func grantJobs(s IFhirStore, grantee awsiam.IGrantable, role awsiam.IRole, actions []string) awsiam.Grant {
	cdkx.Argument(s, "grantee", grantee, aGrantee)
	cdkx.Argument(s, "role", role, "the role that the jobs work with, such as that of a DataAccessRole")
	grantee.GrantPrincipal().AddToPrincipalPolicy(workflow.PassRole(role, healthLake))
	return grant(s, grantee, actions)
}

func grant(s IFhirStore, grantee awsiam.IGrantable, actions []string) awsiam.Grant {
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee: grantee, Actions: cdkx.Strings(prefixed(actions)), ResourceArns: &[]*string{s.DatastoreARN()},
	})
}

// allow is a statement for the store.
func allow(s IFhirStore, actions ...string) awsiam.PolicyStatement {
	return workflow.Allow([]string{*s.DatastoreARN()}, prefixed(actions)...)
}

func prefixed(actions []string) []string {
	out := make([]string, len(actions))
	for i, action := range actions {
		out[i] = "healthlake:" + action
	}
	return out
}

// service is the principal HealthLake on behalf of one store.
func service(s IFhirStore, account *string) awsiam.IPrincipal {
	return awsiam.NewServicePrincipal(jsii.String(healthLake), &awsiam.ServicePrincipalOpts{Conditions: &map[string]any{
		"StringEquals": map[string]any{"aws:SourceAccount": account},
		"ArnEquals":    map[string]any{"aws:SourceArn": s.DatastoreARN()},
	}})
}
