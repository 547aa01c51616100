package crawler

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// newAlarms tells a topic, a new one where none is given, of failed crawls and, in event mode, of events that
// the crawler gave up.
// Source: "Automating AWS Glue with EventBridge", "Available CloudWatch metrics for Amazon SQS".
func newAlarms(c constructs.Construct, topic awssns.ITopic, key awskms.IKey, queues *Queues, crawler *string) awssns.ITopic {
	if topic == nil {
		topic = newTopic(c, key, queues != nil)
	}
	awsevents.NewCfnRule(c, jsii.String("Failed"), &awsevents.CfnRuleProps{
		Description: jsii.String("Reports failed runs of the crawler"),
		State:       jsii.String("ENABLED"),
		EventPattern: map[string]any{
			"source":      []any{"aws.glue"},
			"detail-type": []any{"Glue Crawler State Change"},
			"detail":      map[string]any{"crawlerName": []any{crawler}, "state": []any{"Failed"}},
		},
		Targets: &[]any{&awsevents.CfnRule_TargetProperty{Id: jsii.String("Topic"), Arn: cdkx.TopicARN(topic)}},
	})
	// Whether EventBridge tells a topic which rule it speaks for is not documented
	// clearly enough to depend on: a condition could silence the alarm.
	publish(c, topic, "events.amazonaws.com", nil)
	if queues != nil {
		workflow.DeadLetterAlarm(c, "DeadLetters", "Events that the crawler could not use wait in its dead-letter queue; their objects are missing in the catalog", queues.dead, topic)
		publish(c, topic, "cloudwatch.amazonaws.com", &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": cdkx.Account(c)}})
	}
	return topic
}

// newTopic makes an encrypted topic for TLS only, and lets the services that
// publish to it use the key.
// Source: "Configuring AWS KMS permissions" of Amazon SNS.
func newTopic(c constructs.Construct, key awskms.IKey, queues bool) awssns.ITopic {
	services := []awsiam.IPrincipal{cdkx.Service(c, "events.amazonaws.com")}
	if queues {
		services = append(services, cdkx.Service(c, "cloudwatch.amazonaws.com"))
	}
	cdkx.AllowOnce(key, fmt.Sprintf("alarms of %d services", len(services)), func() awsiam.PolicyStatement {
		return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &services,
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"),
			Resources:  jsii.Strings("*"),
		})
	})
	return awssns.NewTopic(c, jsii.String("Alarms"), &awssns.TopicProps{
		MasterKey:  key,
		EnforceSSL: jsii.Bool(true),
	})
}

func publish(c constructs.Construct, topic awssns.ITopic, service string, conditions *map[string]any) {
	cdkx.AddToTopicPolicy(topic, awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{cdkx.Service(c, service)},
		Actions:    cdkx.Strings([]string{"sns:Publish"}),
		Resources:  &[]*string{cdkx.TopicARN(topic)},
		Conditions: conditions,
	}))
}
