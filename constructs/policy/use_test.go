package policy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3notifications"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/customresources"
	"github.com/aws/aws-cdk-go/awscdk/v2/pipelines"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/constructs/policy/rules"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func newApp(t *testing.T) awscdk.App {
	t.Helper()
	context := flags.Recommended()
	return awscdk.NewApp(&awscdk.AppProps{
		Context: &context, Outdir: jsii.String(t.TempDir()), AnalyticsReporting: jsii.Bool(false),
	})
}

func stackIn(app awscdk.Stage, id, account string) awscdk.Stack {
	return awscdk.NewStack(app, jsii.String(id), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(cdktest.Region)},
	})
}

// location registers a bucket, in hybrid access mode when asked.
func location(stack awscdk.Stack, id, bucket string, hybrid bool) awslakeformation.CfnResource {
	return awslakeformation.NewCfnResource(stack, jsii.String(id), &awslakeformation.CfnResourceProps{
		ResourceArn:          jsii.String("arn:aws:s3:::" + bucket),
		RoleArn:              jsii.String("arn:aws:iam::111111111111:role/Location"),
		UseServiceLinkedRole: jsii.Bool(false),
		HybridAccessEnabled:  jsii.Bool(hybrid),
	})
}

// synthesize returns the panic of the synthesis, "" when there is none.
func synthesize(app awscdk.App) (failure string) {
	defer func() {
		if p := recover(); p != nil {
			failure = fmt.Sprint(p)
		}
	}()
	app.Synth(nil)
	return ""
}

type reported struct {
	RuleName            string
	Description         string
	SuggestedFix        string
	Severity            string
	ViolatingConstructs []struct {
		ConstructPath string
	}
}

// violations are those of the CDK's report beside the templates, by rule.
func violations(t *testing.T, app awscdk.App) map[string][]reported {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(*app.Outdir(), "validation-report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		PluginReports []struct{ Violations []reported }
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	out := map[string][]reported{}
	for _, plugin := range report.PluginReports {
		for _, v := range plugin.Violations {
			out[v.RuleName] = append(out[v.RuleName], v)
		}
	}
	return out
}

// build makes an app of a fixture, as a user of escape hatches might.
func build(t *testing.T, app awscdk.App, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var fixture struct {
		Stacks map[string]struct {
			Environment string
			DependsOn   []string
			Template    struct{ Resources map[string]json.RawMessage }
		}
	}
	if err := json.Unmarshal(data, &fixture); err != nil {
		t.Fatal(err)
	}
	made := map[string]awscdk.Stack{}
	for _, name := range slices.Sorted(maps.Keys(fixture.Stacks)) {
		parts := strings.Split(fixture.Stacks[name].Environment, "/")
		stack := awscdk.NewStack(app, jsii.String(name), &awscdk.StackProps{
			Env: &awscdk.Environment{Account: jsii.String(parts[2]), Region: jsii.String(parts[3])},
		})
		made[name] = stack
		addResources(t, stack, fixture.Stacks[name].Template.Resources)
		for _, other := range fixture.Stacks[name].DependsOn {
			stack.AddStackDependency(made[other], nil)
		}
	}
}

func addResources(t *testing.T, stack awscdk.Stack, resources map[string]json.RawMessage) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		var content struct {
			Type       string
			Properties map[string]any
			Rest       map[string]any
		}
		if err := errors.Join(json.Unmarshal(resources[id], &content), json.Unmarshal(resources[id], &content.Rest)); err != nil {
			t.Fatal(err)
		}
		made := awscdk.NewCfnResource(stack, jsii.String(id), &awscdk.CfnResourceProps{Type: jsii.String(content.Type), Properties: &content.Properties})
		made.OverrideLogicalId(jsii.String(id))
		for _, key := range slices.Sorted(maps.Keys(content.Rest)) {
			if key != "Type" && key != "Properties" {
				made.AddOverride(jsii.String(key), content.Rest[key])
			}
		}
	}
}

func fixtureOf(rule rules.Rule, name string) string {
	return filepath.Join("rules", "testdata", strings.TrimPrefix(rule.ID, "LakeMesh."), name)
}

