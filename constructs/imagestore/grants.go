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

// GrantRead lets the grantee search and read images and their metadata, which
// identify patients.
func (s *ImageStore) GrantRead(grantee awsiam.IGrantable) awsiam.Grant {
	return s.grant(grantee, []string{"kms:Decrypt", "kms:DescribeKey"}, readActions)
}

// GrantReadWrite lets the grantee read, and also change, copy and delete image
// sets and store DICOM objects one by one. It gives neither imports nor the
// deletion of the store.
func (s *ImageStore) GrantReadWrite(grantee awsiam.IGrantable) awsiam.Grant {
	return s.grant(grantee, writeKey(), slices.Concat(readActions, writeActions))
}

// GrantImport lets the grantee start imports that read and write with the role,
// and follow them. The role must trust HealthImaging; that of an Import does.
// Source: "Starting an import job".
func (s *ImageStore) GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant {
	grantee.GrantPrincipal().AddToPrincipalPolicy(workflow.PassRole(role, imaging))
	return s.grant(grantee, writeKey(), append([]string{"medical-imaging:GetDatastore"}, importActions...))
}

func (s *ImageStore) grant(grantee awsiam.IGrantable, keyActions, actions []string) awsiam.Grant {
	s.key.Grant(grantee, *cdkx.Strings(keyActions)...)
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee: grantee, Actions: cdkx.Strings(actions), ResourceArns: s.arns(),
	})
}

// writeKey are the uses of the key that go with writing.
// Source: "Data encryption" in the HealthImaging developer guide.
func writeKey() []string { return []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"} }

// arns are the store and its image sets.
func (s *ImageStore) arns() *[]*string {
	return &[]*string{s.DatastoreARN(), jsii.String(*s.DatastoreARN() + "/imageset/*")}
}
