package cdkx

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
)

// answers are what the CDK has said of its objects and never changes. Every question
// is a message to another process and one back, so each is asked once. The runtime of
// jsii keeps the objects themselves as long as the process runs.
var answers sync.Map

type question struct {
	of   any
	what string
}

// Once returns what ask returned at the first call for an object and a question.
func Once[T any](of any, what string, ask func() T) T {
	if !reflect.TypeOf(of).Comparable() {
		return ask()
	}
	key := question{of, what}
	if known, asked := answers.Load(key); asked {
		if answer, same := known.(T); same {
			return answer
		}
	}
	answer := ask()
	answers.Store(key, answer)
	return answer
}

// StackOf is the stack that a construct stands in.
func StackOf(construct constructs.IConstruct) awscdk.Stack {
	if stack, ok := construct.(awscdk.Stack); ok {
		return stack
	}
	return Once(construct, "stack", func() awscdk.Stack { return awscdk.Stack_Of(construct) })
}

// Partition is that of the stack that a construct stands in; it may be a token.
func Partition(construct constructs.IConstruct) *string {
	stack := StackOf(construct)
	region := *Region(stack)
	if HoldsToken(region) {
		return Once(stack, "partition", stack.Partition)
	}
	return Once(RootOf(stack), "partition of "+region, stack.Partition) // a name, or AWS::Partition
}

// StageOf is the stage of the CDK that a construct stands in; the app where there is none.
func StageOf(construct constructs.IConstruct) awscdk.Stage {
	if stack, ok := construct.(awscdk.Stack); ok {
		return factsOf(stack).stage
	}
	return Once(construct, "stage", func() awscdk.Stage { return awscdk.Stage_Of(construct) })
}

// facts are what never changes of a stack.
type facts struct {
	stage                   awscdk.Stage
	path, environment, name string
}

// factsOf asks for all of them in one message.
func factsOf(stack awscdk.Stack) facts {
	return Once(stack, "facts", func() facts {
		var b batch.Batch
		stage, path := batch.Static[awscdk.Stage](&b, "of", stack), b.Get(b.Get(stack, "node"), "path")
		environment, name := b.Get(stack, "environment"), b.Get(stack, "stackName")
		b.Send(stage, path, environment, name)
		return facts{
			batch.Value[awscdk.Stage](&b, stage), batch.Value[string](&b, path),
			batch.Value[string](&b, environment), batch.Value[string](&b, name),
		}
	})
}

// StackName is the name of a stack; it may be a token.
func StackName(stack awscdk.Stack) string { return factsOf(stack).name }

// Account is the account of the stack that a construct stands in; it may be a token.
func Account(construct constructs.IConstruct) *string {
	stack := StackOf(construct)
	if account, _ := environment(stack); account != "unknown-account" {
		return &account
	}
	return Once(stack, "account", stack.Account)
}

// environment is the account and region of a stack in one answer, for what only the
// deployment knows as the CDK calls it.
func environment(stack awscdk.Stack) (account, region string) {
	account, region, _ = strings.Cut(strings.TrimPrefix(factsOf(stack).environment, "aws://"), "/")
	return account, region
}

// Region is the region of the stack that a construct stands in; it may be a token.
func Region(construct constructs.IConstruct) *string {
	stack := StackOf(construct)
	if _, region := environment(stack); region != "unknown-region" {
		return &region
	}
	return Once(stack, "region", stack.Region)
}

// NodeOf is the node of a construct.
func NodeOf(construct constructs.IConstruct) constructs.Node {
	return Once(construct, "node", construct.Node)
}

// PathOf is where a construct stands in the tree.
func PathOf(construct constructs.IConstruct) string {
	if stack, ok := construct.(awscdk.Stack); ok {
		return factsOf(stack).path
	}
	return Once(construct, "path", func() string { return *NodeOf(construct).Path() })
}

// DefaultChild is the resource that the CDK's construct is about.
func DefaultChild(construct constructs.IConstruct) constructs.IConstruct {
	return Once(construct, "default child", func() constructs.IConstruct {
		var b batch.Batch
		child := defaultChild(&b, construct)
		b.Send(child)
		return batch.Value[constructs.IConstruct](&b, child)
	})
}

// defaultChild is the step that finds it.
func defaultChild(b *batch.Batch, construct any) batch.Step {
	return b.Get(b.Get(construct, "node"), "defaultChild")
}

// SameStack reports whether two constructs stand in one stack.
func SameStack(a, b constructs.IConstruct) bool {
	return PathOf(StackOf(a)) == PathOf(StackOf(b))
}

// Note says that what was just made stands in the stack of a construct.
func Note(made, beside constructs.IConstruct) {
	answers.Store(question{made, "stack"}, StackOf(beside))
}

// WaitFor makes a resource wait for others, in one message.
func WaitFor(resource awscdk.CfnResource, needed ...awscdk.CfnResource) {
	var b batch.Batch
	After(&b, resource, needed...)
	b.Send()
}

// After has a batch make a resource wait for others.
func After(b *batch.Batch, resource any, needed ...awscdk.CfnResource) {
	for _, other := range needed {
		b.Call(resource, "addResourceDependency", other)
	}
}

// Service is the principal of an AWS service.
func Service(scope constructs.IConstruct, name string) awsiam.IPrincipal {
	return Once(RootOf(scope), "service "+name, func() awsiam.IPrincipal { return awsiam.NewServicePrincipal(&name, nil) })
}

// RootOf is the app of a construct. What is the same everywhere in it, and never
// changes, is made once there.
func RootOf(construct constructs.IConstruct) constructs.IConstruct {
	if stage := StageOf(StackOf(construct)); stage != nil {
		return Once(stage, "root", NodeOf(stage).Root)
	}
	stack := StackOf(construct)
	return Once(stack, "root", NodeOf(stack).Root)
}

