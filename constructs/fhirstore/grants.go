package fhirstore

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
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

// reference is what is known of a store, whether this app makes it or not.
type reference struct {
	store                   constructs.Construct // itself, which errors name
	name, id, arn, endpoint string
	key                     awskms.IKey
}

// DatastoreName is the fixed name of the store.
func (r *reference) DatastoreName() *string { return jsii.String(r.name) }

// DatastoreID is the id that HealthLake gave the store.
func (r *reference) DatastoreID() *string { return jsii.String(r.id) }

// DatastoreARN is the ARN of the store.
func (r *reference) DatastoreARN() *string { return jsii.String(r.arn) }

// Endpoint is the URL of the store's FHIR API.
func (r *reference) Endpoint() *string { return jsii.String(r.endpoint) }

// Key is the key that encrypts the store.
func (r *reference) Key() awskms.IKey { return r.key }

// GrantRead lets the grantee read and search every resource of the store through
// the FHIR API, and decrypt with its key.
func (r *reference) GrantRead(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(r.store, "grantee", grantee, aGrantee)
	r.key.GrantDecrypt(grantee)
	return r.grant(grantee, readActions)
}

// GrantReadWrite lets the grantee read, create, change and delete every resource
// of the store through the FHIR API, and use its key.
func (r *reference) GrantReadWrite(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(r.store, "grantee", grantee, aGrantee)
	r.key.GrantEncryptDecrypt(grantee)
	return r.grant(grantee, slices.Concat(readActions, writeActions))
}

// GrantImport lets the grantee start import jobs that work with the role, and see
// how they go.
func (r *reference) GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant {
	return r.grantJobs(grantee, role, importActions)
}

// GrantExport lets the grantee start export jobs that work with the role, and see
// how they go.
func (r *reference) GrantExport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant {
	return r.grantJobs(grantee, role, exportActions)
}

// grantJobs grants the actions on jobs, which work with the role.
func (r *reference) grantJobs(grantee awsiam.IGrantable, role awsiam.IRole, actions []string) awsiam.Grant {
	cdkx.Argument(r.store, "grantee", grantee, aGrantee)
	cdkx.Argument(r.store, "role", role, "the role that the jobs work with, such as that of a DataAccessRole")
	grantee.GrantPrincipal().AddToPrincipalPolicy(workflow.PassRole(role, healthLake))
	return r.grant(grantee, actions)
}

func (r *reference) grant(grantee awsiam.IGrantable, actions []string) awsiam.Grant {
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee: grantee, Actions: cdkx.Strings(prefixed(actions)), ResourceArns: &[]*string{&r.arn},
	})
}

// allow is a statement for the store of an ARN.
func allow(store *string, actions ...string) awsiam.PolicyStatement {
	return workflow.Allow([]string{*store}, prefixed(actions)...)
}

func prefixed(actions []string) []string {
	out := make([]string, len(actions))
	for i, action := range actions {
		out[i] = "healthlake:" + action
	}
	return out
}
