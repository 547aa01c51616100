package crawler

import (
	"fmt"
	"slices"
	"strings"

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
func newQueues(c constructs.Construct, key awskms.IKey, events *Events, target S3Target) *Queues {
	q := &Queues{}
	cdkx.Add(q, c, jsii.String("Events"))
	retention := awscdk.Duration_Days(events.RetentionDays)
	q.dead = awssqs.NewQueue(q, jsii.String("DeadLetters"), &awssqs.QueueProps{
		Encryption: awssqs.QueueEncryption_KMS, EncryptionMasterKey: key, EnforceSSL: jsii.Bool(true), RetentionPeriod: retention,
	})
	q.events = awssqs.NewQueue(q, jsii.String("Queue"), &awssqs.QueueProps{
		Encryption: awssqs.QueueEncryption_KMS, EncryptionMasterKey: key, EnforceSSL: jsii.Bool(true), RetentionPeriod: retention,
		VisibilityTimeout: awscdk.Duration_Minutes(jsii.Number(visibility)),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: q.dead, MaxReceiveCount: events.MaxReceiveCount},
	})
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
	key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
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

// Events configures event mode. The zero value is complete.
type Events struct {
	// MaxReceiveCount is how often an event is tried before it goes to the
	// dead-letter queue, a whole number from 1 to 1000.
	// Default: 3.
	MaxReceiveCount *float64

	// RetentionDays is how long an event waits for the crawler, and then in the
	// dead-letter queue, a whole number of days from 1 to 14.
	// Default: 14.
	RetentionDays *float64
}

// routes are the event routes of one bucket. They hang below the bucket in the
// tree, where every crawler of the bucket finds them.
type routes struct {
	constructs.Construct

	all []route // sorted by prefix
}

type route struct {
	prefix string
	queue  awssqs.Queue
}

const routesID = "CrawlerEvents"

func routesOf(bucket awss3.CfnBucket) *routes {
	found, _ := bucket.Node().TryFindChild(jsii.String(routesID)).(*routes)
	return found
}

// addRoute sends the events of a prefix to the queue. The bucket's resource waits
// for the queue's policy, because S3 tries the queue when it takes the
// configuration. Nothing that the queue needs refers to the bucket's resource, so
// there is no cycle.
//
// An override, not the property itself, so that what else the bucket is
// configured to notify stays.
func addRoute(bucket awss3.IBucket, cfn awss3.CfnBucket, added route, policy awscdk.CfnResource) {
	r := routesOf(cfn)
	if r == nil {
		r = &routes{}
		cdkx.Add(r, cfn, jsii.String(routesID))
		cdkx.RegistryOf(cfn).GuardNotifications(bucket)
	}
	r.add(added)
	cfn.AddPropertyOverride(jsii.String("NotificationConfiguration.QueueConfigurations"), r.configurations())
	cfn.AddResourceDependency(policy, nil)
}

// Prefixes are the prefixes that crawlers of the bucket hear of.
func (r *routes) Prefixes() []string {
	out := make([]string, len(r.all))
	for i, added := range r.all {
		out[i] = added.prefix
	}
	return out
}

func (r *routes) add(added route) {
	at, _ := slices.BinarySearchFunc(r.all, added.prefix, func(a route, prefix string) int { return strings.Compare(a.prefix, prefix) })
	r.all = slices.Insert(r.all, at, added)
}

func (r *routes) configurations() []any {
	var out []any
	for _, added := range r.all {
		for _, event := range []string{"s3:ObjectCreated:*", "s3:ObjectRemoved:*"} {
			configuration := map[string]any{"Event": event, "Queue": added.queue.QueueArn()}
			if added.prefix != "" {
				configuration["Filter"] = map[string]any{"S3Key": map[string]any{"Rules": []any{
					map[string]any{"Name": "prefix", "Value": added.prefix},
				}}}
			}
			out = append(out, configuration)
		}
	}
	return out
}

// checkRoute reports what S3 would refuse, or what would undo the route later.
func checkRoute(list *problem.List, cfn awss3.CfnBucket, bucket awss3.IBucket, prefix string) {
	if r := routesOf(cfn); r != nil {
		for _, other := range r.Prefixes() {
			if strings.HasPrefix(prefix, other) || strings.HasPrefix(other, prefix) {
				list.Addf("S3[0].Prefix", fmt.Sprintf("%q, which overlaps %q of another crawler", prefix, other),
					"prefixes of a bucket's crawlers that do not overlap, because S3 refuses the configuration otherwise", "crawl the larger folder once")
			}
		}
	}
	taken := bucket.Node().TryFindChild(jsii.String("Notifications")) != nil // of AddEventNotification
	if configured := cfn.NotificationConfiguration(); configured != nil {
		set, _ := cdkx.StackOf(cfn).Resolve(configured).(map[string]any)
		taken = taken || set["queueConfigurations"] != nil
	}
	if taken {
		list.Addf("S3[0].Bucket", "a bucket with notifications to other queues", "a bucket whose queue notifications are the crawlers' alone", "fan out through EventBridge instead")
	}
}