// Days is a number of days.
func Days(scope constructs.IConstruct, n float64) awscdk.Duration {
	return Once(RootOf(scope), fmt.Sprint("days ", n), func() awscdk.Duration { return awscdk.Duration_Days(&n) })
}

// StorageClass is a storage class of S3.
func StorageClass(scope constructs.IConstruct, name string) awss3.StorageClass {
	return Once(RootOf(scope), "storage class "+name, func() awss3.StorageClass { return awss3.NewStorageClass(&name) })
}

// BlockAll keeps the public out of a bucket.
func BlockAll(scope constructs.IConstruct) awss3.BlockPublicAccess {
	return Once(RootOf(scope), "block all", awss3.BlockPublicAccess_BLOCK_ALL)
}

// BucketPolicyIn has a batch make the policy of a bucket that was made without EnforceSSL: TLS 1.2 or
// newer, as the CDK writes it, and statements. The resource of each stands in it alone.
func BucketPolicyIn(b *batch.Batch, bucket awss3.Bucket, statements ...Statement) {
	all := []string{*BucketARN(bucket), *ObjectsARN(bucket)}
	secure := func(operator, key string, value any) Statement {
		s := Statement{"Effect": "Deny", "Principal": map[string]any{"AWS": "*"}, "Action": "s3:*", "Resource": all}
		return s.Only(operator, key, value)
	}
	document := batch.Static[awsiam.PolicyDocument](b, "fromJson", map[string]any{"Statement": append([]Statement{
		secure("Bool", "aws:SecureTransport", "false"),
		secure("NumericLessThan", "s3:TlsVersion", 1.2),
	}, statements...)})
	b.Set(bucket, "policy", batch.New[awss3.BucketPolicy](b, bucket, "Policy", map[string]any{"bucket": bucket, "document": document}))
}

// Topic is an awssns.ITopic, which is not named here: lakes and tables need this package,
// and do not compile the CDK's topics for it.
type Topic interface {
	// TopicArn is the ARN of the topic.
	TopicArn() *string
}

// AddToTopicPolicy adds a statement to the policy of a topic; to an imported one nothing.
func AddToTopicPolicy(topic Topic, statement *awsiam.PolicyStatementProps) {
	addToResourcePolicy(topic, statement)
}

// addToResourcePolicy is AddToResourcePolicy of keys and topics, with the statement, in
// one message.
func addToResourcePolicy(of any, statement *awsiam.PolicyStatementProps) {
	var b batch.Batch
	b.Call(of, "addToResourcePolicy", batch.New[awsiam.PolicyStatement](&b, statement))
	b.Send()
}

// AllowOnce adds a statement to the policy of a key, the first time that it is called
// with these words for it: many constructs ask the same of one key.
func AllowOnce(key awskms.IKey, words string, statement func() *awsiam.PolicyStatementProps) {
	var b batch.Batch
	AllowOnceIn(&b, key, words, statement)
	b.Send()
}

// AllowOnceIn has a batch do so.
func AllowOnceIn(b *batch.Batch, key awskms.IKey, words string, statement func() *awsiam.PolicyStatementProps) {
	Once(key, "allows "+words, func() bool {
		ToKeyPolicy(b, key, statement())
		return true
	})
}

// AddToKeyPolicy adds a statement to the policy of a key; to an imported one nothing.
func AddToKeyPolicy(key awskms.IKey, statement *awsiam.PolicyStatementProps) {
	addToResourcePolicy(key, statement)
}

// ToKeyPolicy has a batch do so.
func ToKeyPolicy(b *batch.Batch, key awskms.IKey, statement *awsiam.PolicyStatementProps) {
	b.Call(key, "addToResourcePolicy", batch.New[awsiam.PolicyStatement](b, statement))
}

// KeyARN is the ARN of a key.
func KeyARN(key awskms.IKey) *string { return Once(key, "arn", key.KeyArn) }

// RoleARN is the ARN of a role.
func RoleARN(role awsiam.IRole) *string { return Once(role, "arn", role.RoleArn) }

// TopicARN is the ARN of a topic.
func TopicARN(topic Topic) *string { return Once(topic, "arn", topic.TopicArn) }

// BucketARN is the ARN of a bucket.
func BucketARN(bucket awss3.IBucket) *string { return Once(bucket, "arn", bucket.BucketArn) }

// Named says that a bucket was made under a name, nil for one that CloudFormation
// generates.
func Named(bucket awss3.IBucket, name *string) {
	if name != nil && !HoldsToken(*name) {
		answers.Store(question{bucket, "plain name"}, *name)
	}
}

// PlainName is the name of a bucket where it is known before deployment, else "".
func PlainName(bucket awss3.IBucket) string {
	return Once(bucket, "plain name", func() string {
		name := BucketName(bucket)
		if made, ok := DefaultChild(bucket).(awss3.CfnBucket); ok {
			name = made.BucketName()
		}
		if text := Value(name, ""); !HoldsToken(text) {
			return text
		}
		return ""
	})
}

// BucketName is the name of a bucket.
func BucketName(bucket awss3.IBucket) *string { return Once(bucket, "name", bucket.BucketName) }

// ObjectsARN are the objects of a bucket.
func ObjectsARN(bucket awss3.IBucket) *string {
	arn := *BucketARN(bucket) + "/*"
	return &arn
}

// ARN names something in the account and region of the stack that a construct stands
// in, as Stack.FormatArn does: "catalog", "database/claims" or "log-group:/aws-glue/*"
// of a service.
func ARN(construct constructs.IConstruct, service, resource string) string {
	return strings.Join([]string{"arn", *Partition(construct), service, *Region(construct), *Account(construct), resource}, ":")
}
