package fhirstore

import (
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/delivery"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// definition exports the store and runs the statements.
func (p *exportPlan) definition(role string) workflow.Definition {
	id := *p.Store.DatastoreID()
	poll := delivery.Seconds(p.PollInterval)
	after := "Exported"
	if len(p.Statements) > 0 {
		after = workflow.FirstStatement
	}
	start := workflow.Call("healthlake", "startFHIRExportJob", map[string]any{
		"DatastoreId": id, "DataAccessRoleArn": role, "ClientToken.$": "States.Hash($$.Execution.Id, 'SHA-256')",
		"OutputDataConfig": map[string]any{"S3Configuration": map[string]any{"S3Uri": p.output.URI(), "KmsKeyId": p.output.KeyARN()}},
	}).Retry(retryThrottled())
	return workflow.Definition{
		Comment: "Exports a FHIR store", StartAt: "StartExport",
		TimeoutSeconds: workflow.MaxPolls*poll + len(p.Statements)*workflow.StatementSeconds,
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
				workflow.Outcome{Status: "CANCEL_COMPLETED", Next: "Incomplete"},
				workflow.Outcome{Status: "CANCEL_FAILED", Next: "Incomplete"}),
			p.statementStates(),
		),
	}
}

// statementStates run the statements one after another.
func (p *exportPlan) statementStates() workflow.States {
	if len(p.Statements) == 0 {
		return nil
	}
	list := make([]workflow.Statement, len(p.Statements))
	for i, s := range p.Statements {
		list[i].SQL = *s.SQL
		if cdkx.Value(s.PassJob, false) {
			list[i].Parameters = `States.Array(States.Format('\'{}\'', $.started.JobId))`
		}
	}
	return workflow.RunStatements(*p.WorkGroup.WorkGroupName(), list, "Exported")
}