// Each rule, broken in a real app, stops the synthesis with its id; the app that
// keeps it is synthesized.
func TestEveryRuleStopsTheSynthesis(t *testing.T) {
	for _, rule := range rules.All() {
		t.Run(rule.ID, func(t *testing.T) {
			app := newApp(t)
			policy.Use(app)
			build(t, app, fixtureOf(rule, "fail.json"))
			if failure := synthesize(app); !strings.Contains(failure, "Validation failed") {
				t.Errorf("the synthesis ended with %q", failure)
			}
			found := violations(t, app)
			if ids := slices.Collect(maps.Keys(found)); len(ids) != 1 || ids[0] != rule.ID {
				t.Fatalf("got %v", found)
			}
			for _, v := range found[rule.ID] {
				if !strings.Contains(v.Description, rule.Title) || !strings.Contains(v.Description, "; expected ") || v.SuggestedFix != rule.Fix || v.Severity != "fatal" {
					t.Errorf("got %+v", v)
				}
			}

			app = newApp(t)
			policy.Use(app)
			build(t, app, fixtureOf(rule, "pass.json"))
			if failure := synthesize(app); failure != "" {
				t.Errorf("the app that keeps the rule fails: %s", failure)
			}
		})
	}
}

// Two registrations of one path are found across stages and nested stacks, and
// not in another account.
func TestStagesAndNestedStacks(t *testing.T) {
	app := newApp(t)
	policy.Use(app)
	location(stackIn(app, "One", "111111111111"), "Raw", "lake", false)
	location(stackIn(app, "Other", "222222222222"), "Raw", "lake", false)
	stage := awscdk.NewStage(app, jsii.String("Prod"), nil)
	parent := stackIn(stage, "Two", "111111111111")
	location(awscdk.NewNestedStack(parent, jsii.String("Nested"), nil), "Raw", "lake/claims", false)
	if synthesize(app) == "" {
		t.Error("the synthesis does not fail")
	}
	found := violations(t, app)["LakeMesh.LF42"]
	if len(found) != 1 || !strings.Contains(found[0].Description, "arn:aws:s3:::lake") {
		t.Errorf("got %+v", found)
	}
}

// An escape hatch does not get past the rules.
func TestEscapeHatch(t *testing.T) {
	app := newApp(t)
	policy.Use(app)
	raw := location(stackIn(app, "One", "111111111111"), "Raw", "lake", false)
	raw.AddPropertyOverride(jsii.String("HybridAccessEnabled"), true)
	if synthesize(app) == "" || len(violations(t, app)["LakeMesh.LF43"]) != 1 {
		t.Error("the override is not found")
	}
}

func TestAcknowledge(t *testing.T) {
	app := newApp(t)
	policy.Use(app)
	raw := location(stackIn(app, "One", "111111111111"), "Raw", "lake", true)
	policy.Acknowledge(raw, policy.Acknowledgement{Rule: "LakeMesh.LF43", Reason: "Old readers keep IAM access until June."})
	if failure := synthesize(app); failure != "" {
		t.Error(failure)
	}
}

// scratch is a bucket that is deleted with its stack, and its key.
func scratch(scope constructs.Construct, id string) awss3.Bucket {
	return awss3.NewBucket(scope, jsii.String(id), &awss3.BucketProps{
		Encryption: awss3.BucketEncryption_KMS, RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
		EncryptionKey: awskms.NewKey(scope, jsii.String(id+"Key"), &awskms.KeyProps{RemovalPolicy: awscdk.RemovalPolicy_DESTROY}),
	})
}

var drafts = policy.Acknowledgement{Rule: "LakeMesh.ST01", Reason: "Drafts are made again from their sources."}

