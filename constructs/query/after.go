package query

import (
	"fmt"
	"regexp"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

const (
	// maxAfter leaves the definition room for its statements.
	maxAfter = 50

	// A job looks at a machine that runs every minute, and waits four hours for all that
	// run together: what starts in the night is done, or known not to be, in the morning.
	afterPoll = 60 // seconds
	maxWaits  = 4 * 60 * 60 / afterPoll
	// Each look takes a moment of its own.
	afterSeconds = maxWaits*afterPoll + 60*60

	firstLook = "NothingWaited"
)

// machineARN is that of a state machine.
var machineARN = regexp.MustCompile(`^arn:[a-z-]+:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[A-Za-z0-9_-]{1,80}$`)

// checkMachines reports machines that nobody can look at.
func checkMachines(list *problem.List, field string, machines []string) {
	if n := len(machines); n > maxAfter {
		list.Addf(field, fmt.Sprintf("%d state machines", n), fmt.Sprintf("at most %d", maxAfter), "make fewer jobs of them, or name only the last of each chain")
	}
	seen := map[string]bool{}
	for i, machine := range machines {
		path := fmt.Sprintf("%s[%d]", field, i)
		switch {
		case seen[machine]:
			list.Addf(path, cdkx.Quote(machine)+" again", "each state machine once", "take it out")
		case !cdkx.HoldsToken(machine) && !machineARN.MatchString(machine):
			list.Addf(path, cdkx.Quote(machine), "the ARN of a state machine, without a version or an alias", "write it like arn:aws:states:us-east-1:111122223333:stateMachine:name")
		}
		seen[machine] = true
	}
}

// comeAfter are the states that look at machines one after another and go on to next when
// the last execution of each has succeeded; they start in firstLook.
//
// The last execution is the one that ended last, as one that finds an older one at work
// ends before that does (oneAtATime): its success says nothing.
func comeAfter(machines []awaited, next string) workflow.States {
	const look = "{% ( $all := $states.result.Executions;" +
		" $status := $count($all) = 0 ? 'NONE' : $count($all[Status = 'RUNNING']) > 0 ? 'RUNNING' : ($all^(>StopDate))[0].Status;" +
		" { 'status': $status, 'waits': $states.input.waits + ($status = 'RUNNING' ? 1 : 0) } ) %}"
	out := workflow.States{firstLook: workflow.Pass(map[string]any{"waits": 0}).Next("LookAtMachine1")}
	for i, a := range machines {
		machine := a.machine
		name, then := fmt.Sprintf("Machine%d", i+1), next
		if i+1 < len(machines) {
			then = fmt.Sprintf("LookAtMachine%d", i+2)
		}
		lookAt := workflow.Evaluate("sfn", "listExecutions", map[string]any{"StateMachineArn": machine, "MaxResults": 100}, look).Next("Is" + name + "Done")
		if a.role != "" {
			lookAt = lookAt.As(a.role)
		}
		out = out.Add(workflow.States{
			"LookAt" + name: lookAt,
			"Is" + name + "Done": workflow.Choice("Failed"+name,
				workflow.When("$.status", "StringEquals", "SUCCEEDED").Then(then),
				workflow.When("$.status", "StringEquals", "NONE").Then("NeverRan"+name),
				workflow.All(workflow.When("$.status", "StringEquals", "RUNNING"), workflow.When("$.waits", "NumericGreaterThan", maxWaits)).Then("StillRuns"+name),
				workflow.When("$.status", "StringEquals", "RUNNING").Then("WaitFor"+name)),
			"WaitFor" + name:   workflow.Wait(afterPoll).Next("LookAt" + name),
			"Failed" + name:    workflow.Fail("EarlierJobFailed", "The last execution of "+machine+", which makes what this job reads, did not succeed: mend its cause and start it anew, then this job"),
			"NeverRan" + name:  workflow.Fail("EarlierJobNeverRan", "There is no execution of "+machine+", which makes what this job reads: start it first, then this job"),
			"StillRuns" + name: workflow.Fail("EarlierJobStillRuns", "This job waited four hours for "+machine+", which makes what it reads: start it anew when that has succeeded"),
		})
	}
	return out
}
