package workflow

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// AlarmTopic returns the topic that is given, or makes one for alarms and notices,
// encrypted with the key and for TLS only, that CloudWatch alarms of this account may
// publish to.
func AlarmTopic(scope constructs.Construct, given awssns.ITopic, key awskms.IKey) awssns.ITopic {
	if given != nil {
		return given
	}
	cdkx.AllowWorkflows(scope, key)
	topic := awssns.NewTopic(scope, jsii.String("Alarms"), &awssns.TopicProps{MasterKey: key, EnforceSSL: jsii.Bool(true)})
	cdkx.AddToTopicPolicy(topic, &awsiam.PolicyStatementProps{
		Sid:        jsii.String("TakeAlarms"),
		Principals: &[]awsiam.IPrincipal{OnBehalf(scope, "cloudwatch.amazonaws.com", nil)},
		Actions:    jsii.Strings("sns:Publish"),
		Resources:  &[]*string{cdkx.TopicARN(topic)},
	})
	return topic
}

// Publish is what a workflow needs to send notices to a topic. The key is that
// of a topic from AlarmTopic.
func Publish(topic awssns.ITopic, key awskms.IKey) []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{
		Allow([]string{*cdkx.TopicARN(topic)}, "sns:Publish"),
		Allow([]string{*cdkx.KeyARN(key)}, "kms:Decrypt", "kms:GenerateDataKey*"),
	}
}

// Alarms reports executions that failed or timed out and events that could not
// start the machine. Call it after the triggers. subject starts the description,
// for example "A FHIR import".
// Source: "Monitoring Step Functions metrics using CloudWatch".
func (m *Machine) Alarms(topic awssns.ITopic, subject string) {
	var b batch.Batch
	defer b.Send()
	m.alarm(&b, "Failed", "ExecutionsFailed", subject+" failed: read the execution's last state, mend the cause and redrive it", topic)
	m.alarm(&b, "TimedOut", "ExecutionsTimedOut", subject+" took longer than the workflow waits", topic)
	if m.dead == nil {
		return
	}
	deadLetterAlarm(&b, m, "Undelivered", subject+" was not started: its event waits in the dead-letter queue", m.dead, topic)
}

// DeadLetterAlarm reports messages that wait in a dead-letter queue.
func DeadLetterAlarm(scope constructs.Construct, id, description string, dead awssqs.Queue, topic awssns.ITopic) {
	var b batch.Batch
	deadLetterAlarm(&b, scope, id, description, dead, topic)
	b.Send()
}

func deadLetterAlarm(b *batch.Batch, scope constructs.Construct, id, description string, dead awssqs.Queue, topic awssns.ITopic) {
	newAlarm(b, scope, id, &awscloudwatch.CfnAlarmProps{
		AlarmDescription: jsii.String(description),
		Namespace:        jsii.String("AWS/SQS"),
		MetricName:       jsii.String("ApproximateNumberOfMessagesVisible"),
		Dimensions:       &[]any{&awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String("QueueName"), Value: dead.QueueName()}},
		Statistic:        jsii.String("Maximum"),
	}, topic)
}

// Count is a metric that counts something.
type Count struct {
	Namespace, Metric string // of CloudWatch
	Dimension, Value  string // the only dimension of the metric
}

// CountAlarm reports that a metric counted anything.
func CountAlarm(scope constructs.Construct, id, description string, count Count, topic awssns.ITopic) {
	var b batch.Batch
	newAlarm(&b, scope, id, &awscloudwatch.CfnAlarmProps{
		AlarmDescription: jsii.String(description),
		Namespace:        jsii.String(count.Namespace),
		MetricName:       jsii.String(count.Metric),
		Dimensions:       &[]any{&awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(count.Dimension), Value: jsii.String(count.Value)}},
		Statistic:        jsii.String("Sum"),
	}, topic)
	b.Send()
}

func (m *Machine) alarm(b *batch.Batch, id, metric, description string, topic awssns.ITopic) {
	newAlarm(b, m, id, &awscloudwatch.CfnAlarmProps{
		AlarmDescription: jsii.String(description),
		Namespace:        jsii.String("AWS/States"),
		MetricName:       jsii.String(metric),
		Dimensions:       &[]any{&awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String("StateMachineArn"), Value: m.ARN()}},
		Statistic:        jsii.String("Sum"),
	}, topic)
}

func newAlarm(b *batch.Batch, scope constructs.Construct, id string, props *awscloudwatch.CfnAlarmProps, topic awssns.ITopic) {
	props.Period = jsii.Number(300)
	props.EvaluationPeriods = jsii.Number(1)
	props.Threshold = jsii.Number(1)
	props.ComparisonOperator = jsii.String("GreaterThanOrEqualToThreshold")
	props.TreatMissingData = jsii.String("notBreaching")
	props.ActionsEnabled = jsii.Bool(true)
	props.AlarmActions = &[]any{cdkx.TopicARN(topic)}
	batch.New[awscloudwatch.CfnAlarm](b, scope, id, props)
}
