package crawler

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// alarms are what a batch makes for a crawler.
type alarms struct {
	topic awssns.ITopic              // that was given
	own   *cdkx.Making[awssns.Topic] // else the new one
}

// newAlarms has a batch tell a topic, a new one where none is given, of failed crawls.
// Source: "Automating AWS Glue with EventBridge".
func newAlarms(b *batch.Batch, c constructs.Construct, topic awssns.ITopic, key awskms.IKey, queues *Queues, crawler any) alarms {
	out := alarms{topic: topic}
	var to, arn any
	if topic == nil {
		own := newTopic(b, c, key, queues != nil)
		out.own = &own
		to, arn = own.Step, b.Get(own.Step, "topicArn")
	} else {
		to, arn = topic, cdkx.TopicARN(topic)
	}
	batch.New[awsevents.CfnRule](b, c, "Failed", map[string]any{
		"description": "Reports failed runs of the crawler",
		"state":       "ENABLED",
		"eventPattern": map[string]any{
			"source":      []any{"aws.glue"},
			"detail-type": []any{"Glue Crawler State Change"},
			"detail":      map[string]any{"crawlerName": []any{crawler}, "state": []any{"Failed"}},
		},
		"targets": []any{map[string]any{"id": "Topic", "arn": arn}},
	})
	// Whether EventBridge tells a topic which rule it speaks for is not documented
	// clearly enough to depend on: a condition could silence the alarm.
	b.Call(to, "addToResourcePolicy", batch.New[awsiam.PolicyStatement](b, map[string]any{
		"principals": []any{cdkx.Service(c, "events.amazonaws.com")}, "actions": []any{"sns:Publish"}, "resources": []any{arn},
	}))
	return out
}

// wanted is what the batch is to be sent for.
func (a alarms) wanted() []batch.Step {
	if a.own == nil {
		return nil
	}
	return a.own.Wanted()
}

// made is the topic, when the batch was sent. In event mode it also hears of events that
// the crawler gave up.
// Source: "Available CloudWatch metrics for Amazon SQS".
func (a alarms) made(b *batch.Batch, c constructs.Construct, queues *Queues) awssns.ITopic {
	topic := a.topic
	if a.own != nil {
		topic = a.own.Made(b)
	}
	if queues != nil {
		workflow.DeadLetterAlarm(c, "DeadLetters", "Events that the crawler could not use wait in its dead-letter queue; their objects are missing in the catalog", queues.dead, topic)
		cdkx.AddToTopicPolicy(topic, &awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{cdkx.Service(c, "cloudwatch.amazonaws.com")},
			Actions:    jsii.Strings("sns:Publish"),
			Resources:  &[]*string{cdkx.TopicARN(topic)},
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": cdkx.Account(c)}},
		})
	}
	return topic
}

// newTopic has a batch make an encrypted topic for TLS only, and lets the services that
// publish to it use the key.
// Source: "Configuring AWS KMS permissions" of Amazon SNS.
func newTopic(b *batch.Batch, c constructs.Construct, key awskms.IKey, queues bool) cdkx.Making[awssns.Topic] {
	services := []awsiam.IPrincipal{cdkx.Service(c, "events.amazonaws.com")}
	if queues {
		services = append(services, cdkx.Service(c, "cloudwatch.amazonaws.com"))
	}
	cdkx.AllowOnceIn(b, key, fmt.Sprintf("alarms of %d services", len(services)), func() *awsiam.PolicyStatementProps {
		return &awsiam.PolicyStatementProps{
			Principals: &services,
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"),
			Resources:  jsii.Strings("*"),
		}
	})
	return cdkx.TopicIn[awssns.Topic](b, c, "Alarms", &awssns.TopicProps{MasterKey: key, EnforceSSL: jsii.Bool(true)})
}
