package crawler_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3notifications"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func inEventMode(_ lake, p *crawler.CrawlerProps) { p.Events = &crawler.Events{} }

func TestEventMode(t *testing.T) {
	template := of(t, inEventMode)
	queue, dead := template.One(t, queueType, "ClaimsEventsQueue"), template.One(t, queueType, "ClaimsEventsDeadLetters")
	key := template.One(t, keyType, "ClaimsKey")
	template.One(t, crawlerType, "").Want(t, map[string]string{
		"RecrawlPolicy":                        `{"RecrawlBehavior":"CRAWL_EVENT_MODE"}`,
		"Schedule.ScheduleExpression":          `"cron(0 * * * ? *)"`,
		"Targets.S3Targets.0.EventQueueArn":    arn(queue),
		"Targets.S3Targets.0.DlqEventQueueArn": arn(dead),
	})
	queue.Want(t, map[string]string{
		"KmsMasterKeyId":         arn(key),
		"RedrivePolicy":          `{"deadLetterTargetArn":` + arn(dead) + `,"maxReceiveCount":3}`,
		"MessageRetentionPeriod": `1209600`,
		"VisibilityTimeout":      `1800`,
	})
	dead.Want(t, map[string]string{"KmsMasterKeyId": arn(key)})
	for _, unwanted := range []string{"AWS::Lambda::Function", "Custom::S3BucketNotifications"} {
		if len(template.Type(unwanted)) > 0 {
			t.Errorf("%s in the template", unwanted)
		}
	}
}

func TestOnlyTheBucketSendsEvents(t *testing.T) {
	template := of(t, inEventMode)
	const condition = `"Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::riverside-raw"},"StringEquals":{"aws:SourceAccount":"111111111111"}},` +
		`"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"}`
	queuePolicy := template.One(t, "AWS::SQS::QueuePolicy", "ClaimsEventsQueue").JSON("PolicyDocument.Statement")
	for _, wanted := range []string{`{"Action":"sqs:SendMessage",` + condition, `"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"`} {
		if !strings.Contains(queuePolicy, wanted) {
			t.Errorf("no %s in %s", wanted, queuePolicy)
		}
	}
	if strings.Count(queuePolicy, `"Effect":"Allow"`) != 1 {
		t.Errorf("more is allowed: %s", queuePolicy)
	}
	if keyPolicy := template.One(t, keyType, "ClaimsKey").JSON("KeyPolicy.Statement"); !strings.Contains(keyPolicy, `{"Action":["kms:Decrypt","kms:GenerateDataKey*"],`+condition) {
		t.Errorf("got %s", keyPolicy)
	}
}

func TestBucketNotifiesForThePrefixAfterThePolicy(t *testing.T) {
	template := of(t, inEventMode)
	raw, queue := template.One(t, bucketType, "Raw"), template.One(t, queueType, "ClaimsEventsQueue")
	filter := `"Filter":{"S3Key":{"Rules":[{"Name":"prefix","Value":"claims/"}]}},"Queue":` + arn(queue) + `}`
	raw.Want(t, map[string]string{
		"NotificationConfiguration": `{"QueueConfigurations":[{"Event":"s3:ObjectCreated:*",` + filter + `,{"Event":"s3:ObjectRemoved:*",` + filter + `]}`,
	})
	if policy := template.One(t, "AWS::SQS::QueuePolicy", "ClaimsEventsQueue"); !slices.Contains(raw.DependsOn, policy.ID) {
		t.Errorf("the bucket does not wait for %s: %v", policy.ID, raw.DependsOn)
	}
	noCycles(t, template)
}

func TestSeveralCrawlersShareABucket(t *testing.T) {
	l := newLake(cdktest.Stack())
	for _, prefix := range []string{"labs/", "claims/", "claims-archive/"} {
		p := l.props()
		p.S3[0].Prefix, p.Events = jsii.String(prefix), &crawler.Events{}
		crawler.NewCrawler(l.stack, jsii.String("Of"+strings.Trim(prefix, "/")), p)
	}
	again := l.props()
	again.S3[0].Prefix, again.Events = jsii.String("labs/blood/"), &crawler.Events{}
	if text := cdktest.Panic(t, func() { crawler.NewCrawler(l.stack, jsii.String("Again"), again) }); !strings.Contains(text, `S3[0].Prefix: got "labs/blood/", which overlaps "labs/"`) {
		t.Errorf("got %s", text)
	}
	template := cdktest.Of(t, l.stack)
	configurations, _ := template.One(t, bucketType, "Raw").Get("NotificationConfiguration.QueueConfigurations").([]any)
	if len(configurations) != 6 {
		t.Errorf("%d configurations", len(configurations))
	}
	noCycles(t, template)
}

