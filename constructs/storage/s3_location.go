package storage

import "github.com/aws/aws-cdk-go/awscdk/v2/awss3"

// S3Location is the part of a bucket below a prefix.
type S3Location struct {
	// Bucket that is encrypted with a customer managed key which the CDK knows: a
	// bucket of this app, or one imported with its EncryptionKey. Required.
	Bucket awss3.IBucket

	// Prefix of the keys, such as "fhir/": folders of letters, digits and any of ._=-,
	// with a slash behind each. Required.
	Prefix *string
}
