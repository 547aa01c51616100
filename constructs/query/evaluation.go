package query

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// EvaluationProps configures an Evaluation.
type EvaluationProps struct {
	// WorkGroup is where the rules are measured. Its key encrypts the logs. Required.
	WorkGroup IWorkGroup

	// Role is that of NewEvaluatorRole, also one of another stack. Required.
	Role awsiam.IRole

	// Product is what the product is called in metrics and messages, unique in the account,
	// such as "riverside-clinical-fhir": 1 to 80 letters, digits, hyphens and underscores.
	// Required.
	Product *string

	// Inserts measure the rules and insert their results, see measure.Product.Inserts: 1 to
	// 19. Required.
	Inserts []string

	// Summary sums the results of an execution up, see measure.Product.Summary. Required.
	Summary *string

	// Rules is how many rules the statements measure; an execution that has fewer results
	// fails. Required.
	Rules *float64

	// Schedules are six-field crons such as "cron(17 1 * * ? *)", in UTC.
	// Default: none, the evaluation runs when it is started.
	Schedules []string

	// After are the ARNs of the state machines that make what is evaluated, see JobProps.
	// Default: none.
	After []string

	// StateMachineName fixes the name of the state machine.
	// Default: CloudFormation generates it.
	StateMachineName *string

	// AlarmTopic hears of failures and of rules that fail.
	// Default: a new topic, encrypted with the workgroup's key.
	AlarmTopic awssns.ITopic
}

func (p *EvaluationProps) problems() problem.List {
	var list problem.List
	checkWorkGroup(&list, p.WorkGroup)
	if cdkx.Missing(p.Role) {
		list.Addf("Role", "nothing", "the role of evaluations", "make it by NewEvaluatorRole")
	}
	cdkx.CheckName(&list, "Product", p.Product, stateMachineName, "1 to 80 letters, digits, hyphens and underscores")
	checkStatements(&list, "Inserts", p.Inserts, contract.MaxStatements-1, "split the product")
	merge.Check(&list, "Summary", cdkx.Value(p.Summary, ""))
	if p.Rules == nil {
		list.Addf("Rules", "nothing", "how many rules are measured", "set Rules")
	}
	cdkx.CheckWhole(&list, "Rules", p.Rules, "rules", 1, 0, "set it to the number of rules")
	for i := range p.Schedules {
		cdkx.CheckSchedule(&list, fmt.Sprintf("Schedules[%d]", i), &p.Schedules[i])
	}
	checkMachines(&list, "After", p.After)
	checkStateMachineName(&list, p.StateMachineName)
	return list
}

// Evaluation is a workflow that evaluates the quality rules of a product.
type Evaluation struct {
	constructs.Construct

	machine *workflow.Machine
	topic   awssns.ITopic
}

// NewEvaluation makes a workflow that measures the quality rules of a product in Athena and
// writes the results, one execution at a time, as a Job does. Then it tells CloudWatch how
// many rules it measured and how many failed: counts, and nothing of the data. Rules of
// severity error that failed then fail the execution as QualityRulesFailed, with a cause that
// names them, so that jobs After it do not begin; other rules only alarm.
//
// A statement that fails is tried three times more, a moment later each: several evaluations
// may commit to the table of results at once. Statements bear that, they insert a result that
// is there no second time.
//
// It panics with every problem of the props at once.
// Sources: "Call Amazon Athena with Step Functions", "GetQueryResults", "PutMetricData".
// Nothing here was deployed to an account by this project.
func NewEvaluation(scope constructs.Construct, id *string, props *EvaluationProps) *Evaluation {
	p := cdkx.Value(props, EvaluationProps{})
	p.Inserts, p.Schedules, p.After = slices.Clone(p.Inserts), slices.Clone(p.Schedules), slices.Clone(p.After)
	cdkx.Check(scope, id, p.problems())

	e := &Evaluation{}
	cdkx.Add(e, scope, id)
	e.topic = workflow.AlarmTopic(e, p.AlarmTopic, p.WorkGroup.Key())
	e.machine = workflow.NewMachine(e, "Machine", &workflow.MachineProps{
		Definition: p.definition(), Key: p.WorkGroup.Key(), Role: p.Role, Permitted: true, Name: p.StateMachineName,
	})
	for i, schedule := range p.Schedules {
		e.machine.Every("Schedule"+numbered(i), "Evaluates the quality of "+*p.Product, schedule)
	}
	e.machine.Alarms(e.topic, "The evaluation of the quality of "+*p.Product)
	count := func(id, metric, description string) {
		workflow.CountAlarm(e.machine, id, description, workflow.Count{Namespace: QualityNamespace, Metric: metric, Dimension: QualityProduct, Value: *p.Product}, e.topic)
	}
	count("ErrorRules", FailedErrorRules, "Quality rules of severity error failed for "+*p.Product+", and nothing is made from it: see the cause of the execution, and quality_results")
	count("OtherRules", FailedOtherRules, "Quality rules failed for "+*p.Product+", none of severity error: see quality_results")
	return e
}