func TestOtherNotificationsStay(t *testing.T) {
	template := of(t, func(l lake, p *crawler.CrawlerProps) {
		cfn, _ := l.bucket.Node().DefaultChild().(awss3.CfnBucket)
		cfn.SetNotificationConfiguration(&awss3.CfnBucket_NotificationConfigurationProperty{
			EventBridgeConfiguration: &awss3.CfnBucket_EventBridgeConfigurationProperty{EventBridgeEnabled: jsii.Bool(true)},
		})
		p.Events = &crawler.Events{}
	})
	template.One(t, bucketType, "Raw").Want(t, map[string]string{"NotificationConfiguration.EventBridgeConfiguration": `{"EventBridgeEnabled":true}`})
}

func TestKeyOfTheBucketMakesNoCycle(t *testing.T) {
	stack := cdktest.Stack()
	key := awskms.NewKey(stack, jsii.String("Lake"), nil)
	l := newLake(stack)
	p := l.props()
	bucket := awss3.NewBucket(stack, jsii.String("Encrypted"), &awss3.BucketProps{
		BucketName: jsii.String("riverside-raw-encrypted"), EncryptionKey: key, Encryption: awss3.BucketEncryption_KMS,
	})
	p.S3[0].Bucket, p.Key, p.Events, p.DisableLakeFormationCredentials = bucket, key, &crawler.Events{}, jsii.Bool(true)
	crawler.NewCrawler(stack, jsii.String("Claims"), p)
	noCycles(t, cdktest.Of(t, stack))
}

// A generated name is not known before the bucket, which waits for the policy that
// would name it: S3 may then send for any bucket of the account.
func TestBucketsWithoutAFixedName(t *testing.T) {
	for name, test := range map[string]struct {
		bucket    *awss3.BucketProps
		condition string
	}{
		"generated": {nil, `{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"},"StringEquals":{"aws:SourceAccount":"111111111111"}}`},
		"of tokens": {
			&awss3.BucketProps{BucketName: jsii.String("lab-raw-" + *awscdk.Aws_STACK_NAME())},
			`{"ArnEquals":{"aws:SourceArn":{"Fn::Join":["",["arn:aws:s3:::lab-raw-",{"Ref":"AWS::StackName"}]]}},"StringEquals":{"aws:SourceAccount":"111111111111"}}`,
		},
	} {
		l := newLake(cdktest.Stack())
		bucket := awss3.NewBucket(l.stack, jsii.String("Own"), test.bucket)
		p := l.props()
		p.Events, p.S3[0].Bucket = &crawler.Events{}, bucket
		p.Locations = []governance.ILocation{governance.NewLocation(l.stack, jsii.String("OwnLocation"), &governance.LocationProps{ARN: bucket.BucketArn()})}
		crawler.NewCrawler(l.stack, jsii.String("Claims"), p)
		template := cdktest.Of(t, l.stack)
		noCycles(t, template)
		for what, text := range map[string]string{
			"queue": template.One(t, "AWS::SQS::QueuePolicy", "ClaimsEventsQueue").JSON("PolicyDocument.Statement"),
			"key":   template.One(t, keyType, "ClaimsKey").JSON("KeyPolicy.Statement"),
		} {
			if !strings.Contains(text, `"Condition":`+test.condition+`,"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"}`) {
				t.Errorf("%s: the policy of the %s is %s", name, what, text)
			}
		}
	}
}

