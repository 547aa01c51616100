package query

import "github.com/lakemesh/lakemesh/constructs/internal/workflow"

const (
	alterPoll = 15 // seconds
	// A change of a table is written in seconds; the rest is for others that wait.
	evolutionSeconds = 12 * 60 * 60
)

// definition makes the changes at $.changes if no older execution runs.
func (p *SchemaEvolutionProps) definition() workflow.Definition {
	const failed = "AlterFailed"
	alter := workflow.Call("athena", "startQueryExecution", map[string]any{
		"QueryString.$": "$.sql", "WorkGroup": *p.WorkGroup.WorkGroupName(),
		"QueryExecutionContext": map[string]any{"Database.$": "$.database"},
		"ClientRequestToken.$":  "States.Hash(States.Format('{} {}', $$.Execution.Id, $.sql), 'SHA-256')",
	}).Select(map[string]any{"id.$": "$.QueryExecutionId"}).Result("$.query").Next("WaitForAlter")
	describe := workflow.Call("athena", "getQueryExecution", map[string]any{"QueryExecutionId.$": "$.query.id"}).
		Select(map[string]any{"state.$": "$.QueryExecution.Status.State"}).Result("$.status")
	each := workflow.States{
		"LookAtTable": lookAtTable().Next("IsNeeded"),
		"IsNeeded":    workflow.Choice("Passed", workflow.When("$.needed", "BooleanEquals", true).Then("Alter")),
		"Alter":       alter,
		"LookAgain":   lookAtTable().Next("HasChanged"),
		"HasChanged":  workflow.Choice("Made", workflow.When("$.needed", "BooleanEquals", true).Then("NotChanged")),
		"Passed":      workflow.Pass(map[string]any{"passed.$": "$.sql"}).End(),
		"Made":        workflow.Pass(map[string]any{"made.$": "$.sql"}).End(),
		failed:        workflow.Fail(failed, "Athena did not alter a table: see the workgroup's history"),
		"NotChanged":  workflow.Fail("NotChanged", "Athena altered a table, and the catalog does not show it: look at the table"),
	}.Add(workflow.Poll("Alter", alterPoll, describe, "$.status.state",
		workflow.Outcome{Status: "SUCCEEDED", Next: "LookAgain"},
		workflow.Outcome{Status: "FAILED", Next: failed}, workflow.Outcome{Status: "CANCELLED", Next: failed}))
	return workflow.Definition{
		Comment: "Changes columns of Iceberg tables", StartAt: "Settle", TimeoutSeconds: evolutionSeconds,
		States: workflow.States{
			"EachChange": workflow.Each("$.changes", "LookAtTable", each).Result("$.outcomes").Next("Done"),
			"Done":       workflow.Succeed(),
		}.Add(oneAtATime("EachChange")),
	}
}

// lookAtTable says at $.needed whether the change at $ has still to be made. Columns
// that an Iceberg table has no more stay in the catalog, marked. The answer of a
// table with some 500 columns is more than a workflow can read; then it fails here.
func lookAtTable() workflow.State {
	const needed = "{% ($here := $states.result.Table.StorageDescriptor.Columns[$not(Parameters.`iceberg.field.current` = 'false')];" +
		" $old := $here[Name = $states.input.from]; $new := $here[Name = $states.input.to];" +
		" $merge([$states.input, {'needed': $states.input.from = '' ? $not($exists($new)) :" +
		" $states.input.from = $states.input.to ? $exists($old) and $old.Type != $states.input.type : $exists($old)}])) %}"
	return workflow.Evaluate("glue", "getTable", map[string]any{
		"DatabaseName": "{% $states.input.database %}", "Name": "{% $states.input.table %}",
	}, needed)
}
