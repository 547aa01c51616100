package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

// cloud calls services that this module needs no client of otherwise, in the account of
// an access key of the local AWS; "" is its default account.
type cloud struct {
	endpoint, region, key string
}

// call calls a service that speaks JSON.
func (c cloud) call(t *testing.T, service, target string, input, output any) {
	t.Helper()
	body, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	answer := c.send(t, service, "application/x-amz-json-1.0", target, string(body))
	if output != nil {
		if err := json.Unmarshal(answer, output); err != nil {
			t.Fatalf("%s: %v in %s", target, err, answer)
		}
	}
}

// form calls a service that speaks in forms.
func (c cloud) form(t *testing.T, service string, input url.Values) {
	t.Helper()
	c.send(t, service, "application/x-www-form-urlencoded", "", input.Encode())
}

func (c cloud) send(t *testing.T, service, kind, target, body string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.endpoint, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", target)
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+cmp.Or(c.key, "localaws")+"/20260101/"+c.region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %v: %s", service, target, response.Status, err, bytes.TrimSpace(answer))
	}
	return answer
}

// parameter is the value of an SSM parameter.
func (c cloud) parameter(t *testing.T, name string) string {
	t.Helper()
	var got struct{ Parameter struct{ Value string } }
	c.call(t, "ssm", "AmazonSSM.GetParameter", map[string]any{"Name": name}, &got)
	return got.Parameter.Value
}

// execution is one run of a state machine.
type execution struct {
	ARN    string `json:"executionArn"`
	Status string `json:"status"`
	Error  string `json:"error"`
	Cause  string `json:"cause"`
	Input  string `json:"input"`
}

// ended waits until a machine has had a number of executions and all have ended.
func (c cloud) ended(t *testing.T, machine string, number int) []execution {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		var listed struct {
			Executions []execution `json:"executions"`
		}
		c.call(t, "states", "AWSStepFunctions.ListExecutions", map[string]any{"stateMachineArn": machine}, &listed)
		running := len(listed.Executions) < number
		for i, e := range listed.Executions {
			c.call(t, "states", "AWSStepFunctions.DescribeExecution", map[string]any{"executionArn": e.ARN}, &listed.Executions[i])
			running = running || listed.Executions[i].Status == "RUNNING"
		}
		if !running {
			return listed.Executions
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %d executions do not end: %+v", machine, number, listed.Executions)
		}
	}
}

// physical are the physical ids of a stack's resources of a type, by logical id.
func physical(t *testing.T, cfg aws.Config, stack, kind string) map[string]string {
	t.Helper()
	found, err := cloudformation.NewFromConfig(cfg).DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: &stack})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, r := range found.StackResources {
		if aws.ToString(r.ResourceType) == kind {
			out[aws.ToString(r.LogicalResourceId)] = aws.ToString(r.PhysicalResourceId)
		}
	}
	return out
}

// starting is the only one whose logical id starts with a prefix.
func starting(t *testing.T, all map[string]string, prefix string) string {
	t.Helper()
	var found []string
	for logical, id := range all {
		if strings.HasPrefix(logical, prefix) {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s…: found %v in %v", prefix, found, all)
	}
	return found[0]
}
