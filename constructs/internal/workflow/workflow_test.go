package workflow_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/test/validators/asl"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

// job starts a job and waits for it.
func job() workflow.Definition {
	return workflow.Definition{
		Comment: "Runs a job", StartAt: "Start", TimeoutSeconds: 60,
		States: workflow.States{
			"Start": workflow.Call("glue", "startJobRun", map[string]any{"JobName": "a<b"}).Result("$.job").Next("WaitForRun"),
			"Done":  workflow.Succeed(),
			"Lost":  workflow.Fail("Lost", "The run failed"),
		}.Add(workflow.Poll("Run", 30,
			workflow.Call("glue", "getJobRun", map[string]any{"RunId.$": "$.job.JobRunId"}).Result("$.run"),
			"$.run.JobRun.JobRunState", workflow.Outcome{Status: "SUCCEEDED", Next: "Done"}, workflow.Outcome{Status: "FAILED", Next: "Lost"})),
	}
}

func TestDefinition(t *testing.T) {
	d := job()
	if err := d.Check(); err != nil {
		t.Error(err)
	}
	text := d.JSON("aws")
	if text != job().JSON("aws") || !strings.Contains(text, `"a<b"`) || !json.Valid([]byte(text)) {
		t.Errorf("got %s", text)
	}
	const choice = `"IsRunDone":{"Choices":[{"Next":"Done","StringEquals":"SUCCEEDED","Variable":"$.run.JobRun.JobRunState"},` +
		`{"Next":"Lost","StringEquals":"FAILED","Variable":"$.run.JobRun.JobRunState"}],"Default":"WaitForRun","Type":"Choice"}`
	if !strings.Contains(text, choice) {
		t.Errorf("no\n%s\nin\n%s", choice, text)
	}
}

// Tasks are of the partition that the machine stands in, those of a map too: Step
// Functions runs no other.
func TestTasksAreOfThePartition(t *testing.T) {
	call := workflow.Call("s3", "listBuckets", nil)
	d := workflow.Definition{StartAt: "All", States: workflow.States{
		"All":   workflow.Each("$", "Inner", workflow.States{"Inner": call.End()}).Next("Other"),
		"Other": workflow.StartExecution("machine", "$.name", nil).End(),
	}}
	for _, partition := range []string{"aws", "aws-cn", "aws-us-gov", "${Token[AWS.Partition.1]}"} {
		text := d.JSON(partition)
		for _, want := range []string{"states:::aws-sdk:s3:listBuckets", "states:::states:startExecution"} {
			if !strings.Contains(text, `"Resource":"arn:`+partition+":"+want+`"`) {
				t.Errorf("%s: no %s in %s", partition, want, text)
			}
		}
	}
}

