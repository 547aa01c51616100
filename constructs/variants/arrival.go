package variants

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/delivery"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// newArrival makes the queues and the rule that fills them.
func (l *VariantLake) newArrival(p *lakePlan) {
	delivery.SendEvents(p.landing.Bucket)
	newQueue := func(id string, dead *awssqs.DeadLetterQueue) awssqs.Queue {
		return awssqs.NewQueue(l, jsii.String(id), &awssqs.QueueProps{
			Encryption: awssqs.QueueEncryption_KMS, EncryptionMasterKey: p.Key, EnforceSSL: jsii.Bool(true),
			RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)), DeadLetterQueue: dead,
			VisibilityTimeout: awscdk.Duration_Minutes(jsii.Number(10)), // a message is written down and deleted within seconds
		})
	}
	l.dead = newQueue("DeadLetters", nil)
	l.queue = newQueue("Queue", &awssqs.DeadLetterQueue{Queue: l.dead, MaxReceiveCount: jsii.Number(5)})
	var keys []any
	for _, suffix := range LandingSuffixes() {
		keys = append(keys, map[string]any{"wildcard": p.landing.Prefix + "*" + suffix})
	}
	rule := awsevents.NewCfnRule(l, jsii.String("Arrived"), &awsevents.CfnRuleProps{
		Description: jsii.String("VCF files that arrived"),
		State:       jsii.String("ENABLED"),
		EventPattern: map[string]any{
			"source": []any{"aws.s3"}, "detail-type": []any{"Object Created"},
			"detail": map[string]any{
				"bucket": map[string]any{"name": []any{cdkx.BucketName(p.landing.Bucket)}},
				"object": map[string]any{"key": keys},
			},
		},
		Targets: &[]any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("Queue"), Arn: l.queue.QueueArn(),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: l.dead.QueueArn()},
		}},
	})
	for _, target := range []awssqs.Queue{l.queue, l.dead} {
		workflow.TakeEvents(target, "TakeArrivals", rule)
	}
	workflow.DeadLetterAlarm(l, "Unloaded", "VCF files arrived that no execution could take: mend the cause and redrive the dead-letter queue", l.dead, l.topic)
}

// newMachine makes the workflow that loads.
func (l *VariantLake) newMachine(p *lakePlan, files assets, e engine) {
	name := cdkx.Shortened(l, 80)
	self := cdkx.ARN(l, "states", "stateMachine:"+name)
	l.machine = workflow.NewMachine(l, "Load", &workflow.MachineProps{
		Definition:  p.definition(self, *l.queue.QueueUrl(), *files.load.S3ObjectUrl(), e),
		Description: "Loads VCF files into the tables of a variant lake",
		Key:         p.Key,
		Name:        &name,
		RoleName:    p.WorkflowRoleName,
		Statements: append([]awsiam.PolicyStatement{
			workflow.Allow([]string{self}, "states:ListExecutions"),
			workflow.Allow([]string{*l.queue.QueueArn()}, "sqs:DeleteMessage", "sqs:ReceiveMessage"),
			workflow.Allow([]string{*cdkx.KeyARN(p.Key)}, "kms:Decrypt"),
			p.runs.Objects("s3:PutObject"), p.runs.Encrypt(),
		}, e.statements...),
		Wildcards: "Manifests have names that executions have; runs have ids that the engine gives, within one application.",
	})
	l.machine.Every("Schedule", "Loads the VCF files that arrived", *p.Schedule)
	l.machine.Alarms(l.topic, "The load of VCF files")
	workflow.CountAlarm(l, "Refused", "VCF files were refused: the table files says which and why", workflow.Count{
		Namespace: metricsNamespace, Metric: "FilesRefused", Dimension: "Database", Value: p.qualified(),
	}, l.topic)
}

// metricsNamespace is where the job counts.
const metricsNamespace = "LakeMesh/Variants"