// numbered tells the second of several from the first, whose id stays what it was alone.
func numbered(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprint(i + 1)
}

// Alarms is the topic that hears of failures.
func (e *Evaluation) Alarms() awssns.ITopic { return e.topic }

// GrantStart lets the grantee start the evaluation and see how executions went.
func (e *Evaluation) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	return e.machine.GrantStart(grantee)
}

// Cfn is the state machine.
func (e *Evaluation) Cfn() awsstepfunctions.CfnStateMachine { return e.machine.Cfn() }

// The metrics of the namespace QualityNamespace.
const (
	QualityProduct   = "Product"          // their dimension, which is EvaluationProps.Product
	FailedErrorRules = "FailedErrorRules" // how many rules of severity error failed
	FailedOtherRules = "FailedOtherRules" // how many other rules failed

	evaluatedRules = "EvaluatedRules"
)

const (
	// A statement is tried so often, half a minute to five apart.
	maxAttempts = 4
	pauseFrom   = 30  // seconds
	pauseTo     = 300 // seconds
)

// definition measures, sums up, tells CloudWatch, and fails where a rule of severity error has.
func (p *EvaluationProps) definition() workflow.Definition {
	out := workflow.Definition{
		Comment: "Evaluates the quality of " + *p.Product, StartAt: "Settle",
		TimeoutSeconds: 2*settle + 2*(len(p.Inserts)+1)*workflow.StatementSeconds,
		States:         p.endStates().Add(oneAtATime("BeginStatement1")),
	}
	if len(p.After) > 0 {
		after := (&JobProps{After: p.After}).awaited()
		out.TimeoutSeconds += afterSeconds
		out.States = p.endStates().Add(oneAtATime(firstLook), comeAfter(after, "BeginStatement1"))
	}
	for i, sql := range append(slices.Clone(p.Inserts), *p.Summary) {
		next := fmt.Sprintf("BeginStatement%d", i+2)
		if i == len(p.Inserts) {
			next = "ReadSummary"
		}
		out.States = out.States.Add(p.tryStatement(i+1, sql, next))
	}
	return out
}

