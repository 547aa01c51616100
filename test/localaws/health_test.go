package localaws_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cloudformationtypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/lakemesh/lakemesh/test/fhirdata"
	"github.com/lakemesh/lakemesh/test/localaws"
)

const intake = "intake-bucket"

// importTemplate is a store, a workflow that imports each object uploaded under in/, and a queue
// that hears how it ended and that the store became active.
const importTemplate = `{"Resources": {
  "Store": {"Type": "AWS::HealthLake::FHIRDatastore", "DependsOn": "ActiveRule",
    "Properties": {"DatastoreTypeVersion": "R4", "DatastoreName": "go"}},
  "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "told"}},
  "Role": {"Type": "AWS::IAM::Role",
    "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}},
  "Announce": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    "DefinitionSubstitutions": {"Queue": {"Ref": "Queue"}},
    "Definition": {"StartAt": "Tell", "States": {"Tell": {"Type": "Task", "End": true,
      "Resource": "arn:aws:states:::sqs:sendMessage",
      "Parameters": {"QueueUrl": "${Queue}", "MessageBody": {"Active.$": "$.datastoreId"}}}}}}},
  "ActiveRule": {"Type": "AWS::Events::Rule", "Properties": {
    "EventPattern": {"source": ["aws.healthlake"], "detail-type": ["Data Store Active"]},
    "Targets": [{"Id": "a", "Arn": {"Ref": "Announce"}, "InputPath": "$.detail",
      "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}]}},
  "Import": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    "DefinitionSubstitutions": {"Queue": {"Ref": "Queue"}, "Store": {"Ref": "Store"},
      "Role": {"Fn::GetAtt": ["Role", "Arn"]}},
    "Definition": {"StartAt": "Start", "States": {
      "Start": {"Type": "Task", "Next": "Pause", "ResultPath": "$.job",
        "Resource": "arn:aws:states:::aws-sdk:healthlake:startFHIRImportJob",
        "Retry": [{"ErrorEquals": ["HealthLake.ThrottlingException"], "IntervalSeconds": 60, "MaxAttempts": 3}],
        "Parameters": {"DatastoreId": "${Store}", "DataAccessRoleArn": "${Role}",
          "ClientToken.$": "States.Hash($.key, 'MD5')",
          "InputDataConfig": {"S3Uri.$": "States.Format('s3://` + intake + `/{}', $.key)"},
          "JobOutputDataConfig": {"S3Configuration": {"S3Uri": "s3://` + intake + `/out", "KmsKeyId": "alias/lake"}}}},
      "Pause": {"Type": "Wait", "Seconds": 300, "Next": "Look"},
      "Look": {"Type": "Task", "Next": "Done", "ResultPath": "$.now",
        "Resource": "arn:aws:states:::aws-sdk:healthlake:describeFHIRImportJob",
        "Parameters": {"DatastoreId": "${Store}", "JobId.$": "$.job.JobId"}},
      "Done": {"Type": "Choice", "Default": "Tell", "Choices": [
        {"Variable": "$.now.ImportJobProperties.EndTime", "IsPresent": false, "Next": "Pause"}]},
      "Tell": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": "${Queue}", "MessageBody.$": "$.now.ImportJobProperties"}}}}}},
  "ImportRule": {"Type": "AWS::Events::Rule", "Properties": {
    "EventPattern": {"source": ["aws.s3"], "detail-type": ["Object Created"],
      "detail": {"object": {"key": [{"prefix": "in/"}]}}},
    "Targets": [{"Id": "i", "Arn": {"Ref": "Import"}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
      "InputTransformer": {"InputPathsMap": {"k": "$.detail.object.key"}, "InputTemplate": "{\"key\": <k>}"}}]}}
}}`

// told is what the workflows put on the queue.
type told struct {
	Active            string
	JobID             string `json:"JobId"`
	JobStatus         string
	Message           string
	JobProgressReport struct {
		TotalNumberOfResourcesImported          int
		TotalNumberOfResourcesWithCustomerError int
	}
}

// health is a deployed importTemplate.
type health struct {
	*testing.T
	server *localaws.Server
	s3     *s3.Client
	sqs    *sqs.Client
	queue  string
}

