package fhirstore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// DataAccessRoleProps configures a DataAccessRole.
type DataAccessRoleProps struct {
	// Store whose jobs work with the role. Required.
	Store IFhirStore

	// Input is where import jobs read.
	// Default: none, for export jobs.
	Input *storage.S3Location

	// Output is where jobs write: results and logs of an import, files of an
	// export. Required; the bucket is in the store's region.
	Output storage.S3Location

	// RoleName fixes the name of the role, at most 64 characters.
	// Default: CloudFormation generates it.
	RoleName *string
}

// DataAccessRole is the role that HealthLake's import and export jobs reach S3 with.
type DataAccessRole struct {
	constructs.Construct

	role   awsiam.Role
	policy awsiam.ManagedPolicy
}

// NewDataAccessRole makes a role that only HealthLake assumes, only on behalf of
// the one store, for GrantImport and GrantExport, and that reads the input location, writes the output location,
// and uses their keys. NewImport and NewExport make their own.
//
// It panics with every problem of the props at once.
// Source: "Setting up permissions for import jobs"; rule 7.5.
func NewDataAccessRole(scope constructs.Construct, id *string, props *DataAccessRoleProps) *DataAccessRole {
	p := cdkx.Value(props, DataAccessRoleProps{})
	var list problem.List
	datastore.HealthLake().CheckStore(&list, scope, p.Store)
	output := workflow.At(p.Output.Bucket, p.Output.Prefix)
	output.Check(&list, "Output", examplePrefix)
	var input workflow.Location
	if p.Input != nil {
		input = workflow.At(p.Input.Bucket, p.Input.Prefix)
		input.Check(&list, "Input", examplePrefix)
	}
	cdkx.Check(scope, id, list)

	r := &DataAccessRole{}
	cdkx.Add(r, scope, id)
	r.role = awsiam.NewRole(r, jsii.String("Role"), &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("HealthLake reads and writes the files of its jobs with this role"),
		AssumedBy:   workflow.OnBehalf(r, healthLake, p.Store.DatastoreARN()),
	})
	statements := []awsiam.PolicyStatement{
		output.Objects("s3:GetObject", "s3:PutObject"), output.List(), output.Encrypt(), settings(output),
	}
	if p.Input != nil {
		statements = append(statements, input.Objects("s3:GetObject"), input.List(), input.Decrypt(), settings(input))
	}
	r.policy = awsiam.NewManagedPolicy(r, jsii.String("Policy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What jobs of the FHIR store may read and write"),
		Roles:       &[]awsiam.IRole{r.role},
		Statements:  &statements,
	})
	cdkx.Acknowledge(r.policy, cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "Jobs read and write objects that cannot be named beforehand; the wildcards stand for the objects of the jobs' own folders and for the data keys of one KMS key.",
	})
	return r
}

// settings is what HealthLake looks at before it uses a bucket.
func settings(l workflow.Location) awsiam.PolicyStatement {
	return workflow.Allow([]string{*cdkx.BucketARN(l.Bucket)}, "s3:GetBucketLocation", "s3:GetBucketPublicAccessBlock", "s3:GetEncryptionConfiguration")
}

// Role is the IAM role.
func (r *DataAccessRole) Role() awsiam.IRole { return r.role }

// Policy is the managed policy that says what the role may do.
func (r *DataAccessRole) Policy() awsiam.ManagedPolicy { return r.policy }

const examplePrefix = "fhir/"