// The CDK's notifications would remove the crawler's queue, whenever they are added.
func TestNotificationsAddedLaterAreRefused(t *testing.T) {
	l := newLake(cdktest.Stack())
	p := l.props()
	p.Events = &crawler.Events{}
	crawler.NewCrawler(l.stack, jsii.String("Claims"), p)
	l.bucket.AddEventNotification(awss3.EventType_OBJECT_CREATED, awss3notifications.NewSqsDestination(awssqs.NewQueue(l.stack, jsii.String("Q"), nil)))
	if got := attempt(func() { awscdk.App_Of(l.stack).Synth(nil) }); !strings.Contains(got, "Test/Raw: got AddEventNotification on a bucket whose events go to EventBridge or to queues") {
		t.Errorf("got %q", got)
	}
}

func TestEventModeRefusesBuckets(t *testing.T) {
	for name, c := range map[string]struct {
		change func(lake, *crawler.CrawlerProps)
		want   string
	}{
		"imported": {func(l lake, p *crawler.CrawlerProps) {
			p.S3[0].Bucket = awss3.Bucket_FromBucketName(l.stack, jsii.String("Known"), jsii.String("riverside-raw"))
		}, "expected a bucket that the crawler's own stack makes"},
		"another stack": {func(l lake, p *crawler.CrawlerProps) {
			other := awscdk.NewStack(awscdk.Stage_Of(l.stack), jsii.String("Other"), nil)
			p.S3[0].Bucket = awss3.NewBucket(other, jsii.String("Raw"), &awss3.BucketProps{BucketName: jsii.String("riverside-raw")})
		}, "expected a bucket that the crawler's own stack makes"},
		"other queues": {func(l lake, _ *crawler.CrawlerProps) {
			l.bucket.AddEventNotification(awss3.EventType_OBJECT_CREATED, awss3notifications.NewSqsDestination(awssqs.NewQueue(l.stack, jsii.String("Q"), nil)))
		}, "a bucket with notifications to other queues"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLake(cdktest.Stack())
			p := l.props()
			p.Events = &crawler.Events{}
			c.change(l, p)
			text := cdktest.Panic(t, func() { crawler.NewCrawler(l.stack, jsii.String("Claims"), p) })
			if !strings.Contains(text, "S3[0].Bucket: got ") || !strings.Contains(text, c.want) {
				t.Errorf("got %s", text)
			}
		})
	}
}

func TestDeadLettersAlarm(t *testing.T) {
	template := of(t, inEventMode)
	topic, dead := template.One(t, "AWS::SNS::Topic", ""), template.One(t, queueType, "ClaimsEventsDeadLetters")
	template.One(t, "AWS::CloudWatch::Alarm", "").Want(t, map[string]string{
		"MetricName":         `"ApproximateNumberOfMessagesVisible"`,
		"Dimensions":         `[{"Name":"QueueName","Value":{"Fn::GetAtt":["` + dead.ID + `","QueueName"]}}]`,
		"Threshold":          `1`,
		"ComparisonOperator": `"GreaterThanOrEqualToThreshold"`,
		"AlarmActions":       `[{"Ref":"` + topic.ID + `"}]`,
	})
}

// noCycles fails the test when resources wait for each other in a circle.
func noCycles(t *testing.T, template cdktest.Template) {
	t.Helper()
	needs := map[string][]string{}
	for _, r := range template.Resources {
		needs[r.ID] = append(slices.Clone(r.DependsOn), references(r.Properties)...)
	}
	state := map[string]int{} // 1 while its needs are followed, 2 after that
	var follow func(id string, path []string)
	follow = func(id string, path []string) {
		switch state[id] {
		case 1:
			t.Errorf("a cycle: %v", append(path, id))
		case 0:
			state[id] = 1
			for _, next := range needs[id] {
				follow(next, append(slices.Clone(path), id))
			}
			state[id] = 2
		}
	}
	for id := range needs {
		follow(id, nil)
	}
}

func references(value any) []string {
	var out []string
	switch node := value.(type) {
	case []any:
		for _, item := range node {
			out = append(out, references(item)...)
		}
	case map[string]any:
		if id, isRef := node["Ref"].(string); isRef {
			return []string{id}
		}
		if att, isAtt := node["Fn::GetAtt"].([]any); isAtt && len(att) > 0 {
			if id, isText := att[0].(string); isText {
				return []string{id}
			}
		}
		for _, item := range node {
			out = append(out, references(item)...)
		}
	}
	return out
}