func TestHealthWorkflows(t *testing.T) {
	h := deployHealth(t)
	good, err := fhirdata.NDJSON(fhirdata.Patients(1, 3))
	if err != nil {
		t.Fatal(err)
	}
	const patients = 3 * 8 // resources of three patients
	bad := []byte(strings.Join(fhirdata.Malformed(), "\n") + "\n")

	t.Run("success", func(t *testing.T) {
		h.script(localaws.Step{Operation: "StartFHIRImportJob", Delay: time.Hour})
		got := h.upload("in/success.ndjson", good)
		if got.JobStatus != "COMPLETED" || got.JobProgressReport.TotalNumberOfResourcesImported != patients {
			t.Errorf("got %+v, want %d resources imported", got, patients)
		}
	})
	t.Run("partial", func(t *testing.T) {
		got := h.upload("in/partial.ndjson", append(bad, good...))
		if got.JobStatus != "COMPLETED_WITH_ERRORS" ||
			got.JobProgressReport.TotalNumberOfResourcesWithCustomerError != len(fhirdata.Malformed()) {
			t.Errorf("got %+v, want every malformed line refused", got)
		}
	})
	t.Run("failed", func(t *testing.T) {
		h.script(localaws.Step{Operation: "StartFHIRImportJob", Status: "FAILED", Message: "no key", Describes: 2})
		if got := h.upload("in/failed.ndjson", good); got.JobStatus != "FAILED" || got.Message != "no key" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("throttled", func(t *testing.T) {
		h.script(localaws.Step{Operation: "StartFHIRImportJob", Error: "ThrottlingException", Times: 2})
		if got := h.upload("in/throttled.ndjson", good); got.JobStatus != "COMPLETED" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("duplicate", func(t *testing.T) {
		first, second := h.upload("in/twice.ndjson", good), h.upload("in/twice.ndjson", good)
		if first.JobID == "" || first.JobID != second.JobID {
			t.Errorf("the same upload was imported by %s and %s", first.JobID, second.JobID)
		}
	})
	t.Run("deliveries", func(t *testing.T) {
		deliveries, err := h.server.Deliveries(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		const want = 1 + 6 // one active store, six uploads
		if len(deliveries) != want {
			t.Errorf("got %d deliveries, want %d", len(deliveries), want)
		}
		for _, delivery := range deliveries {
			if delivery.Outcome != "delivered" {
				t.Errorf("%s: %s: %s", delivery.Target, delivery.Outcome, delivery.Reason)
			}
		}
	})
}

// deployHealth deploys the template with a store that takes half an hour, and waits to hear
// that it is active.
func deployHealth(t *testing.T) *health {
	t.Helper()
	server := start(t)
	sdk := aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(server.Endpoint()),
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	h := &health{
		T: t, server: server, sqs: sqs.NewFromConfig(sdk),
		s3: s3.NewFromConfig(sdk, func(o *s3.Options) { o.UsePathStyle = true }),
	}
	h.makeBucket()
	h.script(localaws.Step{Operation: "CreateFHIRDatastore", Delay: 30 * time.Minute})
	stacks := cloudformation.NewFromConfig(sdk)
	_, err := stacks.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("health"), TemplateBody: aws.String(importTemplate),
	})
	if err != nil {
		t.Fatal(err)
	}
	described, err := stacks.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("health")})
	if err != nil {
		t.Fatal(err)
	}
	if stack := described.Stacks[0]; stack.StackStatus != cloudformationtypes.StackStatusCreateComplete {
		t.Fatalf("%s: %s", stack.StackStatus, aws.ToString(stack.StackStatusReason))
	}
	url, err := h.sqs.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("told")})
	if err != nil {
		t.Fatal(err)
	}
	h.queue = aws.ToString(url.QueueUrl)
	if got := h.next(); got.Active == "" {
		t.Errorf("got %+v, want the id of the active store", got)
	}
	return h
}

func (h *health) makeBucket() {
	h.Helper()
	ctx, name := h.Context(), aws.String(intake)
	if _, err := h.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: name}); err != nil {
		h.Fatal(err)
	}
	_, err := h.s3.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{
		Bucket: name,
		NotificationConfiguration: &s3types.NotificationConfiguration{
			EventBridgeConfiguration: &s3types.EventBridgeConfiguration{},
		},
	})
	if err != nil {
		h.Fatal(err)
	}
}

func (h *health) script(steps ...localaws.Step) {
	h.Helper()
	if err := h.server.Script(h.Context(), steps...); err != nil {
		h.Fatal(err)
	}
}

// upload puts an object, and waits for what the workflow says about it.
func (h *health) upload(key string, body []byte) told {
	h.Helper()
	_, err := h.s3.PutObject(h.Context(), &s3.PutObjectInput{
		Bucket: aws.String(intake), Key: aws.String(key), Body: strings.NewReader(string(body)),
	})
	if err != nil {
		h.Fatal(err)
	}
	return h.next()
}

// next is the next message of the queue.
func (h *health) next() told {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), 10*time.Minute)
	defer cancel()
	for {
		answer, err := h.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &h.queue, WaitTimeSeconds: 1})
		if err != nil {
			h.Fatal(err)
		}
		if len(answer.Messages) == 0 {
			continue
		}
		message := answer.Messages[0]
		if _, err := h.sqs.DeleteMessage(ctx, &sqs.DeleteMessageInput{
			QueueUrl: &h.queue, ReceiptHandle: message.ReceiptHandle,
		}); err != nil {
			h.Fatal(err)
		}
		var got told
		if err := json.Unmarshal([]byte(aws.ToString(message.Body)), &got); err != nil {
			h.Fatal(err)
		}
		return got
	}
}

func TestControl(t *testing.T) {
	server := start(t)
	ctx := t.Context()
	err := server.Script(ctx, localaws.Step{Operation: "CreateStore"})
	if err == nil || !strings.Contains(err.Error(), "CreateFHIRDatastore") {
		t.Errorf("got %v, want the operations that a step may name", err)
	}
	if err := server.Advance(ctx, time.Hour); err != nil {
		t.Error(err)
	}
	deliveries, err := server.Deliveries(ctx)
	if err != nil || len(deliveries) != 0 {
		t.Errorf("a new server has delivered %v, %v", deliveries, err)
	}
}
