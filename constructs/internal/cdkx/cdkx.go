package cdkx

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Warn records a warning that the command line prints at synthesis, as the CDK's
// Annotations do; awscdk.Annotations_Of(…).AcknowledgeWarning silences it by its
// id. It is written here because AddWarningV2 has another Go signature in each
// range of versions of the CDK: two parameters before 2.276, three since.
func Warn(scope constructs.Construct, id, message string) {
	scope.Node().AddMetadata(jsii.String("aws:cdk:warning"), message+" [ack: "+id+"]", nil)
}

// Retain keeps a stateful resource when it is removed from the stack or
// replaced; only a resource whose own creation failed is cleaned up, so that
// the next attempt does not find its name taken (rules 1.5, 2.10, 6.6, 8.4).
// Registry.Guard keeps it so at synthesis.
func Retain(resource awscdk.CfnResource) {
	resource.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE, nil)
}

// LogsByPolicy lets S3 deliver access logs by bucket policy below a construct,
// also in apps that do not set the CDK's feature flag for it. The CDK's older
// way is an ACL, which a bucket with ACLs off refuses (rule 8.2).
func LogsByPolicy(scope constructs.Construct) {
	scope.Node().SetContext(jsii.String("@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy"), true)
}

// Acknowledgement names a cdk-nag rule that a resource does not meet on
// purpose, with the reason an auditor reads.
type Acknowledgement struct {
	Rule   string // id of the rule, such as AwsSolutions-IAM5
	Reason string // why the resource does not meet it
}

// Acknowledge records findings in the resource's metadata, where cdk-nag and
// the readers of the template find them.
func Acknowledge(resource awscdk.CfnResource, acknowledgements ...Acknowledgement) {
	rules := make([]any, len(acknowledgements))
	for i, a := range acknowledgements {
		rules[i] = map[string]any{"id": a.Rule, "reason": a.Reason}
	}
	resource.AddMetadata(jsii.String("cdk_nag"), map[string]any{"rules_to_suppress": rules})
}

// L1 returns the CloudFormation resource behind a CDK L2 construct.
func L1(construct constructs.IConstruct) awscdk.CfnResource {
	resource, ok := DefaultChild(construct).(awscdk.CfnResource)
	if !ok {
		panic(fmt.Errorf("%s: no CloudFormation resource behind it", *construct.Node().Path()))
	}
	return resource
}

// Strings turns plain strings into what jsii takes; a nil slice stays an empty
// list, which CloudFormation renders as [].
func Strings(in []string) *[]*string {
	out := make([]*string, len(in))
	for i := range in {
		out[i] = jsii.String(in[i])
	}
	return &out
}

// Value returns what the pointer points to, or the fallback for nil.
func Value[T any](p *T, fallback T) T {
	if p == nil {
		return fallback
	}
	return *p
}

// Ascending returns the elements in ascending order, without changing the input.
func Ascending(in []string) []string { return slices.Sorted(slices.Values(in)) }

// HardenedBucket returns the props of a retained bucket that is closed to the public,
// has versions and no ACLs, takes TLS 1.2 or newer, encrypts with the key, and has its
// access logs written below a prefix of another bucket.
func HardenedBucket(scope constructs.Construct, key awskms.IKey, logs awss3.IBucket, logsPrefix string) *awss3.BucketProps {
	return &awss3.BucketProps{
		Encryption:             awss3.BucketEncryption_KMS,
		EncryptionKey:          key,
		BucketKeyEnabled:       jsii.Bool(true),
		BlockPublicAccess:      BlockAll(scope),
		ObjectOwnership:        awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		EnforceSSL:             jsii.Bool(true),
		MinimumTLSVersion:      jsii.Number(1.2),
		Versioned:              jsii.Bool(true),
		ServerAccessLogsBucket: logs,
		ServerAccessLogsPrefix: jsii.String(logsPrefix),
		RemovalPolicy:          awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	}
}
