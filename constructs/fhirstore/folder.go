package fhirstore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// Folder is the part of a bucket below a prefix.
type Folder struct {
	// Bucket that is encrypted with a customer managed key which the CDK knows: a
	// bucket of this app, or one imported with its EncryptionKey. Required.
	Bucket awss3.IBucket

	// Prefix of the keys, such as "fhir/": folders of letters, digits and any of ._=-,
	// with a slash behind each. Required.
	Prefix *string
}

const exampleFolder = "fhir/"

// place is the folder as workflows know it.
func (f Folder) place() workflow.Folder {
	return workflow.Folder{Bucket: f.Bucket, Prefix: cdkx.Value(f.Prefix, "")}
}

// placeOr is the place of a folder, or another one where there is none.
func placeOr(folder *Folder, otherwise workflow.Folder) *workflow.Folder {
	if folder != nil {
		otherwise = folder.place()
	}
	return &otherwise
}

// folderAt is the folder of a place.
func folderAt(place workflow.Folder) Folder {
	return Folder{Bucket: place.Bucket, Prefix: jsii.String(place.Prefix)}
}
