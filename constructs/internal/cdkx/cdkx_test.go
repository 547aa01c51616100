package cdkx_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

func TestCheckPanicsOnceWithAllProblems(t *testing.T) {
	stack := cdktest.Stack()
	cdkx.Check(stack, jsii.String("Thing"), nil)

	var list problem.List
	list.Addf("B", "2", "two", "write two")
	list.Addf("A", "1", "one", "write one")
	const want = "Test/Thing: A: got 1; expected one; fix: write one\nB: got 2; expected two; fix: write two"
	if got := cdktest.Panic(t, func() { cdkx.Check(stack, jsii.String("Thing"), list) }); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// What Check panics with can be taken apart again by who recovers it.
func TestCheckPanicsWithAnError(t *testing.T) {
	defer func() {
		err, isError := recover().(error)
		if problems := problem.Of(err); !isError || len(problems) != 1 || problems[0].Path != "A" {
			t.Errorf("got %v", err)
		}
	}()
	cdkx.Check(cdktest.Stack(), jsii.String("Thing"), problem.List{{Path: "A"}})
}

func TestFail(t *testing.T) {
	stack := cdktest.Stack()
	cdkx.Fail(stack)
	cdkx.Fail(stack, nil, nil)
	const want = "Test: first\nsecond"
	if got := cdktest.Panic(t, func() { cdkx.Fail(stack, errors.New("first"), nil, errors.New("second")) }); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRetainAndAcknowledge(t *testing.T) {
	stack := cdktest.Stack()
	bucket := cdkx.L1(awss3.NewBucket(stack, jsii.String("Bucket"), nil))
	cdkx.Retain(bucket)
	cdkx.Acknowledge(bucket, cdkx.Acknowledgement{Rule: "AwsSolutions-S1", Reason: "Because"}, cdkx.Acknowledgement{Rule: "AwsSolutions-S10", Reason: "Likewise"})
	r := cdktest.Of(t, stack).One(t, "AWS::S3::Bucket", "Bucket")
	if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
		t.Errorf("DeletionPolicy %q, UpdateReplacePolicy %q", r.DeletionPolicy, r.UpdateReplacePolicy)
	}
	const want = `{"rules_to_suppress":[{"id":"AwsSolutions-S1","reason":"Because"},{"id":"AwsSolutions-S10","reason":"Likewise"}]}`
	if got := cdktest.Compact(r.Metadata["cdk_nag"]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestL1NeedsAResource(t *testing.T) {
	stack := cdktest.Stack()
	imported := awskms.Key_FromKeyArn(stack, jsii.String("Mine"), jsii.String("arn:aws:kms:us-east-1:111111111111:key/1"))
	const want = "Test/Mine: no CloudFormation resource behind it"
	if got := cdktest.Panic(t, func() { cdkx.L1(imported) }); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLogsByPolicyReachesOnlyWhatIsBelow(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), nil)
	inside := constructs.NewConstruct(stack, jsii.String("Inside"))
	cdkx.LogsByPolicy(inside)
	for _, scope := range []constructs.Construct{inside, stack} {
		logs := awss3.NewBucket(scope, jsii.String("Logs"), nil)
		awss3.NewBucket(scope, jsii.String("Data"), &awss3.BucketProps{ServerAccessLogsBucket: logs})
	}
	template := cdktest.Of(t, stack)
	if acl := template.One(t, "AWS::S3::Bucket", "InsideLogs").Get("AccessControl"); acl != nil {
		t.Errorf("logs are delivered by the ACL %v", acl)
	}
	if acl := template.One(t, "AWS::S3::Bucket", "Logs").Get("AccessControl"); acl == nil {
		t.Error("the flag changes what stands outside")
	}
}

func TestStrings(t *testing.T) {
	if got := *cdkx.Strings(nil); got == nil || len(got) != 0 {
		t.Errorf("nil became %v, which is not rendered as []", got)
	}
	in := []string{"b", "a"}
	out := *cdkx.Strings(in)
	if len(out) != 2 || *out[0] != "b" || *out[1] != "a" {
		t.Errorf("got %v", out)
	}
	if got := cdkx.Ascending(in); !slices.Equal(got, []string{"a", "b"}) || in[0] != "b" {
		t.Errorf("got %v from %v", got, in)
	}
}

func TestValueAndToken(t *testing.T) {
	if cdkx.Value(nil, 3) != 3 || cdkx.Value(jsii.Number(4), 3) != 4 || cdkx.Value(jsii.String(""), "x") != "" {
		t.Error("a pointer is not preferred to the fallback")
	}
}

// HoldsToken says what the CDK says, without asking it.
func TestHoldsTokenAgreesWithTheCDK(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), nil)
	bucket := awss3.NewBucket(stack, jsii.String("Bucket"), nil)
	parameter := awscdk.NewCfnParameter(stack, jsii.String("Parameter"), nil)
	for _, text := range []string{
		"", "plain", "$", "${AWS::Partition}", "${Token}", "Token[", "a ${literal} b",
		*awscdk.Aws_ACCOUNT_ID(), *stack.Account(), *stack.Region(), *stack.Partition(), *bucket.BucketArn(), *bucket.BucketArn() + "/prefix/*",
		*parameter.ValueAsString(), *awscdk.Fn_ImportValue(jsii.String("Name")), *awscdk.Fn_Sub(jsii.String("${AWS::Region}"), nil),
		*awscdk.Fn_Join(jsii.String("-"), &[]*string{jsii.String("a"), stack.Region()}),
		*awscdk.Token_AsString(map[string]any{"Ref": "Other"}, &awscdk.EncodingOptions{DisplayHint: jsii.String("A hint of [its] own")}),
		*awscdk.Lazy_String(&later{}, nil),
	} {
		if got, want := cdkx.HoldsToken(text), *awscdk.Token_IsUnresolved(text); got != want {
			t.Errorf("HoldsToken(%q) is %v, the CDK says %v", text, got, want)
		}
	}
}

// later is a text that is made at synthesis.
type later struct{}

func (later) Produce() *string { return jsii.String("later") }
