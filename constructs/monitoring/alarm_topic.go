package monitoring

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// AlarmTopicProps configures an AlarmTopic.
type AlarmTopicProps struct {
	// TopicName is 1 to 256 letters, digits, hyphens and underscores, a plain string:
	// stacks beside this one know the topic by it. Another name replaces the topic, and
	// whoever subscribed to it by hand subscribes again.
	// Default: CloudFormation makes one.
	TopicName *string

	// Key encrypts what is told. Its policy lets CloudWatch and EventBridge use it, for
	// which a key that is imported must have been made. Required.
	Key awskms.IKey

	// Emails are the addresses that hear of everything. Each confirms it once, by the link
	// in a mail that SNS sends when the subscription is made; a link is valid for two days.
	// Mail leaves AWS unencrypted: what is told has names of jobs and files, and no data.
	// Default: none.
	Emails []string
}

// topicName is what SNS takes.
var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (p *AlarmTopicProps) problems() problem.List {
	var list problem.List
	if p.TopicName != nil {
		cdkx.CheckName(&list, "TopicName", p.TopicName, topicName, "1 to 256 letters, digits, hyphens and underscores")
	}
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a key", "set Key to the key of the data that is watched")
	}
	for i, address := range p.Emails {
		path := fmt.Sprintf("Emails[%d]", i)
		if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
			list.Addf(path, fmt.Sprintf("%q", address), "an e-mail address without a name", "write for example clinical-data@example.org")
		} else if slices.Contains(p.Emails[:i], address) {
			list.Addf(path, fmt.Sprintf("%q a second time", address), "each address once", "take one of the two out")
		}
	}
	return list
}

// AlarmTopic is where alarms and failures arrive.
type AlarmTopic struct {
	constructs.Construct

	topic awssns.Topic
}

// NewAlarmTopic makes an encrypted topic that takes messages over TLS only: from CloudWatch
// alarms of this account, from rules of EventBridge, and from workflows whose role may
// publish to it.
//
// It panics with every problem of the props at once.
func NewAlarmTopic(scope constructs.Construct, id *string, props *AlarmTopicProps) *AlarmTopic {
	p := cdkx.Value(props, AlarmTopicProps{})
	cdkx.Check(scope, id, p.problems())

	t := &AlarmTopic{}
	cdkx.Add(t, scope, id)
	cdkx.AllowWorkflows(t, p.Key)
	var b batch.Batch
	topic := cdkx.TopicIn[awssns.Topic](&b, t, "Topic", &awssns.TopicProps{TopicName: p.TopicName, MasterKey: p.Key, EnforceSSL: jsii.Bool(true)})
	arn := b.Get(topic.Step, "topicArn")
	admit := func(service string, conditions any) {
		statement := map[string]any{"principals": []any{cdkx.Service(t, service)}, "actions": []any{"sns:Publish"}, "resources": []any{arn}}
		if conditions != nil {
			statement["conditions"] = conditions
		}
		b.Call(topic.Step, "addToResourcePolicy", batch.New[awsiam.PolicyStatement](&b, statement))
	}
	admit("cloudwatch.amazonaws.com", map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": cdkx.Account(t)}})
	// Whether EventBridge tells a topic which rule it speaks for is not documented
	// clearly enough to depend on: a condition could silence a rule.
	admit("events.amazonaws.com", nil)
	for _, address := range p.Emails {
		batch.New[awssns.CfnSubscription](&b, t, "Mail-"+address, map[string]any{"topicArn": arn, "protocol": "email", "endpoint": address})
	}
	b.Send(topic.Wanted()...)
	t.topic = topic.Made(&b)
	return t
}

// Topic is what constructs take as their AlarmTopic.
func (t *AlarmTopic) Topic() awssns.Topic { return t.topic }
