package e2e

import (
	"encoding/json"
	"io"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// checkVariants lands a VCF file in the genomics domain, whose workflow collects it into a
// manifest and has it loaded. What the job makes of the same file, by a manifest of this
// form, TestLoad of constructs/variants shows with Spark.
func checkVariants(t *testing.T, server *localaws.Server, cfg aws.Config, plan *mesh.Plan) {
	genomics, _ := plan.Domain("genomics")
	v := genomics.Variants
	lab := radiology{server: server, objects: s3Client(cfg), bucket: genomics.Buckets["raw"], plan: &mesh.ImageStorePlan{Landing: v.Landing}}
	found, err := cloudformation.NewFromConfig(cfg).DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: &v.StackName})
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range found.StackResources {
		if aws.ToString(made.ResourceType) == "AWS::StepFunctions::StateMachine" {
			lab.machine = aws.ToString(made.PhysicalResourceId)
		}
	}
	file, err := os.ReadFile(path.Join("testdata", "small.vcf"))
	if err != nil {
		t.Fatal(err)
	}
	lab.put(t, "2026/small.vcf", string(file))

	var started struct{ ExecutionARN string }
	lab.states(t, "StartExecution", map[string]string{"stateMachineArn": lab.machine, "input": "{}", "name": "small"}, &started)
	shown := struct{ Status, Cause string }{Status: "RUNNING"}
	for deadline := time.Now().Add(5 * time.Minute); shown.Status == "RUNNING" && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		lab.states(t, "DescribeExecution", map[string]string{"executionArn": started.ExecutionARN}, &shown)
	}
	if shown.Status != "SUCCEEDED" {
		t.Fatalf("the load: %+v", shown)
	}
	parts := lab.keys(t, v.Runs+"small/")
	if len(parts) != 1 {
		t.Fatalf("manifests %q", parts)
	}
	got, err := lab.objects.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &lab.bucket, Key: &parts[0]})
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	var object struct {
		URI  string
		Size int
	}
	if err := json.Unmarshal(text, &object); err != nil || strings.Count(string(text), "\n") != 1 || object.URI != "s3://"+lab.bucket+"/vcf/2026/small.vcf" || object.Size != len(file) {
		t.Errorf("%v: the manifest is %s", err, text)
	}
}