// Each mistake that Step Functions refuses, or that strands an execution, is found.
func TestCheckFindsMistakes(t *testing.T) {
	call := workflow.Call("s3", "listBuckets", nil)
	for want, states := range map[string]workflow.States{
		"Start: no such state":                  {},
		"Gone: no such state":                   {"Start": call.Next("Gone")},
		"Lonely: nothing leads to it":           {"Start": call.End(), "Lonely": workflow.Succeed()},
		"Start: needs either Next or End":       {"Start": call},
		"Start: a task without Retry":           {"Start": workflow.State{"Type": "Task", "End": true}},
		"Start: Next or End on a Succeed":       {"Start": workflow.Succeed().End()},
		"Start/Inner: needs either Next or End": {"Start": workflow.Each("$", "Inner", workflow.States{"Inner": call}).End()},
		"Caught: no such state":                 {"Start": call.Catch("Caught", "States.ALL").End()},
		"Other: no such state":                  {"Start": workflow.Choice("Other", workflow.When("$.a", "IsPresent", true).Then("Start"))},
		"Start, Start/Start: 2 states have this name, which is one for the whole machine": {
			"Start": workflow.Each("$", "Start", workflow.States{"Start": call.End()}).End(),
		},
		"A/Copy, B/Copy: 2 states have this name, which is one for the whole machine": {
			"Start": workflow.Pass(nil).Next("A"),
			"A":     workflow.Each("$", "Copy", workflow.States{"Copy": call.End()}).Next("B"),
			"B":     workflow.Each("$", "Copy", workflow.States{"Copy": call.End()}).End(),
		},
	} {
		err := workflow.Definition{StartAt: "Start", States: states}.Check()
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestCheckFindsWhatIsTooLong(t *testing.T) {
	long := strings.Repeat("S", 81)
	err := workflow.Definition{StartAt: long, Comment: strings.Repeat("c", workflow.MaxDefinition), States: workflow.States{long: workflow.Succeed()}}.Check()
	for _, want := range []string{long + ": a name of 81 characters, at most 80", "a definition of 1048", "bytes, at most 1048576"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %.300v", want, err)
		}
	}
}

func TestStatesAreCopied(t *testing.T) {
	call := workflow.Call("s3", "listBuckets", nil)
	one := call.Catch("A", "X")
	one.Catch("B", "Y").Retry(workflow.Retrier{Errors: []string{"Z"}}).End()
	if text := cdktest.Compact(one["Catch"]); text != `[{"ErrorEquals":["X"],"Next":"A","ResultPath":"$.error"}]` {
		t.Errorf("got %s", text)
	}
	if _, ended := one["End"]; ended || call["Catch"] != nil {
		t.Error("a state was changed")
	}
	if got := cdktest.Panic(t, func() { workflow.States{"A": call}.Add(workflow.States{"A": call}) }); got != "state A is defined twice" {
		t.Errorf("got %s", got)
	}
}

// An error that is expected is caught without a retry.
func TestExpect(t *testing.T) {
	state := workflow.Call("s3", "listBuckets", nil).Expect("A", "X", "Y")
	const retry = `[{"BackoffRate":1,"ErrorEquals":["X","Y"],"IntervalSeconds":1,"JitterStrategy":"FULL","MaxAttempts":0},`
	if text := cdktest.Compact(state["Retry"]); !strings.HasPrefix(text, retry) || !strings.Contains(text, "States.TaskFailed") {
		t.Errorf("got %s", text)
	}
	if text := cdktest.Compact(state["Catch"]); text != `[{"ErrorEquals":["X","Y"],"Next":"A","ResultPath":"$.error"}]` {
		t.Errorf("got %s", text)
	}
}

// Two copies stand in one machine, under names of their own.
func TestCopyFolder(t *testing.T) {
	copies := func(name, next string) workflow.States {
		return workflow.CopyFolder(workflow.FolderCopy{Name: name, Bucket: "from", Prefix: "$.folder", Flat: name == "Report", To: "to", Under: "$.under", Next: next})
	}
	d := workflow.Definition{StartAt: "BeginReport", States: copies("Report", "BeginFiles").Add(copies("Files", "End"), workflow.States{"End": workflow.Succeed()})}
	if err := d.Check(); err != nil {
		t.Error(err)
	}
	if wrong, err := asl.Validate(map[string]string{"": d.JSON("aws")}); err != nil || len(wrong) > 0 {
		t.Error(err, wrong)
	}
	for _, part := range []string{
		`"CopySource":"{% 'from/' & $replace($encodeUrlComponent($states.input.object.Key), '%2F', '/') %}"`,
		`"NumericLessThanEquals":5368709120`, `"Bucket":"to"`, `"ItemsPath":"$.list.Contents"`, `"Delimiter":"/"`, `"MaxKeys":100`,
		`{"ErrorEquals":["S3.NoSuchKeyException"],"Next":"LeftFiles"}`,
	} {
		if !strings.Contains(d.JSON("aws"), part) {
			t.Errorf("no %s in %s", part, d.JSON("aws"))
		}
	}
}

func TestMachine(t *testing.T) {
	stack := cdktest.Stack()
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	m := workflow.NewMachine(stack, "Run", &workflow.MachineProps{
		Definition: job(), Description: "Runs a job", Key: key, RoleName: jsii.String("runner"),
		Statements: []awsiam.PolicyStatement{workflow.Allow([]string{"arn:aws:glue:us-east-1:111111111111:job/a"}, "glue:StartJobRun")},
	})
	m.On("Arrived", "Starts with an event", map[string]any{"source": []any{"lab"}})
	m.Every("Nightly", "Starts every night", "cron(15 2 * * ? *)")
	m.Alarms(workflow.AlarmTopic(stack, nil, key), "A run")
	operator := awsiam.NewRole(stack, jsii.String("Operator"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	m.GrantStart(operator)
	if m.Role() == nil || m.Logs() == nil || m.DeadLetters() == nil || m.Cfn() == nil {
		t.Error("a resource cannot be reached")
	}
	template := cdktest.Of(t, stack)

	machine := template.One(t, "AWS::StepFunctions::StateMachine", "Run")
	if machine.Get("DefinitionString") != job().JSON("aws") {
		t.Errorf("got %v", machine.Get("DefinitionString"))
	}
	for path, want := range map[string]string{
		"LoggingConfiguration.Level": `"ALL"`, "LoggingConfiguration.IncludeExecutionData": `false`, "TracingConfiguration.Enabled": `true`,
	} {
		if got := machine.JSON(path); got != want {
			t.Errorf("%s is %s", path, got)
		}
	}
	logs := template.One(t, "AWS::Logs::LogGroup", "Run")
	if name, _ := logs.Get("LogGroupName").(string); !strings.HasPrefix(name, "/aws/vendedlogs/states/Test-Run") || logs.Get("KmsKeyId") == nil || logs.DeletionPolicy != "RetainExceptOnCreate" {
		t.Errorf("got %+v", logs)
	}
	if got := template.One(t, "AWS::IAM::Role", "RunRole").JSON("AssumeRolePolicyDocument.Statement.0.Condition"); got != `{"StringEquals":{"aws:SourceAccount":"111111111111"}}` {
		t.Errorf("who may assume the role: %s", got)
	}
	for _, id := range []string{"RunArrived", "RunNightly"} {
		target := template.One(t, "AWS::Events::Rule", id)
		if target.Get("Targets.0.DeadLetterConfig.Arn") == nil || target.Get("Targets.0.RoleArn") == nil {
			t.Errorf("%s: %s", id, target.JSON("Targets"))
		}
	}
	if n := len(template.Type("AWS::SQS::Queue")); n != 1 {
		t.Errorf("%d queues for two rules", n)
	}
	if n := len(template.Type("AWS::CloudWatch::Alarm")); n != 3 {
		t.Errorf("%d alarms", n)
	}
	policy := template.One(t, "AWS::KMS::Key", "Key").JSON("KeyPolicy")
	for _, service := range []string{"logs.us-east-1.amazonaws.com", "events.amazonaws.com", "cloudwatch.amazonaws.com"} {
		if strings.Count(policy, service) != 1 {
			t.Errorf("%s stands %d times in %s", service, strings.Count(policy, service), policy)
		}
	}
}

func TestMachineRefusesABrokenDefinition(t *testing.T) {
	stack := cdktest.Stack()
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	const want = "Test: Start: no such state"
	if got := cdktest.Panic(t, func() {
		workflow.NewMachine(stack, "Run", &workflow.MachineProps{Definition: workflow.Definition{StartAt: "Start"}, Key: key})
	}); got != want {
		t.Errorf("got %s", got)
	}
}
