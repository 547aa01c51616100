package policy_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/policy"
)

// topicWith synthesizes an app with a topic that has a property, which the CDK's
// validator knows or not, and returns the panic of the synthesis.
func topicWith(t *testing.T, folder, property string) (failure string) {
	t.Helper()
	app := newApp(t)
	policy.RememberValidOf(app, folder, "a release")
	stack := stackIn(app, "Stack", "111111111111")
	awscdk.NewCfnResource(stack, jsii.String("Topic"), &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::SNS::Topic"), Properties: &map[string]any{property: "topic"},
	})
	return synthesize(app)
}

func TestRememberValid(t *testing.T) {
	t.Setenv("CDK_VALIDATION", "")
	folder := filepath.Join(t.TempDir(), "validated")
	kept := func(want int) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(folder, "*", "*"))
		if err != nil || len(files) != want {
			t.Errorf("remembered are %v (%v), want %d", files, err, want)
		}
	}
	for _, run := range []string{"first", "second"} {
		if failure := topicWith(t, folder, "NoSuchProperty"); !strings.Contains(failure, "Validation failed") {
			t.Errorf("%s run of a bad template: %q", run, failure)
		}
		kept(0)
	}
	for _, run := range []string{"first", "second"} {
		if failure := topicWith(t, folder, "DisplayName"); failure != "" {
			t.Errorf("%s run of a good template: %s", run, failure)
		}
		kept(1)
	}
	if failure := topicWith(t, folder, "NoSuchProperty"); !strings.Contains(failure, "Validation failed") {
		t.Errorf("a bad template beside a good one that is remembered: %q", failure)
	}
	t.Setenv("CDK_VALIDATION", "false")
	if failure := topicWith(t, folder, "NoSuchProperty"); failure != "" {
		t.Errorf("without validation: %s", failure)
	}
}
