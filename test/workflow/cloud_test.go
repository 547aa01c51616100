package workflow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/deploy"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// cloud is a local AWS with one stack in it.
type cloud struct {
	server *localaws.Server
	s3     *s3.Client
	stack  string // its id
	made   []resource
}

type object = map[string]any

// resource is one that the stack made.
type resource struct{ logical, kind, physical string }

const (
	account = "111111111111"
	region  = "us-east-1"
)

var environment = mesh.Environment{Account: account, Region: region}

// launch starts a local AWS.
func launch(t *testing.T) *cloud {
	t.Helper()
	if _, err := os.Stat(filepath.Join("..", "..", ".venv", "bin", "python")); err != nil {
		t.Fatalf("%v; make test installs what this test needs", err)
	}
	return &cloud{server: localaws.ForTest(t)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// deploy creates the stack of a template.
func (c *cloud) deploy(t *testing.T, template string) {
	t.Helper()
	config, err := deploy.Config(t.Context(), c.server, environment)
	must(t, err)
	c.s3 = s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	stacks := cloudformation.NewFromConfig(config)
	_, err = stacks.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("Test"), TemplateBody: &template})
	must(t, err)
	shown, err := stacks.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("Test")})
	must(t, err)
	if status := string(shown.Stacks[0].StackStatus); status != "CREATE_COMPLETE" {
		t.Fatalf("%s: %s", status, aws.ToString(shown.Stacks[0].StackStatusReason))
	}
	c.stack = aws.ToString(shown.Stacks[0].StackId)
	found, err := stacks.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: aws.String("Test")})
	must(t, err)
	for _, r := range found.StackResources {
		c.made = append(c.made, resource{aws.ToString(r.LogicalResourceId), aws.ToString(r.ResourceType), aws.ToString(r.PhysicalResourceId)})
	}
}

// id is the physical id of the only resource of a type whose logical id starts
// with the prefix.
func (c *cloud) id(t *testing.T, kind, prefix string) string {
	t.Helper()
	var found []string
	for _, r := range c.made {
		if r.kind == kind && strings.HasPrefix(r.logical, prefix) {
			found = append(found, r.physical)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s %s…: found %v", kind, prefix, found)
	}
	return found[0]
}

// call calls a service that speaks JSON.
func (c *cloud) call(t *testing.T, service, target string, input any, output any) {
	t.Helper()
	body, err := json.Marshal(input)
	must(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.server.Endpoint(), bytes.NewReader(body))
	must(t, err)
	request.Header.Set("X-Amz-Target", target)
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=localaws/20260101/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	c.send(t, request, output)
}

// control talks to the local AWS itself.
func (c *cloud) control(t *testing.T, method, page string, input any) {
	t.Helper()
	body, err := json.Marshal(input)
	must(t, err)
	request, err := http.NewRequestWithContext(t.Context(), method, c.server.Endpoint()+"/localaws/"+page, bytes.NewReader(body))
	must(t, err)
	c.send(t, request, nil)
}

func (c *cloud) send(t *testing.T, request *http.Request, output any) {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	must(t, err)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s: %s", request.URL, request.Header.Get("X-Amz-Target"), response.Status, answer)
	}
	if output != nil {
		must(t, json.Unmarshal(answer, output))
	}
}

// script decides what the health services do next.
func (c *cloud) script(t *testing.T, steps ...object) {
	t.Helper()
	c.control(t, http.MethodPost, "script", steps)
}

// execution is one run of a state machine.
type execution struct {
	ARN    string `json:"executionArn"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Error  string `json:"error"`
	Cause  string `json:"cause"`
	Input  string `json:"input"`
}

// start starts a state machine and waits for its end.
func (c *cloud) start(t *testing.T, machine string, input any) execution {
	t.Helper()
	text, err := json.Marshal(input)
	must(t, err)
	var started execution
	c.call(t, "states", "AWSStepFunctions.StartExecution", object{"stateMachineArn": machine, "input": string(text)}, &started)
	return c.await(t, started)
}

func (c *cloud) await(t *testing.T, e execution) execution {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		var shown execution
		c.call(t, "states", "AWSStepFunctions.DescribeExecution", object{"executionArn": e.ARN}, &shown)
		if shown.Status != "RUNNING" {
			return shown
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not end:\n%s\n%s", e.ARN, c.history(t, e), c.threads(t))
		}
	}
}

// runs waits until a machine has had a number of executions and all have ended.
func (c *cloud) runs(t *testing.T, machine string, number int) []execution {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		var listed struct {
			Executions []execution `json:"executions"`
		}
		c.call(t, "states", "AWSStepFunctions.ListExecutions", object{"stateMachineArn": machine}, &listed)
		if len(listed.Executions) >= number {
			out := make([]execution, len(listed.Executions))
			for i, e := range listed.Executions {
				out[i] = c.await(t, e)
			}
			return out
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s had %d executions, expected %d\n%s", machine, len(listed.Executions), number, c.threads(t))
		}
	}
}

// history is the last events of an execution, for whoever reads a failure.
func (c *cloud) history(t *testing.T, e execution) string {
	t.Helper()
	var shown object
	c.call(t, "states", "AWSStepFunctions.GetExecutionHistory", object{"executionArn": e.ARN, "reverseOrder": true, "maxResults": 4}, &shown)
	text, err := json.MarshalIndent(shown, "", " ")
	must(t, err)
	return string(text)
}

// threads is what the local AWS does now, for whoever reads a failure.
func (c *cloud) threads(t *testing.T) string {
	t.Helper()
	threads, err := c.server.Threads(t.Context())
	must(t, err)
	return threads
}

// put writes an object.
func (c *cloud) put(t *testing.T, bucket, key, text string) {
	t.Helper()
	_, err := c.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(text)})
	must(t, err)
}

// keys are the objects below a prefix, without it.
func (c *cloud) keys(t *testing.T, bucket, prefix string) []string {
	t.Helper()
	found, err := c.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	must(t, err)
	out := make([]string, len(found.Contents))
	for i, o := range found.Contents {
		out[i] = strings.TrimPrefix(aws.ToString(o.Key), prefix)
	}
	return out
}

func (c *cloud) text(t *testing.T, bucket, key string) string {
	t.Helper()
	got, err := c.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	must(t, err)
	text, err := io.ReadAll(got.Body)
	must(t, err)
	return string(text)
}

// ended checks how an execution ended.
func (c *cloud) ended(t *testing.T, e execution, status, name string) {
	t.Helper()
	if e.Status != status || e.Error != name {
		t.Fatalf("%s ended %s %s: %s\n%s", e.ARN, e.Status, e.Error, e.Cause, c.history(t, e))
	}
}

func patient(id int) string {
	return fmt.Sprintf(`{"resourceType":"Patient","id":"p%d"}`, id) + "\n"
}
