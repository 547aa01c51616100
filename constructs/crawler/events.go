package crawler

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// Queues carry S3's events to a crawler in event mode.
type Queues struct {
	constructs.Construct

	events awssqs.Queue
	dead   awssqs.Queue
}

// visibility is how long an event that the crawler took stays hidden from the
// next run, in minutes. How long a crawl holds events is not documented; half an
// hour leaves a failed one to the hourly run after it. This is inferred, not proven.
const visibility = 30

// newQueues makes the queue and its dead-letter queue, encrypted, for TLS only
// and open to S3 alone, on behalf of the one bucket of this account.
// Source: "Granting permissions to publish event notification messages to a destination".
func newQueues(c *Crawler, p *CrawlerProps) *Queues {
	q := &Queues{}
	constructs.NewConstruct_Override(q, c, jsii.String("Events"))
	retention := awscdk.Duration_Days(p.Events.RetentionDays)
	q.dead = awssqs.NewQueue(q, jsii.String("DeadLetters"), &awssqs.QueueProps{
		Encryption: awssqs.QueueEncryption_KMS, EncryptionMasterKey: c.key, EnforceSSL: jsii.Bool(true), RetentionPeriod: retention,
	})
	q.events = awssqs.NewQueue(q, jsii.String("Queue"), &awssqs.QueueProps{
		Encryption: awssqs.QueueEncryption_KMS, EncryptionMasterKey: c.key, EnforceSSL: jsii.Bool(true), RetentionPeriod: retention,
		VisibilityTimeout: awscdk.Duration_Minutes(jsii.Number(visibility)),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: q.dead, MaxReceiveCount: p.Events.MaxReceiveCount},
	})
	target := p.S3[0]
	conditions := sourceBucket(q, plainName(target.Bucket))
	s3 := &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("s3.amazonaws.com"), nil)}
	q.events.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String("TakeEventsOfBucket"), Principals: s3, Actions: jsii.Strings("sqs:SendMessage"),
		Resources: &[]*string{q.events.QueueArn()}, Conditions: conditions,
	}))
	c.key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: s3, Actions: jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"),
		Resources: jsii.Strings("*"), Conditions: conditions,
	}), nil)
	if cfn, made := target.Bucket.Node().DefaultChild().(awss3.CfnBucket); made {
		addRoute(cfn, route{target.Prefix, q.events}, cdkx.L1(q.events.Node().FindChild(jsii.String("Policy"))))
	}
	return q
}

// Queue is the queue that S3 sends events to.
func (q *Queues) Queue() awssqs.Queue { return q.events }

// DeadLetters is the queue of events that the crawler could not use.
func (q *Queues) DeadLetters() awssqs.Queue { return q.dead }

// sourceBucket admits S3 on behalf of one bucket of the stack's account. The
// bucket is named by a plain string: a reference would be a cycle.
func sourceBucket(scope constructs.Construct, name string) *map[string]any {
	stack := awscdk.Stack_Of(scope)
	return &map[string]any{
		"StringEquals": map[string]any{"aws:SourceAccount": stack.Account()},
		"ArnEquals":    map[string]any{"aws:SourceArn": "arn:" + *stack.Partition() + ":s3:::" + name},
	}
}

// newKey makes the key that everything of a crawler is encrypted with.
func newKey(c *Crawler) awskms.IKey {
	return awskms.NewKey(c, jsii.String("Key"), &awskms.KeyProps{
		Description:       jsii.String("Encrypts logs, queues and alarms of the crawler " + *c.Node().Path()),
		EnableKeyRotation: jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	})
}
