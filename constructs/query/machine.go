package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// checkWorkGroup reports a workgroup that a workflow cannot run statements in.
func checkWorkGroup(list *problem.List, group IWorkGroup) {
	switch {
	case cdkx.Missing(group):
		list.Addf("WorkGroup", "nothing", "a workgroup", "set WorkGroup")
	case group.Key() == nil:
		list.Addf("WorkGroup", "a workgroup whose key is not known", "one with a key, which encrypts the job's logs", "import it by WorkGroupFromAttributes, with Key")
	}
}

// newMachine makes a state machine that runs statements in a workgroup and writes
// tables, and the topic for its alarms where none is given. The workgroup's key
// encrypts its logs. Its role may look for other executions, so that one works at a time.
func newMachine(scope constructs.Construct, group IWorkGroup, topic awssns.ITopic, tables []workflow.Written, finds string, props *workflow.MachineProps) (*workflow.Machine, awssns.ITopic) {
	topic = workflow.AlarmTopic(scope, topic, group.Key())
	props.Key = group.Key()
	props.Statements = group.QueryStatements()
	for _, table := range tables {
		props.Statements = append(props.Statements, table.Statements(scope, group.Key())...)
	}
	machine := workflow.NewMachine(scope, "Machine", props)
	// Of its own, as the machine waits for its other policy.
	awsiam.NewManagedPolicy(scope, jsii.String("OthersPolicy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String(finds),
		Roles:       &[]awsiam.IRole{machine.Role()},
		Statements:  &[]awsiam.PolicyStatement{workflow.Allow([]string{*machine.ARN()}, "states:ListExecutions")},
	})
	return machine, topic
}

// settle is how long an execution waits before it looks for others: ListExecutions
// takes a moment to know of one.
const settle = 30 // seconds

// oneAtATime are the states that go on to next in the oldest execution that runs;
// the others end. Step Functions lists the newest first.
func oneAtATime(next string) workflow.States {
	return workflow.States{
		"Settle": workflow.Wait(settle).Next("ListRunning"),
		"ListRunning": workflow.Call("sfn", "listExecutions", map[string]any{
			"StateMachineArn.$": "$$.StateMachine.Id", "StatusFilter": "RUNNING", "MaxResults": 100,
		}).Select(map[string]any{
			"arns.$": "$.Executions[*].ExecutionArn", "count.$": "States.ArrayLength($.Executions)",
		}).Result("$.running").Next("IsAnyListed"),
		"IsAnyListed": workflow.Choice("FindOldest", workflow.When("$.running.count", "NumericEquals", 0).Then(next)),
		"FindOldest": workflow.Pass(map[string]any{
			"arn.$":  "States.ArrayGetItem($.running.arns, States.MathAdd($.running.count, -1))",
			"self.$": "$$.Execution.Id",
		}).Result("$.oldest").Next("IsOldest"),
		"IsOldest":       workflow.Choice("AlreadyRunning", workflow.When("$.oldest.arn", "StringEqualsPath", "$.oldest.self").Then(next)),
		"AlreadyRunning": workflow.Succeed(),
	}
}
