package cdkx_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3notifications"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

func TestRegistryIsOnePerStack(t *testing.T) {
	stack := cdktest.Stack()
	inside := constructs.NewConstruct(stack, jsii.String("Inside"))
	other := awscdk.NewStack(awscdk.App_Of(stack), jsii.String("Other"), nil)
	registry := cdkx.RegistryOf(stack)
	if cdkx.RegistryOf(inside) != registry {
		t.Error("two registries in one stack")
	}
	if cdkx.RegistryOf(other) == registry || cdkx.RegistryOf(nil) != nil {
		t.Error("a registry of elsewhere")
	}
	taken := func(r *cdkx.Registry, kind, name string) string {
		var list problem.List
		r.CheckTaken(&list, "Name", kind, jsii.String(name))
		if len(list) == 0 {
			return ""
		}
		return list.Error()
	}
	registry.Claim("database", jsii.String("lab"), inside)
	registry.Claim("database", nil, inside)
	const want = `Name: got "lab", the name of the database at Test/Inside; expected a name used once in the stack; fix: rename one of them, or use the one that is there`
	if got := taken(registry, "database", "lab"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, free := range []string{
		taken(registry, "table", "lab"), taken(registry, "database", "lab2"), taken(registry, "database", ""),
		taken(cdkx.RegistryOf(other), "database", "lab"), taken(nil, "database", "lab"),
	} {
		if free != "" {
			t.Error(free)
		}
	}
}

// Aspects and calls that would delete what is kept are errors of synthesis, also
// without the rules of package policy; both keys together let it go.
func TestNothingDeletesWhatIsGuarded(t *testing.T) {
	for name, test := range map[string]struct {
		destroy func(stack awscdk.Stack, bucket awss3.Bucket)
		context any
		want    string
	}{
		"nothing": {func(awscdk.Stack, awss3.Bucket) {}, nil, ""},
		"RemovalPolicies": {func(stack awscdk.Stack, _ awss3.Bucket) { awscdk.RemovalPolicies_Of(stack).Destroy(nil) }, nil,
			"[Test/LakeMeshRegistry] Test/Owner: got a removal policy with which AWS::S3::Bucket is deleted with its stack; expected one that retains it, because data goes only where two keys agree; " +
				"fix: leave it out of RemovalPolicies and ApplyRemovalPolicy, or set the context lakemesh:allow-destroy to true where data may be destroyed"},
		"kept by RemovalPolicies": {func(stack awscdk.Stack, _ awss3.Bucket) { awscdk.RemovalPolicies_Of(stack).Retain(nil) }, nil, ""},
		"a call":                  {func(_ awscdk.Stack, bucket awss3.Bucket) { bucket.ApplyRemovalPolicy(awscdk.RemovalPolicy_DESTROY) }, nil, "AWS::S3::Bucket is deleted with its stack"},
		"only when replaced": {func(_ awscdk.Stack, bucket awss3.Bucket) {
			cdkx.L1(bucket).CfnOptions().SetUpdateReplacePolicy(awscdk.CfnDeletionPolicy_DELETE)
		}, nil, "AWS::S3::Bucket is deleted when it is replaced"},
		"both keys":           {func(stack awscdk.Stack, _ awss3.Bucket) { awscdk.RemovalPolicies_Of(stack).Destroy(nil) }, true, ""},
		"on the command line": {func(stack awscdk.Stack, _ awss3.Bucket) { awscdk.RemovalPolicies_Of(stack).Destroy(nil) }, "true", ""},
		"context says no":     {func(stack awscdk.Stack, _ awss3.Bucket) { awscdk.RemovalPolicies_Of(stack).Destroy(nil) }, false, "is deleted with its stack"},
	} {
		stack := cdktest.Stack()
		if test.context != nil {
			stack.Node().SetContext(jsii.String(cdkx.AllowDestroyContext), test.context)
		}
		owner := constructs.NewConstruct(stack, jsii.String("Owner"))
		bucket := awss3.NewBucket(owner, jsii.String("Bucket"), nil)
		key := awskms.NewCfnKey(owner, jsii.String("Key"), &awskms.CfnKeyProps{})
		cdkx.Retain(key)
		cdkx.Retain(cdkx.L1(bucket))
		cdkx.RegistryOf(owner).Guard(owner, bucket, key)
		test.destroy(stack, bucket)
		if got := synthesize(stack); test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestNotificationsAreNotOverwritten(t *testing.T) {
	stack := cdktest.Stack()
	bucket, other := awss3.NewBucket(stack, jsii.String("Bucket"), nil), awss3.NewBucket(stack, jsii.String("Other"), nil)
	registry := cdkx.RegistryOf(stack)
	for range 2 { // said once
		registry.GuardNotifications(bucket)
	}
	topic := awss3notifications.NewSnsDestination(awssns.NewTopic(stack, jsii.String("Topic"), nil))
	other.AddEventNotification(awss3.EventType_OBJECT_CREATED, topic)
	if got := synthesize(stack); got != "" {
		t.Error(got)
	}
	bucket.AddEventNotification(awss3.EventType_OBJECT_CREATED, topic)
	const want = "Test/Bucket: got AddEventNotification on a bucket whose events go to EventBridge or to queues; expected one who writes the bucket's notifications, "
	if got := synthesize(stack); strings.Count(got, want) != 1 || strings.Contains(got, "Test/Other") {
		t.Errorf("got %q", got)
	}
}

// synthesize is the text of what synthesis ends with, "" for none.
func synthesize(stack awscdk.Stack) (text string) {
	defer func() {
		if err, failed := recover().(error); failed {
			text = err.Error()
		}
	}()
	awscdk.App_Of(stack).Synth(&awscdk.StageSynthesisOptions{Force: jsii.Bool(true)})
	return ""
}
