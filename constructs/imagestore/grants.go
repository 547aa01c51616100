package imagestore

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
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

func grantRead(s IImageStore, grantee awsiam.IGrantable) awsiam.Grant {
	return grant(s, grantee, []string{"kms:Decrypt", "kms:DescribeKey"}, readActions)
}

func grantReadWrite(s IImageStore, grantee awsiam.IGrantable) awsiam.Grant {
	return grant(s, grantee, writeKey(), slices.Concat(readActions, writeActions))
}

func grantImport(s IImageStore, grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant {
	cdkx.Argument(s, "grantee", grantee, aGrantee)
	cdkx.Argument(s, "role", role, "the role that imports read and write with, such as that of an Import")
	grantee.GrantPrincipal().AddToPrincipalPolicy(workflow.PassRole(role, imaging))
	return grant(s, grantee, writeKey(), append([]string{"medical-imaging:GetDatastore"}, importActions...))
}

func grant(s IImageStore, grantee awsiam.IGrantable, keyActions, actions []string) awsiam.Grant {
	cdkx.Argument(s, "grantee", grantee, aGrantee)
	s.Key().Grant(grantee, *cdkx.Strings(keyActions)...)
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee: grantee, Actions: cdkx.Strings(actions), ResourceArns: arns(s),
	})
}

// writeKey are the uses of the key that go with writing.
// Source: "Data encryption" in the HealthImaging developer guide.
func writeKey() []string { return []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"} }

// arns are the store and its image sets.
func arns(s IImageStore) *[]*string {
	arn := *s.DatastoreARN()
	return &[]*string{&arn, jsii.String(arn + "/imageset/*")}
}