// An acknowledgement of a construct holds for everything below it, nested stacks too,
// and of a stack for the whole stack.
func TestAcknowledgeAScope(t *testing.T) {
	app := newApp(t)
	policy.Use(app)
	stack := stackIn(awscdk.NewStage(app, jsii.String("Prod"), nil), "Lab", "111111111111")
	area := constructs.NewConstruct(stack, jsii.String("Drafts"))
	scratch(area, "One")
	scratch(awscdk.NewNestedStack(area, jsii.String("Nested"), nil), "Two")
	scratch(stack, "Other")
	whole := stackIn(app, "Whole", "111111111111")
	scratch(whole, "One")
	policy.Acknowledge(area, drafts)
	policy.Acknowledge(whole, drafts)
	if synthesize(app) == "" {
		t.Error("what stands beside the scope is not found")
	}
	var paths []string
	for _, v := range violations(t, app)["LakeMesh.ST01"] {
		paths = append(paths, v.ViolatingConstructs[0].ConstructPath)
	}
	slices.Sort(paths)
	if got := slices.Compact(paths); !slices.Equal(got, []string{"Prod/Lab/Other/Resource", "Prod/Lab/OtherKey/Resource"}) {
		t.Errorf("got %v", got)
	}
}

// A second acknowledgement of a scope adds to the first, and one that nothing needs is
// reported where the template is.
func TestAcknowledgementOfAScopeThatNothingNeeds(t *testing.T) {
	app := newApp(t)
	policy.Use(app)
	stack := stackIn(app, "Lab", "111111111111")
	bucket := scratch(constructs.NewConstruct(stack, jsii.String("Drafts")), "One")
	policy.Acknowledge(bucket.Node().Scope(), drafts)
	policy.Acknowledge(bucket, policy.Acknowledgement{Rule: "LakeMesh.S303", Reason: "Drafts are emptied."})
	if synthesize(app) == "" {
		t.Error("the needless acknowledgement is not found")
	}
	found := violations(t, app)
	if len(found) != 1 || len(found["LakeMesh.AK02"]) != 1 || !strings.Contains(found["LakeMesh.AK02"][0].Description, "Lab: Metadata.lakemesh:policy[1] of the template: found LakeMesh.S303; expected the id of a finding of what is at or below Drafts/One") {
		t.Errorf("got %+v", found)
	}
}

// What the CDK makes for itself holds no data of a lake.
func TestWhatTheCDKMakesIsLeftAlone(t *testing.T) {
	app := newApp(t)
	policy.Use(app)
	stack := stackIn(app, "Pipeline", "111111111111")
	pipeline := pipelines.NewCodePipeline(stack, jsii.String("Pipeline"), &pipelines.CodePipelineProps{
		CrossAccountKeys: jsii.Bool(true),
		Synth: pipelines.NewShellStep(jsii.String("Synth"), &pipelines.ShellStepProps{
			Commands: jsii.Strings("npx cdk synth"),
			Input: pipelines.CodePipelineSource_Connection(jsii.String("lab/lake"), jsii.String("main"), &pipelines.ConnectionSourceOptions{
				ConnectionArn: jsii.String("arn:aws:codestar-connections:us-east-1:111111111111:connection/11111111-2222-3333-4444-555555555555"),
			}),
		}),
	})
	west := awscdk.NewStage(app, jsii.String("West"), &awscdk.StageProps{Env: &awscdk.Environment{Account: jsii.String("222222222222"), Region: jsii.String("us-west-2")}})
	deployed := awscdk.NewStack(west, jsii.String("Lab"), nil)
	bucket := awss3.NewBucket(deployed, jsii.String("Website"), nil)
	bucket.AddEventNotification(awss3.EventType_OBJECT_CREATED, awss3notifications.NewSnsDestination(awssns.NewTopic(deployed, jsii.String("Topic"), nil)))
	customresources.NewAwsCustomResource(deployed, jsii.String("Call"), &customresources.AwsCustomResourceProps{
		OnUpdate: &customresources.AwsSdkCall{
			Service: jsii.String("S3"), Action: jsii.String("ListBuckets"), PhysicalResourceId: customresources.PhysicalResourceId_Of(jsii.String("call")),
		},
		Policy:       customresources.AwsCustomResourcePolicy_FromSdkCalls(&customresources.SdkCallsPolicyOptions{Resources: customresources.AwsCustomResourcePolicy_ANY_RESOURCE()}),
		LogRetention: awslogs.RetentionDays_ONE_DAY,
	})
	pipeline.AddStage(west, nil)
	if failure := synthesize(app); failure != "" {
		t.Errorf("%s: %+v", failure, violations(t, app))
	}
}

