package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsathena"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// newResultsBucket makes the bucket that AccessLogs asks for.
func newResultsBucket(w *WorkGroup, p WorkGroupProps) awss3.Bucket {
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
	cdkx.Acknowledge(cdkx.L1(bucket), cdkx.Acknowledgement{
		Rule:   "HIPAA.Security-S3BucketReplicationEnabled",
		Reason: "Query results are short-lived copies. Only principals of this workgroup reach them, and can compute them again.",
	})
	return bucket
}

// configure says where results go: to Athena's own storage, or below a folder of the
// bucket that is the workgroup's alone.
func (w *WorkGroup) configure(c *awsathena.CfnWorkGroup_WorkGroupConfigurationProperty) {
	if w.results == nil {
		c.ManagedQueryResultsConfiguration = &awsathena.CfnWorkGroup_ManagedQueryResultsConfigurationProperty{
			Enabled: jsii.Bool(true),
			EncryptionConfiguration: &awsathena.CfnWorkGroup_ManagedStorageEncryptionConfigurationProperty{
				KmsKey: cdkx.KeyARN(w.key),
			},
		}
		return
	}
	c.ResultConfiguration = &awsathena.CfnWorkGroup_ResultConfigurationProperty{
		OutputLocation:      w.results.S3UrlForObject(jsii.String(w.folder())),
		ExpectedBucketOwner: cdkx.Account(w),
		EncryptionConfiguration: &awsathena.CfnWorkGroup_EncryptionConfigurationProperty{
			EncryptionOption: jsii.String("SSE_KMS"),
			KmsKey:           cdkx.KeyARN(w.key),
		},
	}
}

// folder is where the results are in their bucket.
func (w *WorkGroup) folder() string { return w.name + "/" }

// rightsOnResults are what reading and writing results takes. Athena's own storage
// asks for nothing but the calls of the workgroup and the key. A key is used in the
// encryption context of these results only: no Decrypt that is given here opens any
// other object that the key encrypts.
// Source: "Encrypt managed query results", "Amazon S3 encryption context".
func (w *WorkGroup) rightsOnResults() []right {
	var out []right
	context := condition{"ArnEquals", "kms:EncryptionContext:aws:athena:arn", *w.arn()}
	if w.results != nil {
		files := *w.results.ArnForObjects(jsii.String(w.folder() + "*"))
		bucket := *cdkx.BucketARN(w.results)
		// With a bucket key the context is the bucket, else the object.
		context = condition{"ArnLike", "kms:EncryptionContext:aws:s3:arn", []string{bucket, files}}
		out = append(out,
			right{sid: "KeepResults", on: files, actions: []string{
				"s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject",
			}},
			right{sid: "FindResultsBucket", on: bucket, actions: []string{"s3:GetBucketLocation"}},
			right{sid: "FindResults", on: bucket, actions: []string{"s3:ListBucket", "s3:ListBucketMultipartUploads"},
				only: &condition{"StringLike", "s3:prefix", w.folder() + "*"}},
		)
	}
	if w.key == nil {
		return out
	}
	return append(out,
		right{sid: "EncryptResults", on: *cdkx.KeyARN(w.key), actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, only: &context},
		right{sid: "KnowKey", on: *cdkx.KeyARN(w.key), actions: []string{"kms:DescribeKey"}},
	)
}

// allowAthena lets Athena encrypt the results of this account's workgroups with the
// key. Workgroups of other stacks may use the key too, so all of them are meant:
// which results a principal opens is limited by rightsOnResults.
// Source: "Set up an AWS KMS key policy for managed query results".
func allowAthena(scope constructs.Construct, key awskms.IKey) {
	groups := cdkx.ARN(scope, "athena", "workgroup/*")
	cdkx.AddToKeyPolicy(key, awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{cdkx.Service(scope, "encryption.athena.amazonaws.com")},
		Actions:    jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
		Resources:  jsii.Strings("*"),
		Conditions: &map[string]any{
			"ArnLike":      map[string]any{"kms:EncryptionContext:aws:athena:arn": groups, "aws:SourceArn": groups},
			"StringEquals": map[string]any{"aws:SourceAccount": cdkx.Account(scope)},
		},
	}))
}
