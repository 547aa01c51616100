package imagestore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// functionSeconds is how long the function may take for ten image sets, of which
// each is some megabytes at the most.
const functionSeconds = 120

// concurrency keeps the function below HealthImaging's 25 calls a second. The event
// source mapping limits it and nothing is reserved for the function: in an account with
// the small limit of Lambda, 10, whatever is reserved is refused (rule 13.7).
// Sources: "AWS HealthImaging throttling limits", "Configuring maximum concurrency for
// Amazon SQS event sources".
const concurrency = 5

// newQueues makes the queues and the rule that fills them.
func newQueues(m constructs.Construct, p *metadataPlan, topic awssns.ITopic) (queue, dead awssqs.Queue) {
	newQueue := func(id string, dead *awssqs.DeadLetterQueue) awssqs.Queue {
		return awssqs.NewQueue(m, jsii.String(id), &awssqs.QueueProps{
			Encryption: awssqs.QueueEncryption_KMS, EncryptionMasterKey: p.Store.Key(), EnforceSSL: jsii.Bool(true),
			RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)), DeadLetterQueue: dead,
			VisibilityTimeout: awscdk.Duration_Seconds(jsii.Number(6 * functionSeconds)), // as Lambda advises
		})
	}
	dead = newQueue("DeadLetters", nil)
	queue = newQueue("Queue", &awssqs.DeadLetterQueue{Queue: dead, MaxReceiveCount: jsii.Number(5)})
	cdkx.AllowWorkflows(m, p.Store.Key())
	rule := awsevents.NewCfnRule(m, jsii.String("Changed"), &awsevents.CfnRuleProps{
		Description: jsii.String("Image sets of the store that came, changed or went"),
		State:       jsii.String("ENABLED"),
		EventPattern: map[string]any{
			"source":      []any{"aws.medical-imaging"},
			"detail-type": []any{"Image Set Created", "Image Set Copied", "Image Set Updated", "Image Set Deleted"},
			"detail":      map[string]any{"datastoreId": []any{p.Store.DatastoreID()}},
		},
		Targets: &[]any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("Queue"), Arn: queue.QueueArn(),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: dead.QueueArn()},
		}},
	})
	for _, target := range []awssqs.Queue{queue, dead} {
		workflow.TakeEvents(target, "TakeChanges", rule)
	}
	workflow.DeadLetterAlarm(m, "Unread", "Image sets that could not be read wait in the dead-letter queue; their series are missing in the table", dead, topic)
	return queue, dead
}

// newFunction makes the function, its role, its logs and what feeds it.
// Sources: "Using Lambda with Amazon SQS", "Building Lambda functions with Go".
func newFunction(m constructs.Construct, p *metadataPlan, queue awssqs.Queue) awslambda.Function {
	code := p.Code
	if code == nil {
		built, done, err := functionCode()
		cdkx.Fail(m, err)
		defer done()
		code = built
	}
	logs := newLogs(m, p.Store.Key())
	role, policy := newFunctionRole(m, p, queue, logs)
	made := awslambda.NewFunction(m, jsii.String("Function"), &awslambda.FunctionProps{
		Description:  jsii.String("Writes the metadata of image sets to the inbox"),
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: awslambda.Architecture_ARM_64(),
		Handler:      jsii.String("bootstrap"),
		Code:         code,
		Role:         role.WithoutPolicyUpdates(nil),
		LogGroup:     logs,
		MemorySize:   jsii.Number(1024),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(functionSeconds)),
		Environment: &map[string]*string{
			"INBOX_BUCKET": cdkx.BucketName(p.Landing.Bucket),
			"INBOX_PREFIX": p.Landing.Prefix,
		},
	})
	function := cdkx.L1(made)
	// The policy, not the role that the CDK names here: that one is referred to anyway.
	function.AddOverride(jsii.String("DependsOn"), []any{cdkx.L1(policy).LogicalId()})
	cdkx.Acknowledge(function,
		cdkx.Acknowledgement{Rule: "HIPAA.Security-LambdaConcurrency", Reason: "The event source mapping, which alone calls the function, limits how many run at once; reserved concurrency is refused in accounts with Lambda's small limit."},
		cdkx.Acknowledgement{Rule: "HIPAA.Security-LambdaDLQ", Reason: "The function is called by an event source mapping, never asynchronously: messages that fail go to the dead-letter queue of its queue."},
		cdkx.Acknowledgement{Rule: "HIPAA.Security-LambdaInsideVPC", Reason: "The function talks to HealthImaging and S3 alone, over TLS and with a role that can do nothing else; it needs nothing inside a VPC."},
	)
	mapping := awslambda.NewCfnEventSourceMapping(m, jsii.String("Feed"), &awslambda.CfnEventSourceMappingProps{
		EventSourceArn:        queue.QueueArn(),
		FunctionName:          made.FunctionName(),
		BatchSize:             jsii.Number(10),
		FunctionResponseTypes: jsii.Strings("ReportBatchItemFailures"),
		ScalingConfig:         &awslambda.CfnEventSourceMapping_ScalingConfigProperty{MaximumConcurrency: jsii.Number(concurrency)},
	})
	mapping.AddResourceDependency(cdkx.L1(policy), nil)
	return made
}

// newLogs makes the log group of the function, encrypted and kept for a year, also
// without the stack. Its key has to allow CloudWatch Logs the group.
func newLogs(m constructs.Construct, key awskms.IKey) awslogs.LogGroup {
	name := "/lakemesh/imagestore/" + cdkx.UniqueName(m)
	cdkx.AddToKeyPolicy(key, cdkx.EncryptLogs(m, cdkx.ARN(m, "logs", "log-group:"+name)))
	return workflow.NewLogs(m, name, key)
}

func newFunctionRole(m constructs.Construct, p *metadataPlan, queue awssqs.Queue, logs awslogs.LogGroup) (awsiam.Role, awsiam.ManagedPolicy) {
	role := awsiam.NewRole(m, jsii.String("FunctionRole"), &awsiam.RoleProps{
		Description: jsii.String("Reads the metadata of image sets and writes the inbox"),
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
	})
	policy := awsiam.NewManagedPolicy(m, jsii.String("FunctionPolicy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What the metadata function may do"),
		Roles:       &[]awsiam.IRole{role},
		Statements: &[]awsiam.PolicyStatement{
			workflow.Allow([]string{*p.Store.DatastoreARN(), *p.Store.DatastoreARN() + "/imageset/*"}, "medical-imaging:GetImageSet", "medical-imaging:GetImageSetMetadata"),
			workflow.Allow([]string{*cdkx.KeyARN(p.Store.Key())}, "kms:Decrypt", "kms:DescribeKey"),
			p.landing.Objects("s3:PutObject"), p.landing.Encrypt(),
			workflow.Allow([]string{*queue.QueueArn()}, "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
			workflow.Allow([]string{*logs.LogGroupArn()}, "logs:CreateLogStream", "logs:PutLogEvents"),
		},
	})
	cdkx.Acknowledge(policy, cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "Image sets and objects have ids that nobody knows before; the wildcards end at one store, at the inbox and at the function's own log group.",
	})
	return role, policy
}
