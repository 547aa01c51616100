package fhirstore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// The service that acts with the roles of this package.
const healthLake = "healthlake.amazonaws.com"

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

// GrantRead lets the grantee read and search every resource of the store
// through the FHIR API, and decrypt with its key. IAM knows no patients and no
// resource types: the grant is for the whole store.
func (s *FhirStore) GrantRead(grantee awsiam.IGrantable) awsiam.Grant {
	s.key.GrantDecrypt(grantee)
	return s.grant(grantee, readActions)
}

// GrantReadWrite lets the grantee read, create, change and delete every
// resource of the store through the FHIR API, and use its key.
func (s *FhirStore) GrantReadWrite(grantee awsiam.IGrantable) awsiam.Grant {
	s.key.GrantEncryptDecrypt(grantee)
	return s.grant(grantee, append(readActions[:len(readActions):len(readActions)], writeActions...))
}

// GrantImport lets the grantee start import jobs that work with the data access
// role, and see how they go. It needs no access to the files.
func (s *FhirStore) GrantImport(grantee awsiam.IGrantable, role *DataAccessRole) awsiam.Grant {
	grantee.GrantPrincipal().AddToPrincipalPolicy(workflow.PassRole(role.role, healthLake))
	return s.grant(grantee, importActions)
}

// GrantExport lets the grantee start export jobs that work with the data access
// role, and see how they go. Whoever can read the role's output folder then
// reads everything in the store.
func (s *FhirStore) GrantExport(grantee awsiam.IGrantable, role *DataAccessRole) awsiam.Grant {
	grantee.GrantPrincipal().AddToPrincipalPolicy(workflow.PassRole(role.role, healthLake))
	return s.grant(grantee, exportActions)
}

func (s *FhirStore) grant(grantee awsiam.IGrantable, actions []string) awsiam.Grant {
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee: grantee, Actions: cdkx.Strings(prefixed(actions)), ResourceArns: &[]*string{s.DatastoreARN()},
	})
}

// allow is a statement for the store.
func (s *FhirStore) allow(actions ...string) awsiam.PolicyStatement {
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
func (s *FhirStore) service(account *string) awsiam.IPrincipal {
	return awsiam.NewServicePrincipal(jsii.String(healthLake), &awsiam.ServicePrincipalOpts{Conditions: &map[string]any{
		"StringEquals": map[string]any{"aws:SourceAccount": account},
		"ArnEquals":    map[string]any{"aws:SourceArn": s.DatastoreARN()},
	}})
}
