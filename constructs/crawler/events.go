package crawler

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
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
// and open to S3 alone, on behalf of the one bucket of this account; see
// sourceBucket.
// Source: "Granting permissions to publish event notification messages to a destination".
func newQueues(c *Crawler, p *CrawlerProps) *Queues {
	q := &Queues{}
	cdkx.Add(q, c, jsii.String("Events"))
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
	cfn, made := target.Bucket.Node().DefaultChild().(awss3.CfnBucket)
	if !made {
		cdkx.Fail(c, fmt.Errorf("%s: no bucket of this stack", *target.Bucket.Node().Path())) // found by placed
	}
	conditions := sourceBucket(q, fixedName(cfn))
	s3 := &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("s3.amazonaws.com"), nil)}
	q.events.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String("TakeEventsOfBucket"), Principals: s3, Actions: jsii.Strings("sqs:SendMessage"),
		Resources: &[]*string{q.events.QueueArn()}, Conditions: conditions,
	}))
	c.key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: s3, Actions: jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"),
		Resources: jsii.Strings("*"), Conditions: conditions,
	}), nil)
	addRoute(target.Bucket, cfn, route{cdkx.Value(target.Prefix, ""), q.events}, cdkx.L1(q.events.Node().FindChild(jsii.String("Policy"))))
	return q
}

// fixedName is the name that a bucket is given, nil for a generated one. A bucket
// of the CDK has a token in its place, which resolves to nothing.
func fixedName(cfn awss3.CfnBucket) *string {
	name := cfn.BucketName()
	if name == nil || !cdkx.HoldsToken(*name) {
		return name
	}
	if cdkx.StackOf(cfn).Resolve(name) == nil {
		return nil
	}
	return name
}

// Queue is the queue that S3 sends events to.
func (q *Queues) Queue() awssqs.Queue { return q.events }

// DeadLetters is the queue of events that the crawler could not use.
func (q *Queues) DeadLetters() awssqs.Queue { return q.dead }

// sourceBucket admits S3 on behalf of one bucket of the stack's account, whose
// name may hold tokens; on behalf of any of them where CloudFormation generates
// the name: the bucket waits for the policy, so that a reference from the policy
// to the bucket would be a cycle.
func sourceBucket(scope constructs.Construct, name *string) *map[string]any {
	stack := cdkx.StackOf(scope)
	conditions := map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": cdkx.Account(stack)}}
	if name != nil {
		conditions["ArnEquals"] = map[string]any{"aws:SourceArn": s3uri.Location{Bucket: *name}.ARN(*cdkx.Partition(stack))}
	} else {
		conditions["ArnLike"] = map[string]any{"aws:SourceArn": s3uri.Location{Bucket: "*"}.ARN(*cdkx.Partition(stack))}
	}
	return &conditions
}

func (p *CrawlerProps) checkEvents(list *problem.List) {
	if p.Events == nil {
		return
	}
	wholeNumber(list, "Events.MaxReceiveCount", p.Events.MaxReceiveCount, 1, 1000)
	wholeNumber(list, "Events.RetentionDays", p.Events.RetentionDays, 1, 14)
	if len(p.S3) != 1 || len(p.kinds()) > 1 {
		list.Addf("Events", fmt.Sprintf("%d S3 targets and %d kinds of targets", len(p.S3), len(p.kinds())), "exactly one S3 target, all that Glue takes in event mode", "give each folder a crawler of its own")
	}
	for i, t := range p.S3 {
		if t.SampleSize != nil {
			list.Addf(index("S3", i)+".SampleSize", cdkx.Number(*t.SampleSize)+" in event mode", "no sampling in event mode", "leave SampleSize out")
		}
	}
}

// placed are the problems that depend on where the crawler stands.
func (p *CrawlerProps) placed(scope constructs.Construct) problem.List {
	var list problem.List
	if cdkx.Missing(scope) {
		return list
	}
	if p.Key != nil {
		_, made := cdkx.DefaultChild(p.Key).(awskms.CfnKey)
		if !made || !cdkx.SameStack(scope, p.Key) {
			list.Addf("Key", *p.Key.Node().Path(), "a key that the crawler's own stack makes, whose policy can name the services", "leave Key out for a new one")
		}
	}
	if p.Events == nil || len(p.S3) != 1 || p.S3[0].Bucket == nil {
		return list
	}
	bucket := p.S3[0].Bucket
	cfn, made := cdkx.DefaultChild(bucket).(awss3.CfnBucket)
	switch {
	case !made || !cdkx.SameStack(scope, bucket):
		list.Addf("S3[0].Bucket", *bucket.Node().Path(), "a bucket that the crawler's own stack makes, because S3 keeps one list of notifications per bucket", "put the crawler into the bucket's stack, or leave Events out")
	default:
		checkRoute(&list, cfn, bucket, cdkx.Value(p.S3[0].Prefix, ""))
	}
	return list
}
