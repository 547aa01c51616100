package variants

import (
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

const (
	maxParts   = 100 // parts of a manifest, of up to ten objects each, as the queue gives them
	attempts   = 2   // runs of one manifest
	runSeconds = 60  // between two looks at a run
	minManual  = 60  // seconds between two looks whether another execution has ended
)

// definition takes what is in the queue into a manifest and has it loaded.
func (p *lakePlan) definition(self, queue, script string, e engine) workflow.Definition {
	return workflow.Definition{
		Comment: "Loads the VCF files that arrived",
		StartAt: "FindOthers",
		// All attempts of a run that wait as long as they may, and the wait for another one.
		TimeoutSeconds: (attempts + 1) * (p.timeout()*60 + 3600),
		States:         takeTurns(self).Add(p.collect(queue), p.run(script, e)),
	}
}

// takeTurns lets the oldest execution go on. Another one that was started by hand waits, one of the
// schedule ends: the next comes soon. The list of executions has the newest first; where it lags
// behind, an execution does not find itself and takes no turn.
// Source: "ListExecutions".
func takeTurns(self string) workflow.States {
	return workflow.States{
		"FindOthers": workflow.Evaluate("sfn", "listExecutions", map[string]any{"StateMachineArn": self, "StatusFilter": "RUNNING"}, map[string]any{
			"manifest": "{% $exists($states.input.manifest) ? $states.input.manifest : '' %}",
			"turn":     "{% $states.result.Executions[-1].ExecutionArn = $states.context.Execution.Id %}",
			"attempt":  1, "part": 0, "objects": 0,
		}).Next("IsTurn"),
		"IsTurn": workflow.Choice("WaitForTurn",
			workflow.All(workflow.When("$.turn", "BooleanEquals", true), workflow.When("$.manifest", "StringEquals", "")).Then("Receive"),
			workflow.When("$.turn", "BooleanEquals", true).Then("Prepare"),
			workflow.When("$.manifest", "StringEquals", "").Then("OtherRuns")),
		"WaitForTurn": workflow.Wait(minManual).Next("FindOthers"),
		"OtherRuns":   workflow.Succeed(),
	}
}

// collect writes the objects of the queue into a manifest, part by part, and deletes each
// message once its object is written down.
func (p *lakePlan) collect(queue string) workflow.States {
	const body = "$parse(Body).detail"
	keep := func(name string) string { return "{% $states.input." + name + " %}" }
	return workflow.States{
		"Receive": workflow.Evaluate("sqs", "receiveMessage", map[string]any{"QueueUrl": queue, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 20}, map[string]any{
			"manifest": keep("manifest"), "attempt": 1,
			"part":     "{% $states.input.part + 1 %}",
			"received": "{% $count($states.result.Messages) %}",
			"objects":  "{% $states.input.objects + $count($states.result.Messages) %}",
			"lines":    "{% $join($states.result.Messages.(" + body + ".$string({'uri': 's3://' & bucket.name & '/' & object.key, 'etag': object.etag, 'size': object.size})), '\\n') & '\\n' %}",
			"entries":  "{% [$states.result.Messages.{'Id': MessageId, 'ReceiptHandle': ReceiptHandle}] %}",
		}).Next("IsEmpty"),
		"IsEmpty": workflow.Choice("WritePart",
			workflow.All(workflow.When("$.received", "NumericEquals", 0), workflow.When("$.objects", "NumericEquals", 0)).Then("NothingArrived"),
			workflow.When("$.received", "NumericEquals", 0).Then("NameManifest")),
		"NothingArrived": workflow.Succeed(),
		"WritePart": workflow.Call("s3", "putObject", map[string]any{
			"Bucket": *cdkx.BucketName(p.runs.Bucket), "ContentType": "application/json", "Body.$": "$.lines",
			"Key.$": "States.Format('" + p.runs.Prefix + "{}/part-{}.json', $$.Execution.Name, $.part)",
		}).Discard().Next("DeleteMessages"),
		"DeleteMessages": workflow.Call("sqs", "deleteMessageBatch", map[string]any{"QueueUrl": queue, "Entries.$": "$.entries"}).Discard().Next("IsFull"),
		"IsFull":         workflow.Choice("Receive", workflow.When("$.part", "NumericGreaterThanEquals", maxParts).Then("NameManifest")),
		"NameManifest": workflow.Pass(map[string]any{
			"manifest.$": "States.Format('" + p.runs.URI() + "{}/', $$.Execution.Name)", "attempt": 1,
		}).Next("Prepare"),
	}
}

// run has a manifest loaded, and tries once more what failed.
func (p *lakePlan) run(script string, e engine) workflow.States {
	outcomes := []workflow.Outcome{{Status: e.success, Next: "Loaded"}}
	for _, status := range e.failures {
		outcomes = append(outcomes, workflow.Outcome{Status: status, Next: "MayTryAgain"})
	}
	job := e.arguments(p.loadArguments())
	job["script"] = script
	return workflow.States{
		"Prepare":     workflow.Pass(job).Result("$.job").Next("Start"),
		"Start":       e.start.Result("$.run").Next("WaitForRun"),
		"MayTryAgain": workflow.Choice("NotLoaded", workflow.When("$.attempt", "NumericLessThan", attempts).Then("NextAttempt")),
		"NextAttempt": workflow.Pass(map[string]any{"manifest.$": "$.manifest", "job.$": "$.job", "attempt.$": "States.MathAdd($.attempt, 1)"}).Next("Start"),
		"NotLoaded":   workflow.Fail("NotLoaded", "The run failed: read its log, mend the cause, and start an execution with the manifest of this one"),
		"Loaded":      workflow.Succeed(),
	}.Add(workflow.Poll("Run", runSeconds, e.describe.Result("$.state"), e.status, outcomes...))
}
