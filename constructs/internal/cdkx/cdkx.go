package cdkx

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
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

// Retained does so as a part of Make.
func Retained(b *batch.Batch, resource any) {
	b.Call(resource, "applyRemovalPolicy", awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE)
}

// Attribute is a text that CloudFormation knows of a plain resource once it is made.
func Attribute(resource awscdk.CfnResource, name string) string {
	return *awscdk.Token_AsString(resource.GetAtt(&name, awscdk.ResolutionTypeHint_STRING), nil)
}

// WaitingFor makes a resource wait for others, as a part of Make.
func WaitingFor(needed ...awscdk.CfnResource) Then {
	return func(b *batch.Batch, resource any) { After(b, resource, needed...) }
}

// Then is what is done with a construct when it was made, in the same message.
type Then func(b *batch.Batch, made any)

// Behind does something with the resource behind a construct of the CDK.
func Behind(then Then) Then {
	return func(b *batch.Batch, made any) { then(b, defaultChild(b, made)) }
}

// Make makes a construct of the CDK, such as an awsglue.CfnDatabase, in the scope, in one
// message.
func Make[T constructs.IConstruct](scope constructs.Construct, id string, props any, then ...Then) T {
	var b batch.Batch
	making := MakeIn[T](&b, scope, id, props, then...)
	b.Send(making.Wanted()...)
	return making.Made(&b)
}

// Making is a construct that a batch makes, and texts of it that never change.
type Making[T constructs.IConstruct] struct {
	Step batch.Step // that makes it

	scope     constructs.Construct
	questions []string // what the texts answer
	texts     []batch.Step
}

// MakeIn has a batch make a construct of the CDK.
func MakeIn[T constructs.IConstruct](b *batch.Batch, scope constructs.Construct, id string, props any, then ...Then) Making[T] {
	m := Making[T]{scope: scope, Step: batch.New[T](b, scope, id, props)}
	for _, do := range then {
		do(b, m.Step)
	}
	return m
}

// known has the batch ask for a text.
func (m Making[T]) known(b *batch.Batch, what, property string) Making[T] {
	m.questions, m.texts = append(m.questions, what), append(m.texts, b.Get(m.Step, property))
	return m
}

// Wanted is what the batch is to be sent for.
func (m Making[T]) Wanted() []batch.Step { return append([]batch.Step{m.Step}, m.texts...) }

// Made is the construct, when the batch was sent.
func (m Making[T]) Made(b *batch.Batch) T {
	made := batch.Value[T](b, m.Step)
	Note(made, m.scope)
	for i, what := range m.questions {
		answers.Store(question{made, what}, batch.Value[*string](b, m.texts[i]))
	}
	return made
}

// made is that of a batch of its own.
func (m Making[T]) made(b *batch.Batch) T {
	b.Send(m.Wanted()...)
	return m.Made(b)
}

// NewBucket makes a bucket.
func NewBucket(scope constructs.Construct, id string, props *awss3.BucketProps, then ...Then) awss3.Bucket {
	var b batch.Batch
	bucket := BucketIn(&b, scope, id, props, then...).made(&b)
	Named(bucket, props.BucketName)
	return bucket
}

// BucketIn has a batch make a bucket.
func BucketIn(b *batch.Batch, scope constructs.Construct, id string, props *awss3.BucketProps, then ...Then) Making[awss3.Bucket] {
	return MakeIn[awss3.Bucket](b, scope, id, props, then...).known(b, "arn", "bucketArn").known(b, "name", "bucketName")
}

// NewKey makes a key.
func NewKey(scope constructs.Construct, id string, props *awskms.KeyProps) awskms.Key {
	var b batch.Batch
	return MakeIn[awskms.Key](&b, scope, id, props).known(&b, "arn", "keyArn").made(&b)
}

// NewRole makes a role.
func NewRole(scope constructs.Construct, id string, props *awsiam.RoleProps) awsiam.Role {
	var b batch.Batch
	return RoleIn(&b, scope, id, props).made(&b)
}

// RoleIn has a batch make a role.
func RoleIn(b *batch.Batch, scope constructs.Construct, id string, props *awsiam.RoleProps) Making[awsiam.Role] {
	return MakeIn[awsiam.Role](b, scope, id, props).known(b, "arn", "roleArn").known(b, "name", "roleName")
}

// TopicIn has a batch make a topic, which T is, as this package does not compile it.
func TopicIn[T interface {
	constructs.IConstruct
	Topic
}](b *batch.Batch, scope constructs.Construct, id string, props any) Making[T] {
	return MakeIn[T](b, scope, id, props).known(b, "arn", "topicArn")
}

// LogsByPolicy lets S3 deliver access logs by bucket policy below a construct,
// also in apps that do not set the CDK's feature flag for it. The CDK's older
// way is an ACL, which a bucket with ACLs off refuses (rule 8.2).
//
// Where the app says so already, which is asked once, nothing is said again.
func LogsByPolicy(scope constructs.Construct) {
	root := RootOf(scope)
	if Once(root, "logs by policy", func() bool { return NodeOf(root).TryGetContext(jsii.String(logsByPolicy)) == true }) {
		return
	}
	scope.Node().SetContext(jsii.String(logsByPolicy), true)
}

const logsByPolicy = "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy"

// Acknowledgement names a cdk-nag rule that a resource does not meet on
// purpose, with the reason an auditor reads.
type Acknowledgement struct {
	Rule   string // id of the rule, such as AwsSolutions-IAM5
	Reason string // why the resource does not meet it
}

// Acknowledge records findings in the metadata of a resource, or of that behind a
// construct of the CDK, where cdk-nag and the readers of the template find them.
func Acknowledge(construct constructs.IConstruct, acknowledgements ...Acknowledgement) {
	var b batch.Batch
	var resource any = construct
	if _, ok := construct.(awscdk.CfnResource); !ok {
		resource = defaultChild(&b, construct)
	}
	Acknowledged(acknowledgements...)(&b, resource)
	b.Send()
}

// Acknowledged does so as a part of Make.
func Acknowledged(acknowledgements ...Acknowledgement) Then {
	rules := make([]any, len(acknowledgements))
	for i, a := range acknowledgements {
		rules[i] = map[string]any{"id": a.Rule, "reason": a.Reason}
	}
	return func(b *batch.Batch, resource any) {
		b.Call(resource, "addMetadata", "cdk_nag", map[string]any{"rules_to_suppress": rules})
	}
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
