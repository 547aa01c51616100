package query

import "github.com/lakemesh/lakemesh/constructs/internal/workflow"

// definition runs the statements if no older execution runs.
func (p *JobProps) definition() workflow.Definition {
	list := make([]workflow.Statement, len(p.Statements))
	for i, sql := range p.Statements {
		list[i].SQL = sql
	}
	return workflow.Definition{
		Comment: *p.Description, StartAt: "Settle",
		TimeoutSeconds: 2*settle + len(list)*workflow.StatementSeconds,
		States: workflow.States{"Done": workflow.Succeed()}.Add(
			oneAtATime(workflow.FirstStatement),
			workflow.RunStatements(*p.WorkGroup.WorkGroupName(), list, "Done")),
	}
}

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
