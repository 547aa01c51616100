package e2e

import (
	"encoding/json"
	"net/url"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// files are what lands in the raw zone of a domain.
var files = map[string]string{
	"clinical": "monitoring/2026/readings.ndjson",
	"claims":   "claims/2026/claims.csv",
}

// checkEvents drops real files into the raw buckets: each must be heard of by the
// queue of the crawler whose path it is under, and nothing else must.
func checkEvents(t *testing.T, cfg aws.Config, plan *mesh.Plan) {
	objects, queues := s3Client(cfg), sqs.NewFromConfig(cfg)
	for domain, key := range files {
		d, ok := plan.Domain(domain)
		if !ok {
			t.Fatalf("no domain %s", domain)
		}
		for _, crawler := range d.Crawlers {
			if !crawler.Events {
				continue
			}
			events, dead := crawlerQueues(t, cfg, queues, crawler)
			receive(t, queues, events) // what S3 sends when notifications are switched on
			body, err := os.ReadFile(path.Join("testdata", path.Base(key)))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{key, "elsewhere/" + path.Base(key)} {
				if _, err := objects.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &crawler.Bucket, Key: &name, Body: strings.NewReader(string(body))}); err != nil {
					t.Fatalf("%s/%s: %v", crawler.Bucket, name, err)
				}
			}
			if got := receive(t, queues, events); len(got) != 1 || got[0] != crawler.Bucket+"/"+key {
				t.Errorf("%s heard of %v; expected %s/%s only", crawler.Name, got, crawler.Bucket, key)
			}
			if got := receive(t, queues, dead); len(got) != 0 {
				t.Errorf("%s: dead letters %v", crawler.Name, got)
			}
		}
	}
}

// crawlerQueues returns the URLs of a crawler's queues, as Glue knows them.
func crawlerQueues(t *testing.T, cfg aws.Config, client *sqs.Client, plan mesh.CrawlerPlan) (events, dead string) {
	t.Helper()
	crawler, err := glue.NewFromConfig(cfg).GetCrawler(t.Context(), &glue.GetCrawlerInput{Name: &plan.Name})
	if err != nil {
		t.Fatal(err)
	}
	target := crawler.Crawler.Targets.S3Targets[0]
	if want := "s3://" + plan.Bucket + "/" + plan.Path; aws.ToString(target.Path) != want {
		t.Errorf("%s crawls %s; expected %s", plan.Name, aws.ToString(target.Path), want)
	}
	url := func(arn *string) string {
		name := aws.ToString(arn)
		out, err := client.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String(name[strings.LastIndex(name, ":")+1:])})
		if err != nil {
			t.Fatalf("queue %q: %v", name, err)
		}
		return aws.ToString(out.QueueUrl)
	}
	events, dead = url(target.EventQueueArn), url(target.DlqEventQueueArn)
	attributes, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &events, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll},
	})
	if err != nil {
		t.Fatal(err)
	}
	redrive := attributes.Attributes[string(sqstypes.QueueAttributeNameRedrivePolicy)]
	if !strings.Contains(redrive, aws.ToString(target.DlqEventQueueArn)) {
		t.Errorf("%s: events that fail go nowhere: redrive policy %q", plan.Name, redrive)
	}
	if attributes.Attributes[string(sqstypes.QueueAttributeNameKmsMasterKeyId)] == "" {
		t.Errorf("%s: its queue has no key", plan.Name)
	}
	return events, dead
}

// receive takes everything from a queue and returns bucket/key of each object
// that was created.
func receive(t *testing.T, client *sqs.Client, queue string) []string {
	t.Helper()
	var out []string
	for range 20 {
		messages, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queue, MaxNumberOfMessages: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(messages.Messages) == 0 {
			return out
		}
		for _, m := range messages.Messages {
			out = append(out, objectsIn(t, aws.ToString(m.Body))...)
			if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Fatalf("%s does not become empty", queue)
	return nil
}

func objectsIn(t *testing.T, body string) []string {
	t.Helper()
	var event struct {
		Records []struct {
			S3 struct {
				Bucket struct{ Name string }
				Object struct{ Key string }
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &event); err != nil {
		t.Fatalf("no S3 event: %v\n%s", err, body)
	}
	var out []string
	for _, r := range event.Records {
		key, err := url.QueryUnescape(r.S3.Object.Key) // S3 encodes keys in events
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r.S3.Bucket.Name+"/"+key)
	}
	return out
}
