package storage

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// KeyBucketProps configures NewKeyBucket.
type KeyBucketProps struct {
	// BucketName fixes the name of the bucket.
	// Default: CloudFormation generates it.
	BucketName *string

	// Key encrypts the objects. Required.
	Key awskms.IKey

	// AccessLogs receives the access logs, below keys/. Required.
	AccessLogs awss3.IBucket

	// Access names who reaches the objects; nobody else does. Required.
	Access *LakeFormationAccess
}

// NewKeyBucket makes a bucket for the table of a de-identification key, which turns
// codes back into patients. It is no zone of a lake, because whoever owns the files of
// a lake could read it there. Objects that were deleted are gone after 30 days, and
// there is no copy: a second copy of a key is a second place to lose it. The bucket
// stays when the stack goes.
//
// It panics with every problem of the props at once.
func NewKeyBucket(scope constructs.Construct, id *string, props *KeyBucketProps) awss3.Bucket {
	p := cdkx.Value(props, KeyBucketProps{})
	var list problem.List
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a KMS key", "pass the key of the lake")
	}
	if cdkx.Missing(p.AccessLogs) {
		list.Addf("AccessLogs", "nothing", "a bucket", "pass the log bucket of the lake, LakeStorage.Logs()")
	}
	if p.Access == nil {
		list.Addf("Access", "nothing", "who reaches the objects", "name administrators and the roles that need the key")
	}
	cdkx.Check(scope, id, list)

	bucketProps := cdkx.HardenedBucket(scope, p.Key, p.AccessLogs, "keys/")
	bucketProps.BucketName = p.BucketName
	bucketProps.LifecycleRules = &[]*awss3.LifecycleRule{{
		Id: jsii.String("forget-deleted-keys"), NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(30)),
		AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(1)),
	}}
	bucket := awss3.NewBucket(scope, id, bucketProps)
	p.Access.DenyOthers(bucket)
	cdkx.Acknowledge(cdkx.L1(bucket), cdkx.Acknowledgement{
		Rule:   "HIPAA.Security-S3BucketReplicationEnabled",
		Reason: "A second copy of a key is a second place to lose it; earlier versions are kept for 30 days.",
	})
	return bucket
}
