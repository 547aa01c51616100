package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// newResultsBucket makes the bucket that AccessLogs asks for.
func newResultsBucket(w constructs.Construct, p WorkGroupProps) awss3.Bucket {
	cdkx.LogsByPolicy(w)
	props := cdkx.HardenedBucket(w, p.Key, p.AccessLogs, "results/")
	props.BucketName = p.ResultsBucketName
	props.LifecycleRules = &[]*awss3.LifecycleRule{{
		Id:                                  jsii.String("expire-results"),
		Expiration:                          awscdk.Duration_Days(jsii.Number(cdkx.Value(p.ResultsRetentionDays, defaultResultsRetentionDays))),
		NoncurrentVersionExpiration:         awscdk.Duration_Days(jsii.Number(1)),
		AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(1)),
	}}
	bucket := awss3.NewBucket(w, jsii.String("Results"), props)
	cdkx.Acknowledge(bucket, cdkx.Acknowledgement{
		Rule:   "HIPAA.Security-S3BucketReplicationEnabled",
		Reason: "Query results are short-lived copies. Only principals of this workgroup reach them, and can compute them again.",
	})
	return bucket
}

// allowAthena lets Athena encrypt the results of this account's workgroups with the
// key. Workgroups of other stacks may use the key too, so all of them are meant:
// which results a principal opens is limited by resultsStatements.
// Source: "Set up an AWS KMS key policy for managed query results".
func allowAthena(b *batch.Batch, scope constructs.Construct, key awskms.IKey) {
	groups := cdkx.ARN(scope, "athena", "workgroup/*")
	cdkx.ToKeyPolicy(b, key, &awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{cdkx.Service(scope, "encryption.athena.amazonaws.com")},
		Actions:    jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
		Resources:  jsii.Strings("*"),
		Conditions: &map[string]any{
			"ArnLike":      map[string]any{"kms:EncryptionContext:aws:athena:arn": groups, "aws:SourceArn": groups},
			"StringEquals": map[string]any{"aws:SourceAccount": cdkx.Account(scope)},
		},
	})
}
