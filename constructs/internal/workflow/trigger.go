package workflow

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// On starts the machine with every event of the default bus that the pattern
// takes. EventBridge tries for a day; an event that it could not deliver waits
// 14 days in DeadLetters.
func (m *Machine) On(id, description string, pattern map[string]any) awsevents.CfnRule {
	return m.rule(id, &awsevents.CfnRuleProps{Description: jsii.String(description), EventPattern: pattern})
}

// Every starts the machine by a schedule such as "rate(1 day)" or
// "cron(15 2 * * ? *)" in UTC.
func (m *Machine) Every(id, description, schedule string) awsevents.CfnRule {
	return m.rule(id, &awsevents.CfnRuleProps{Description: jsii.String(description), ScheduleExpression: jsii.String(schedule)})
}

func (m *Machine) rule(id string, props *awsevents.CfnRuleProps) awsevents.CfnRule {
	m.prepareTriggers()
	props.State = jsii.String("ENABLED")
	props.Targets = &[]any{&awsevents.CfnRule_TargetProperty{
		Id: jsii.String("Machine"), Arn: m.ARN(), RoleArn: cdkx.RoleARN(m.start),
		DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: m.dead.QueueArn()},
		RetryPolicy: &awsevents.CfnRule_RetryPolicyProperty{
			MaximumEventAgeInSeconds: jsii.Number(24 * 60 * 60), MaximumRetryAttempts: jsii.Number(185),
		},
	}}
	rule := awsevents.NewCfnRule(m, jsii.String(id), props)
	TakeEvents(m.dead, "Take"+id, rule)
	return rule
}

// prepareTriggers makes the role and the dead-letter queue of all triggers.
func (m *Machine) prepareTriggers() {
	if m.start != nil {
		return
	}
	m.start = awsiam.NewRole(m, jsii.String("StartRole"), &awsiam.RoleProps{
		Description: jsii.String("EventBridge starts the workflow with this role"),
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil),
	})
	awsiam.NewManagedPolicy(m, jsii.String("StartPolicy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("Starts the workflow"),
		Roles:       &[]awsiam.IRole{m.start},
		Statements:  &[]awsiam.PolicyStatement{Allow([]string{*m.ARN()}, "states:StartExecution")},
	})
	m.dead = awssqs.NewQueue(m, jsii.String("DeadLetters"), &awssqs.QueueProps{
		Encryption: awssqs.QueueEncryption_KMS, EncryptionMasterKey: m.key, EnforceSSL: jsii.Bool(true),
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)),
	})
	cdkx.Acknowledge(cdkx.L1(m.dead), cdkx.Acknowledgement{Rule: "AwsSolutions-SQS3", Reason: "This queue is itself the dead-letter queue of a rule."})
}

// TakeEvents lets a rule of EventBridge send to a queue.
func TakeEvents(queue awssqs.Queue, sid string, rule awsevents.CfnRule) {
	queue.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String(sid),
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sqs:SendMessage"),
		Resources:  &[]*string{queue.QueueArn()},
		Conditions: &map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": rule.AttrArn()}},
	}))
}