// Notifications that the CDK's custom resource would overwrite are found on buckets of
// any library.
func TestOverwrittenNotifications(t *testing.T) {
	app := newApp(t)
	policy.Use(app)
	stack := stackIn(app, "Lab", "111111111111")
	bucket := awss3.NewBucket(stack, jsii.String("Raw"), nil)
	cfn, isBucket := bucket.Node().DefaultChild().(awss3.CfnBucket)
	if !isBucket {
		t.Fatal("no bucket")
	}
	cfn.SetNotificationConfiguration(&awss3.CfnBucket_NotificationConfigurationProperty{
		EventBridgeConfiguration: &awss3.CfnBucket_EventBridgeConfigurationProperty{EventBridgeEnabled: jsii.Bool(true)},
	})
	bucket.AddEventNotification(awss3.EventType_OBJECT_CREATED, awss3notifications.NewSnsDestination(awssns.NewTopic(stack, jsii.String("Topic"), nil)))
	if synthesize(app) == "" || len(violations(t, app)["LakeMesh.S304"]) != 1 {
		t.Errorf("got %+v", violations(t, app))
	}
}

// The CDK's own acknowledgements hold for a whole app, and do not reach the rules.
func TestAppWideAcknowledgementDoesNotReach(t *testing.T) {
	app := newApp(t)
	policy.Use(app)
	location(stackIn(app, "One", "111111111111"), "Raw", "lake", true)
	awscdk.Validations_Of(app).Acknowledge(
		&awscdk.Acknowledgment{Id: jsii.String("lakemesh-policy::LakeMesh.LF43"), Reason: jsii.String("no")},
		&awscdk.Acknowledgment{Id: jsii.String("LakeMesh.LF43"), Reason: jsii.String("no")},
	)
	if synthesize(app) == "" {
		t.Error("the finding is gone")
	}
}

func TestAcknowledgeRefuses(t *testing.T) {
	raw := location(cdktest.Stack(), "Raw", "lake", true)
	text := cdktest.Panic(t, func() {
		policy.Acknowledge(raw, policy.Acknowledgement{Rule: "LakeMesh.XX99", Reason: "why"}, policy.Acknowledgement{Rule: "LakeMesh.LF43", Reason: " "})
	})
	for _, want := range []string{"Test/Raw: ", `acknowledgements[0].Rule: got "LakeMesh.XX99"`, "acknowledgements[1].Reason: got nothing"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

func TestAcknowledgeRefusesWhatHoldsStacks(t *testing.T) {
	app := newApp(t)
	for _, scope := range []constructs.IConstruct{app, awscdk.NewStage(app, jsii.String("Prod"), nil), constructs.NewConstruct(app, jsii.String("Stacks"))} {
		if text := cdktest.Panic(t, func() { policy.Acknowledge(scope, drafts) }); !strings.Contains(text, "scope: got an app, a stage or a construct that holds stacks; expected ") {
			t.Error(text)
		}
	}
	var none awscdk.CfnResource
	if text := cdktest.Panic(t, func() { policy.Acknowledge(none, drafts) }); !strings.Contains(text, "policy.Acknowledge: scope: got nothing; expected ") {
		t.Error(text)
	}
}

// A lake that two keys allow to destroy is not held to retention.
func TestDestroyableLake(t *testing.T) {
	app := newApp(t)
	policy.Use(app)
	app.Node().SetContext(jsii.String(storage.AllowDestroyContext), true)
	storage.NewLakeStorage(stackIn(app, "One", "111111111111"), jsii.String("Lake"), &storage.LakeStorageProps{AllowDestroy: jsii.Bool(true)})
	if failure := synthesize(app); failure != "" {
		t.Error(failure)
	}
}
