package query_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/test/validators/asl"
)

// evaluationProps has what is required, and the role.
func evaluationProps(stack awscdk.Stack) *query.EvaluationProps {
	job := jobProps(stack)
	role, _ := query.NewEvaluatorRole(stack, jsii.String("QualityRole"), &query.EvaluatorRoleProps{
		Owner: jsii.String("the lab"), WorkGroup: job.WorkGroup, Results: &job.Writes[0], StateMachinePrefix: jsii.String("lab-"), RoleName: jsii.String("lab-quality"),
	})
	return &query.EvaluationProps{
		WorkGroup: job.WorkGroup, Role: role, Product: jsii.String("lab-results"),
		Inserts: []string{"INSERT INTO a SELECT ?, ?", "INSERT INTO b SELECT ?, ?"}, Summary: jsii.String("SELECT ?, ?"), Rules: jsii.Number(5),
	}
}

func TestEvaluation(t *testing.T) {
	stack := cdktest.Stack()
	p := evaluationProps(stack)
	p.Schedules, p.StateMachineName = []string{"cron(17 1 * * ? *)", "cron(17 2 ? * SUN *)"}, jsii.String("lab-results-quality")
	p.After = []string{"arn:aws:states:us-east-1:111111111111:stateMachine:lab-results-refresh"}
	p.AlarmTopic = awssns.NewTopic(stack, jsii.String("Topic"), nil)
	e := query.NewEvaluation(stack, jsii.String("Evaluation"), p)
	if e.Alarms() != p.AlarmTopic || e.Cfn() == nil {
		t.Error("other alarms, or no machine")
	}
	template := cdktest.Of(t, stack)
	machine := template.One(t, "AWS::StepFunctions::StateMachine", "Evaluation")
	machine.Want(t, map[string]string{"StateMachineName": `"lab-results-quality"`})
	text, _ := machine.Get("DefinitionString").(string)
	for _, want := range []string{
		`"BeginStatement1"`, `"BeginStatement3"`, `"QueryString":"SELECT ?, ?"`, `"ReadSummary"`, `"NumericLessThan":5`, `"StateMachineArn":"` + p.After[0],
		`"CausePath":"$.cause"`, `"Namespace":"LakeMesh/Quality"`, `"Value":"lab-results"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	machines, err := asl.Machines([]byte(`{"Resources":{"M":{"Type":"AWS::StepFunctions::StateMachine","Properties":{"DefinitionString":` + machine.JSON("DefinitionString") + `}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if wrong, err := asl.Validate(machines); err != nil || len(wrong) > 0 {
		t.Error(wrong, err)
	}
	if n := len(template.Type("AWS::Events::Rule")); n != 2 {
		t.Errorf("%d schedules", n)
	}
	for _, metric := range []string{"FailedErrorRules", "FailedOtherRules", "ExecutionsFailed", "ExecutionsTimedOut", "ApproximateNumberOfMessagesVisible"} {
		found := 0
		for _, alarm := range template.Type("AWS::CloudWatch::Alarm") {
			if alarm.JSON("MetricName") == `"`+metric+`"` {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%d alarms of %s", found, metric)
		}
	}
}

// All that evaluations may do stands in one policy: a role has room for ten.
func TestEvaluatorRole(t *testing.T) {
	stack := cdktest.Stack()
	p := evaluationProps(stack)
	query.NewEvaluation(stack, jsii.String("Evaluation"), p)
	template := cdktest.Of(t, stack)
	template.One(t, "AWS::IAM::Role", "QualityRole").Want(t, map[string]string{"RoleName": `"lab-quality"`})
	policy := template.One(t, "AWS::IAM::ManagedPolicy", "QualityPolicy").JSON("PolicyDocument.Statement")
	for _, want := range []string{
		`"Action":"cloudwatch:PutMetricData","Condition":{"StringEquals":{"cloudwatch:namespace":"LakeMesh/Quality"}}`,
		`stateMachine:lab-*`, `"states:ListExecutions"`, `lab-curated/results/a/*`, `logs:CreateLogDelivery`, `lakeformation:GetDataAccess`,
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("no %s in %s", want, policy)
		}
	}
	for _, other := range template.Type("AWS::IAM::ManagedPolicy") {
		if strings.HasPrefix(other.ID, "Evaluation") && strings.Contains(other.JSON("Roles"), "QualityRole") {
			t.Error(other.ID)
		}
	}
}

func TestEvaluationSaysEveryProblem(t *testing.T) {
	stack := cdktest.Stack()
	refused := func(f func(), fields ...string) {
		text := cdktest.Panic(t, f)
		for _, field := range fields {
			if !strings.Contains(text, field+":") {
				t.Errorf("nothing of %s in %s", field, text)
			}
		}
	}
	refused(func() { query.NewEvaluation(stack, jsii.String("Empty"), nil) }, "WorkGroup", "Role", "Product", "Inserts", "Summary", "Rules")
	refused(func() { query.NewEvaluatorRole(stack, jsii.String("NoRole"), nil) }, "Owner", "WorkGroup", "Results", "StateMachinePrefix")
	p := evaluationProps(stack)
	p.Inserts, p.Schedules, p.StateMachineName = make([]string, 20), []string{"daily"}, jsii.String("a b")
	refused(func() { query.NewEvaluation(stack, jsii.String("Wrong"), p) }, "Inserts", "Inserts[19]", "Schedules[0]", "StateMachineName")
}
