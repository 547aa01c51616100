package imagestore

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// The actions of each grant, all on the store and its image sets.
// Source: "Actions, resources, and condition keys for AWS HealthImaging".
var (
	readActions = []string{
		"medical-imaging:GetDICOMBulkdata", "medical-imaging:GetDICOMInstance", "medical-imaging:GetDICOMInstanceFrames",
		"medical-imaging:GetDICOMInstanceMetadata", "medical-imaging:GetDICOMSeriesMetadata", "medical-imaging:GetDatastore",
		"medical-imaging:GetImageFrame", "medical-imaging:GetImageSet", "medical-imaging:GetImageSetMetadata",
		"medical-imaging:ListImageSetVersions", "medical-imaging:SearchDICOMInstances", "medical-imaging:SearchDICOMSeries",
		"medical-imaging:SearchDICOMStudies", "medical-imaging:SearchImageSets",
	}
	writeActions = []string{
		"medical-imaging:CopyImageSet", "medical-imaging:DeleteImageSet", "medical-imaging:StoreDICOM", "medical-imaging:StoreDICOMStudy",
		"medical-imaging:UpdateImageSetMetadata",
	}
	importActions = []string{
		"medical-imaging:GetDICOMImportJob", "medical-imaging:ListDICOMImportJobs", "medical-imaging:StartDICOMImportJob",
	}
)

// imaging is the service itself.
const imaging = "medical-imaging.amazonaws.com"

// aGrantee is whom a grant is for.
const aGrantee = "a role, a user or what else has a principal"

// reference is what is known of a store, whether this app makes it or not.
type reference struct {
	store   constructs.Construct // itself, which errors name
	name    *string
	id, arn string
	key     awskms.IKey
}

// DatastoreName is the name of the store; nil where an import does not say it.
func (r *reference) DatastoreName() *string { return r.name }

// DatastoreID is the id that HealthImaging gave the store.
func (r *reference) DatastoreID() *string { return jsii.String(r.id) }

// DatastoreARN is the ARN of the store.
func (r *reference) DatastoreARN() *string { return jsii.String(r.arn) }

// Key is the key that encrypts the images.
func (r *reference) Key() awskms.IKey { return r.key }

// GrantRead lets the grantee search and read images and their metadata, which
// identify patients.
func (r *reference) GrantRead(grantee awsiam.IGrantable) awsiam.Grant {
	return r.grant(grantee, []string{"kms:Decrypt", "kms:DescribeKey"}, readActions)
}

// GrantReadWrite lets the grantee read, and also change, copy and delete image
// sets and store DICOM objects one by one. It gives neither imports nor the
// deletion of the store.
func (r *reference) GrantReadWrite(grantee awsiam.IGrantable) awsiam.Grant {
	return r.grant(grantee, writeKey(), slices.Concat(readActions, writeActions))
}

// GrantImport lets the grantee start imports that read and write with the role,
// and follow them. The role must trust HealthImaging; that of an Import does.
// Source: "Starting an import job".
func (r *reference) GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant {
	cdkx.Argument(r.store, "grantee", grantee, aGrantee)
	cdkx.Argument(r.store, "role", role, "the role that imports read and write with, such as that of an Import")
	grantee.GrantPrincipal().AddToPrincipalPolicy(workflow.PassRole(role, imaging))
	return r.grant(grantee, writeKey(), append([]string{"medical-imaging:GetDatastore"}, importActions...))
}

// grant allows actions on the key, and on the store and its image sets.
func (r *reference) grant(grantee awsiam.IGrantable, keyActions, actions []string) awsiam.Grant {
	cdkx.Argument(r.store, "grantee", grantee, aGrantee)
	r.key.Grant(grantee, *cdkx.Strings(keyActions)...)
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee: grantee, Actions: cdkx.Strings(actions), ResourceArns: jsii.Strings(r.arn, r.arn+"/imageset/*"),
	})
}

// writeKey are the uses of the key that go with writing.
// Source: "Data encryption" in the HealthImaging developer guide.
func writeKey() []string { return []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"} }
