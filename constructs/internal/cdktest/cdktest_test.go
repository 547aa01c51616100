package cdktest_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

func TestTemplate(t *testing.T) {
	stack := cdktest.Stack()
	first := awss3.NewBucket(stack, jsii.String("First"), &awss3.BucketProps{BucketName: jsii.String("lab-raw")})
	second := awss3.NewCfnBucket(stack, jsii.String("Second"), &awss3.CfnBucketProps{Tags: nil})
	second.Node().AddDependency(first)
	template := cdktest.Of(t, stack)

	r := template.One(t, "AWS::S3::Bucket", "First")
	if got := r.Get("BucketName"); got != "lab-raw" {
		t.Errorf("got %v", got)
	}
	if r.DeletionPolicy != "Retain" {
		t.Errorf("DeletionPolicy %q", r.DeletionPolicy)
	}
	if got := template.One(t, "AWS::S3::Bucket", "Second").DependsOn; len(got) != 1 || got[0] != r.ID {
		t.Errorf("the second depends on %v", got)
	}
	if len(template.Type("AWS::S3::Bucket")) != 2 || len(template.Type("AWS::S3")) != 0 || !strings.Contains(template.JSON, `"AWS::S3::Bucket"`) {
		t.Errorf("got %+v", template)
	}
}

func TestGet(t *testing.T) {
	r := cdktest.Resource{Properties: map[string]any{"List": []any{map[string]any{"Name": "x"}}, "Text": "y"}}
	for path, want := range map[string]string{
		"List.0.Name": `"x"`, "List": `[{"Name":"x"}]`, "List.1": `null`, "List.-1": `null`, "List.first": `null`,
		"Text": `"y"`, "Text.0": `null`, "None.Deeper": `null`,
	} {
		if got := r.JSON(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

func TestPanic(t *testing.T) {
	if got := cdktest.Panic(t, func() { panic(errors.New("no")) }); got != "no" {
		t.Errorf("got %q", got)
	}
	if got := cdktest.Panic(&testing.T{}, func() {}); got != "" {
		t.Errorf("got %q", got)
	}
}