// tryStatement are the states that run a statement until it succeeds, a few times at most.
func (p *EvaluationProps) tryStatement(number int, sql, next string) workflow.States {
	// Athena takes a text with its quotes.
	quoted := func(path string) string {
		return "States.Format('{}{}{}', $.attempt.quote, " + path + ", $.attempt.quote)"
	}
	n := fmt.Sprint(number)
	name := "Statement" + n
	run := workflow.Call("athena", "startQueryExecution", map[string]any{
		"QueryString": sql, "WorkGroup": *p.WorkGroup.WorkGroupName(),
		"ClientRequestToken.$":  fmt.Sprintf("States.Hash(States.Format('{} %d {}', $$.Execution.Id, $.attempt.number), 'SHA-256')", number),
		"ExecutionParameters.$": "States.Array(" + quoted("$$.Execution.Name") + ", " + quoted("$$.Execution.StartTime") + ")",
	}).Retry(workflow.Throttled).Select(map[string]any{"id.$": "$.QueryExecutionId"}).Result("$.query")
	describe := workflow.Call("athena", "getQueryExecution", map[string]any{"QueryExecutionId.$": "$.query.id"}).
		Select(map[string]any{"state.$": "$.QueryExecution.Status.State"}).Result("$.status")
	return workflow.States{
		"Begin" + name: workflow.Pass(map[string]any{"number": 1, "quote": "'"}).Result("$.attempt").Next("Run" + name),
		"Run" + name:   run.Next("WaitFor" + name),
		"MayRetry" + n: workflow.Choice("StatementFailed", workflow.When("$.attempt.number", "NumericLessThan", maxAttempts).Then("Another"+n)),
		"Another" + n: workflow.Pass(map[string]any{
			"number.$": "States.MathAdd($.attempt.number, 1)", "seconds.$": fmt.Sprintf("States.MathRandom(%d, %d)", pauseFrom, pauseTo), "quote": "'",
		}).Result("$.attempt").Next("Pause" + n),
		"Pause" + n: workflow.State{"Type": "Wait", "SecondsPath": "$.attempt.seconds"}.Next("Run" + name),
	}.Add(workflow.Poll(name, 30, describe, "$.status.state",
		workflow.Outcome{Status: "SUCCEEDED", Next: next},
		workflow.Outcome{Status: "FAILED", Next: "MayRetry" + n},
		workflow.Outcome{Status: "CANCELLED", Next: "StatementFailed"}))
}

// endStates come after the statements.
func (p *EvaluationProps) endStates() workflow.States {
	value := func(column int) string {
		return fmt.Sprintf("$states.result.ResultSet.Rows[1].Data[%d].VarCharValue", column)
	}
	number := func(column int) string { return "{% $number(" + value(column) + ") %}" }
	metric := func(name, path string) map[string]any {
		return map[string]any{
			"MetricName": name, "Unit": "Count", "Value.$": path,
			"Dimensions": []any{map[string]any{"Name": QualityProduct, "Value": *p.Product}},
		}
	}
	return workflow.States{
		"ReadSummary": workflow.Evaluate("athena", "getQueryResults", map[string]any{"QueryExecutionId": "{% $states.input.query.id %}"}, map[string]any{
			"measured": number(0), "errors": number(1), "others": number(2),
			"rules": "{% $exists(" + value(3) + ") ? " + value(3) + " : '' %}",
		}).Next("CountRules"),
		"CountRules": workflow.Call("cloudwatch", "putMetricData", map[string]any{
			"Namespace": QualityNamespace,
			"MetricData": []any{
				metric(evaluatedRules, "$.measured"), metric(FailedErrorRules, "$.errors"), metric(FailedOtherRules, "$.others"),
			},
		}).Discard().Next("IsAllMeasured"),
		"IsAllMeasured": workflow.Choice("HasPassed", workflow.When("$.measured", "NumericLessThan", *p.Rules).Then("ResultsMissing")),
		"HasPassed":     workflow.Choice("Done", workflow.When("$.errors", "NumericGreaterThan", 0).Then("NameRules")),
		"NameRules": workflow.Pass(map[string]any{
			"cause.$": "States.Format('Quality rules of severity error failed for " + *p.Product + ", and nothing is made from it until they pass ({}): {}', $.errors, $.rules)",
		}).Next("RulesFailed"),
		"RulesFailed":     workflow.State{"Type": "Fail", "Error": "QualityRulesFailed", "CausePath": "$.cause"},
		"ResultsMissing":  workflow.Fail("ResultsMissing", "Not every rule has a result: see the workgroup's history"),
		"StatementFailed": workflow.Fail("StatementFailed", "A statement failed in Athena: see the workgroup's history"),
		"Done":            workflow.Succeed(),
	}
}
