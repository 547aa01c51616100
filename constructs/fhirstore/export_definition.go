package fhirstore

import "github.com/lakemesh/lakemesh/constructs/internal/workflow"

// definition exports the store and runs the statements.
func (p *ExportProps) definition(role string) workflow.Definition {
	id := *p.Store.DatastoreID()
	poll := int(*p.PollInterval.ToSeconds(nil))
	after := "Exported"
	if len(p.Statements) > 0 {
		after = "ListStatements"
	}
	start := workflow.Call("healthlake", "startFHIRExportJob", map[string]any{
		"DatastoreId": id, "DataAccessRoleArn": role, "ClientToken.$": "States.Hash($$.Execution.Id, 'SHA-256')",
		"OutputDataConfig": map[string]any{"S3Configuration": map[string]any{"S3Uri": p.Output.uri(), "KmsKeyId": p.Output.keyARN()}},
	}).Retry(patience())
	return workflow.Definition{
		Comment: "Exports a FHIR store", StartAt: "StartExport",
		TimeoutSeconds: workflow.MaxPolls*poll + len(p.Statements)*queryPoll*queryPollLimit,
		States: workflow.States{
			"StartExport": start.Result("$.started").Next("WaitForExport"),
			"Exported":    workflow.Succeed(),
			"Incomplete":  workflow.Fail("Incomplete", "The export job failed, was cancelled or left resources out: describe it with healthlake describe-fhir-export-job"),
		}.Add(
			workflow.Poll("Export", poll,
				workflow.Call("healthlake", "describeFHIRExportJob", map[string]any{"DatastoreId": id, "JobId.$": "$.started.JobId"}).Result("$.job"),
				"$.job.ExportJobProperties.JobStatus",
				workflow.Outcome{Status: "COMPLETED", Next: after},
				workflow.Outcome{Status: "COMPLETED_WITH_ERRORS", Next: "Incomplete"},
				workflow.Outcome{Status: "FAILED", Next: "Incomplete"},
				workflow.Outcome{Status: "CANCEL_COMPLETED", Next: "Incomplete"}),
			p.statementStates(),
		),
	}
}

// statementStates run the statements one after another.
func (p *ExportProps) statementStates() workflow.States {
	if len(p.Statements) == 0 {
		return nil
	}
	list := make([]any, len(p.Statements))
	for i, s := range p.Statements {
		list[i] = map[string]any{"sql": s.SQL, "passJob": s.PassJob, "number": i}
	}
	run := func(more map[string]any) workflow.State {
		more["QueryString.$"], more["WorkGroup"] = "$.statement.sql", *p.WorkGroup.WorkGroupName()
		more["ClientRequestToken.$"] = "States.Hash(States.Format('{} {}', $$.Execution.Id, $.statement.number), 'SHA-256')"
		return workflow.Call("athena", "startQueryExecution", more).
			Retry(workflow.Retrier{Errors: []string{"Athena.TooManyRequestsException"}, Seconds: 10, Rate: 2, Most: 300, Attempts: 20}).
			Result("$.query").Next("WaitForQuery")
	}
	return workflow.States{
		"ListStatements": workflow.Pass(map[string]any{"all": list}).Result("$.statements").Next("RunEach"),
		"RunEach": workflow.Each("$.statements.all", "TakesJob", workflow.States{
			"TakesJob":    workflow.Choice("Run", workflow.When("$.statement.passJob", "BooleanEquals", true).Then("RunWithJob")),
			"Run":         run(map[string]any{}),
			"RunWithJob":  run(map[string]any{"ExecutionParameters.$": `States.Array(States.Format('\'{}\'', $.job))`}),
			"Ran":         workflow.Succeed(),
			"QueryFailed": workflow.Fail("QueryFailed", "A statement failed in Athena: see the workgroup's history"),
		}.Add(workflow.Poll("Query", queryPoll,
			workflow.Call("athena", "getQueryExecution", map[string]any{"QueryExecutionId.$": "$.query.QueryExecutionId"}).
				Select(map[string]any{"state.$": "$.QueryExecution.Status.State"}).Result("$.status"),
			"$.status.state",
			workflow.Outcome{Status: "SUCCEEDED", Next: "Ran"},
			workflow.Outcome{Status: "FAILED", Next: "QueryFailed"},
			workflow.Outcome{Status: "CANCELLED", Next: "QueryFailed"}))).
			With("ItemSelector", map[string]any{"statement.$": "$$.Map.Item.Value", "job.$": "$.started.JobId"}).Discard().Next("Exported"),
	}
}
