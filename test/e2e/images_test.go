package e2e

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// radiology is the deployed image store of a domain.
type radiology struct {
	plan    *mesh.ImageStorePlan
	server  *localaws.Server
	objects *s3.Client
	queues  *sqs.Client
	bucket  string
	machine string // that imports
	topic   string
}

// checkImages sends studies to the domain with an image store: a good one is
// imported, and of one with a file that is no image there is a record in the
// quarantine and a notice to the topic.
func checkImages(t *testing.T, server *localaws.Server, cfg aws.Config, plan *mesh.Plan) {
	clinical, _ := plan.Domain("clinical")
	r := radiology{plan: clinical.ImageStore, server: server, objects: s3Client(cfg), queues: sqs.NewFromConfig(cfg), bucket: clinical.Buckets["raw"], topic: clinical.Alarms.TopicARN}
	found, err := cloudformation.NewFromConfig(cfg).DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: &r.plan.StackName})
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range found.StackResources {
		id, physical := aws.ToString(made.LogicalResourceId), aws.ToString(made.PhysicalResourceId)
		if kind := aws.ToString(made.ResourceType); kind == "AWS::StepFunctions::StateMachine" && strings.HasPrefix(id, "ImportWorkflow") {
			r.machine = physical
		}
	}
	heard := r.listen(t)

	r.put(t, "study-1/1.dcm", dicom("1.2.3.4.1"))
	r.put(t, "_complete/study-1", "")
	if status := r.ended(t, "study-1"); status != "SUCCEEDED" {
		t.Errorf("a good study: %s", status)
	}
	r.put(t, "study-2/1.dcm", dicom("1.2.3.4.2"))
	r.put(t, "study-2/notes.txt", "no image")
	r.put(t, "_complete/study-2", "")
	if status := r.ended(t, "study-2"); status != "FAILED" {
		t.Errorf("a study with a file that is no image: %s", status)
	}
	records := r.keys(t, r.plan.Quarantine)
	if len(records) != 1 || !strings.HasPrefix(records[0], r.plan.Quarantine+"study-2/") {
		t.Errorf("the quarantine holds %q", records)
	}
	if reports := r.keys(t, r.plan.Results); len(reports) == 0 {
		t.Error("HealthImaging has reported nothing")
	}
	if notice := r.notice(t, heard); !strings.Contains(notice, "study-2") {
		t.Errorf("the topic heard %q", notice)
	}
}

func (r radiology) put(t *testing.T, name, text string) {
	t.Helper()
	key := r.plan.Landing + name
	if _, err := r.objects.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &r.bucket, Key: &key, Body: strings.NewReader(text)}); err != nil {
		t.Fatal(err)
	}
}

func (r radiology) keys(t *testing.T, prefix string) []string {
	t.Helper()
	found, err := r.objects.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &r.bucket, Prefix: &prefix})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, o := range found.Contents {
		out = append(out, aws.ToString(o.Key))
	}
	return out
}

// ended waits for the import of a folder and says how it ended.
func (r radiology) ended(t *testing.T, folder string) string {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var listed struct {
			Executions []struct{ ExecutionARN string }
		}
		r.states(t, "ListExecutions", map[string]string{"stateMachineArn": r.machine}, &listed)
		for _, e := range listed.Executions {
			var shown struct{ Status, Input string }
			r.states(t, "DescribeExecution", map[string]string{"executionArn": e.ExecutionARN}, &shown)
			if strings.Contains(shown.Input, `"`+folder+`"`) && shown.Status != "RUNNING" {
				return shown.Status
			}
		}
	}
	return "no import ended in five minutes"
}

// states calls Step Functions.
func (r radiology) states(t *testing.T, action string, input, output any) {
	t.Helper()
	body, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(r.post(t, "states", "application/x-amz-json-1.0", "AWSStepFunctions."+action, string(body))), output); err != nil {
		t.Fatal(err)
	}
}

// listen lets a queue hear the topic, and returns the queue's URL.
func (r radiology) listen(t *testing.T) string {
	t.Helper()
	made, err := r.queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("notices")})
	if err != nil {
		t.Fatal(err)
	}
	shown, err := r.queues.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: made.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameQueueArn},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.post(t, "sns", "application/x-www-form-urlencoded", "", url.Values{
		"Action": {"Subscribe"}, "Version": {"2010-03-31"}, "TopicArn": {r.topic}, "Protocol": {"sqs"},
		"Endpoint": {shown.Attributes["QueueArn"]},
	}.Encode())
	return aws.ToString(made.QueueUrl)
}

func (r radiology) notice(t *testing.T, queue string) string {
	t.Helper()
	out, err := r.queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 5})
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, m := range out.Messages {
		text = append(text, aws.ToString(m.Body))
	}
	return strings.Join(text, "\n")
}

// post calls a service of the local AWS in the account of the stage dev.
func (r radiology) post(t *testing.T, service, kind, target, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.server.Endpoint(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	if target != "" {
		request.Header.Set("X-Amz-Target", target)
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=localaws/20260101/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s: %s (%v)", service, target, response.Status, answer, err)
	}
	return string(answer)
}

// dicom is a DICOM file with the identifiers of an instance, and no pixels.
func dicom(instance string) string {
	out := []byte(strings.Repeat("\x00", 128) + "DICM")
	for _, e := range []struct {
		group, element uint16
		value          string
	}{{0x0008, 0x0018, instance}, {0x0020, 0x000D, "1.2.3"}, {0x0020, 0x000E, "1.2.3.4"}} {
		value := e.value + strings.Repeat("\x00", len(e.value)%2)
		out = binary.LittleEndian.AppendUint16(out, e.group)
		out = binary.LittleEndian.AppendUint16(out, e.element)
		out = append(out, "UI"...)
		out = binary.LittleEndian.AppendUint16(out, uint16(len(value))) //nolint:gosec // short identifiers
		out = append(out, value...)
	}
	return string(out)
}
