package query_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/test/validators/asl"
)

// jobProps has what is required, and a table that is written.
func jobProps(stack awscdk.Stack) *query.JobProps {
	return &query.JobProps{
		WorkGroup:   query.NewWorkGroup(stack, jsii.String("Queries"), props(stack)),
		Description: jsii.String("Counts results"),
		Statements:  []string{"MERGE INTO a", "INSERT INTO b SELECT 1"},
		Writes: []query.WrittenTable{{
			Table: catalog.TableFromName(stack, jsii.String("WrittenTable"), jsii.String("lab_curated"), jsii.String("a")), Prefix: jsii.String("results/a/"),
			Bucket: awss3.Bucket_FromBucketName(stack, jsii.String("Curated"), jsii.String("lab-curated")),
		}},
	}
}

type jobState struct {
	Next       string
	Default    string
	Resource   string
	Parameters map[string]any
	Choices    []map[string]any
}

type jobDefinition struct {
	StartAt        string
	TimeoutSeconds int
	States         map[string]jobState
}

func definitionOf(t *testing.T, template cdktest.Template) jobDefinition {
	t.Helper()
	var d jobDefinition
	text, ok := template.One(t, "AWS::StepFunctions::StateMachine", "Job").Get("DefinitionString").(string)
	if !ok {
		t.Fatal("the definition holds a token")
	}
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestJobRunsItsStatementsInOrder(t *testing.T) {
	stack := cdktest.Stack()
	p := jobProps(stack)
	query.NewJob(stack, jsii.String("Job"), p)
	d := definitionOf(t, cdktest.Of(t, stack))
	if d.TimeoutSeconds != 2*60*60+60 {
		t.Errorf("it gives up after %d seconds", d.TimeoutSeconds)
	}
	at := "RunStatement1"
	for i, sql := range p.Statements {
		run := d.States[at]
		token := fmt.Sprintf("States.Hash(States.Format('{} %d', $$.Execution.Id), 'SHA-256')", i+1)
		cdktest.Same(t, cdktest.Compact(run.Parameters), `{"ClientRequestToken.$":"`+token+`","QueryString":"`+sql+`","WorkGroup":"lab"}`)
		done := d.States[d.States[d.States[run.Next].Next].Next]
		for _, choice := range done.Choices {
			if succeeded := choice["StringEquals"] == "SUCCEEDED"; succeeded == (choice["Next"] == "StatementFailed") {
				t.Errorf("%v leads to %v", choice["StringEquals"], choice["Next"])
			} else if succeeded {
				at, _ = choice["Next"].(string)
			}
		}
	}
	cdktest.Same(t, at, "Done")
}

// The oldest execution works, and whoever finds an older one ends.
func TestJobRunsOneAtATime(t *testing.T) {
	stack := cdktest.Stack()
	query.NewJob(stack, jsii.String("Job"), jobProps(stack))
	template := cdktest.Of(t, stack)
	d := definitionOf(t, template)
	for _, check := range []struct{ got, want string }{
		{d.States[d.StartAt].Next, "ListRunning"},
		{cdktest.Compact(d.States["ListRunning"].Parameters), `{"MaxResults":100,"StateMachineArn.$":"$$.StateMachine.Id","StatusFilter":"RUNNING"}`},
		{cdktest.Compact(d.States["IsOldest"].Choices), `[{"Next":"RunStatement1","StringEqualsPath":"$.oldest.self","Variable":"$.oldest.arn"}]`},
		{d.States["IsOldest"].Default, "AlreadyRunning"},
		{template.One(t, "AWS::IAM::ManagedPolicy", "JobOthersPolicy").JSON("PolicyDocument.Statement"),
			`[{"Action":"states:ListExecutions","Effect":"Allow","Resource":` + arn(template.One(t, "AWS::StepFunctions::StateMachine", "Job")) + `}]`},
	} {
		cdktest.Same(t, check.got, check.want)
	}
}

// Whoever comes after others looks at them when it works, and before its statements.
func TestJobComesAfterOthers(t *testing.T) {
	stack := cdktest.Stack()
	const other = "arn:aws:states:us-east-1:111111111111:stateMachine:lab-other"
	p := jobProps(stack)
	p.StateMachineName = jsii.String("lab-job")
	job := query.NewJob(stack, jsii.String("Job"), p)
	p.StateMachineName, p.After = jsii.String("lab-later"), []string{other, *job.Cfn().AttrArn()}
	query.NewJob(stack, jsii.String("Later"), p)
	template := cdktest.Of(t, stack)
	template.One(t, "AWS::StepFunctions::StateMachine", "JobMachine").Want(t, map[string]string{"StateMachineName": `"lab-job"`})
	made, later := template.One(t, "AWS::StepFunctions::StateMachine", "JobMachine"), template.One(t, "AWS::StepFunctions::StateMachine", "Later")
	cdktest.Same(t, template.One(t, "AWS::IAM::ManagedPolicy", "LaterOthersPolicy").JSON("PolicyDocument.Statement"),
		`[{"Action":"states:ListExecutions","Effect":"Allow","Resource":["`+other+`",`+arn(made)+`,`+arn(later)+`]}]`)

	machines, err := asl.Machines([]byte(`{"Resources":{"Later":{"Type":"AWS::StepFunctions::StateMachine","Properties":{"DefinitionString":` + later.JSON("DefinitionString") + `}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if wrong, err := asl.Validate(machines); err != nil || len(wrong) > 0 {
		t.Error(err, wrong)
	}
	for _, part := range []string{
		`"Choices":[{"Next":"NothingWaited","StringEqualsPath":"$.oldest.self"`, `"Arguments":{"MaxResults":100,"StateMachineArn":"` + other + `"}`,
		`{"Next":"LookAtMachine2","StringEquals":"SUCCEEDED"`, `{"Next":"RunStatement1","StringEquals":"SUCCEEDED"`,
		`{"Next":"WaitForMachine1","StringEquals":"RUNNING"`, `{"NumericGreaterThan":240,"Variable":"$.waits"}],"Next":"StillRunsMachine1"}`, `"WaitForMachine2":{"Next":"LookAtMachine2","Seconds":60,"Type":"Wait"}`,
		`There is no execution of ` + other, fmt.Sprintf(`"TimeoutSeconds":%d}`, 7*60*60+60),
	} {
		if !strings.Contains(machines["Later"], part) {
			t.Errorf("no %s in\n%s", part, machines["Later"])
		}
	}
}

// All that a job takes stands in one definition.
func TestJobTakesAllStatementsAndMachines(t *testing.T) {
	stack := cdktest.Stack()
	p := jobProps(stack)
	p.Writes, p.Statements, p.After = nil, slices.Repeat([]string{strings.Repeat("x", 44_990)}, 20), nil
	for i := range 50 {
		p.After = append(p.After, fmt.Sprintf("arn:aws-us-gov:states:us-gov-west-1:111111111111:stateMachine:%s%02d", strings.Repeat("x", 78), i))
	}
	query.NewJob(stack, jsii.String("Job"), p)
}

func TestJobRoleReachesOnlyItsTables(t *testing.T) {
	stack := cdktest.Stack()
	p := jobProps(stack)
	p.RoleName = jsii.String("lab-job")
	job := query.NewJob(stack, jsii.String("Job"), p)
	if job.Role() == nil || job.Alarms() == nil || job.Cfn() == nil {
		t.Error("something cannot be reached")
	}
	template := cdktest.Of(t, stack)
	template.One(t, "AWS::IAM::Role", "JobMachineRole").Want(t, map[string]string{"RoleName": `"lab-job"`})
	policy := template.One(t, "AWS::IAM::ManagedPolicy", "JobMachinePolicy").JSON("PolicyDocument.Statement")
	for _, part := range []string{
		`"Action":["s3:AbortMultipartUpload","s3:GetObject","s3:PutObject"],"Effect":"Allow","Resource":"arn:aws:s3:::lab-curated/results/a/*"`,
		`"Condition":{"StringLike":{"s3:prefix":"results/a/*"}}`,
		`"Condition":{"ArnLike":{"kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::lab-curated","arn:aws:s3:::lab-curated/results/a/*"]}}`,
		`:table/lab_curated/a"`,
		`"athena:StartQueryExecution"`,
		`"lakeformation:GetDataAccess"`,
	} {
		if !strings.Contains(policy, part) {
			t.Errorf("no %s in\n%s", part, policy)
		}
	}
	for _, part := range []string{"lab-curated/*", ":table/*", "s3:DeleteObject", "glue:CreateTable", "glue:DeleteTable", "lakeformation:GrantPermissions"} {
		if strings.Contains(policy, part) {
			t.Errorf("%s in\n%s", part, policy)
		}
	}
}

func TestJobSchedule(t *testing.T) {
	stack := cdktest.Stack()
	p := jobProps(stack)
	p.Schedule = jsii.String("cron(15 2 ? * SUN *)")
	p.AlarmTopic = awssns.NewTopic(stack, jsii.String("Topic"), nil)
	query.NewJob(stack, jsii.String("Job"), p)
	template := cdktest.Of(t, stack)
	template.One(t, "AWS::Events::Rule", "Job").Want(t, map[string]string{"ScheduleExpression": `"cron(15 2 ? * SUN *)"`})
	var alarms []string
	for _, alarm := range template.Type("AWS::CloudWatch::Alarm") {
		alarms = append(alarms, strings.Trim(alarm.JSON("MetricName"), `"`))
		alarm.Want(t, map[string]string{"AlarmActions": `[{"Ref":"` + template.One(t, "AWS::SNS::Topic", "Topic").ID + `"}]`})
	}
	for _, metric := range []string{"ExecutionsFailed", "ApproximateNumberOfMessagesVisible"} {
		if !slices.Contains(alarms, metric) {
			t.Errorf("no alarm on %s", metric)
		}
	}
}

func TestJobProblems(t *testing.T) {
	stack := cdktest.Stack()
	cdktest.Same(t, cdktest.Panic(t, func() {
		query.NewJob(stack, jsii.String("Job"), &query.JobProps{
			Statements: []string{"", strings.Repeat("x", 260_001)}, Schedule: jsii.String("weekly"),
			After: []string{"daily", "daily"}, StateMachineName: jsii.String("a b"),
			Writes: []query.WrittenTable{{Table: catalog.TableFromName(stack, jsii.String("T"), jsii.String("d"), jsii.String("t")), Prefix: jsii.String("t")}},
		})
	}), `Test/Job: After[0]: got "daily"; expected the ARN of a state machine, without a version or an alias; fix: write it like arn:aws:states:us-east-1:111122223333:stateMachine:name
After[1]: got "daily" again; expected each state machine once; fix: take it out
Description: got nothing; expected what the job does; fix: set Description
Schedule: got "weekly": a schedule is written as "cron(minutes hours day-of-month month day-of-week year)"; expected a six-field cron; fix: write it like "cron(15 2 ? * SUN *)"
StateMachineName: got "a b"; expected 1 to 80 letters, digits, hyphens and underscores; fix: correct it
Statements[0]: got nothing; expected a statement of at most 250000 bytes as a JSON text; fix: split or shorten it
Statements[1]: got 260003 bytes; expected a statement of at most 250000 bytes as a JSON text; fix: split or shorten it
WorkGroup: got nothing; expected a workgroup; fix: set WorkGroup
Writes[0]: got d.t at "t"; expected a database, a table, a bucket and a prefix that ends in "/"; fix: complete it`)
}
