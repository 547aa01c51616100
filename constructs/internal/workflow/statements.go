package workflow

import "fmt"

// Statement is one SQL statement that a workflow runs in Athena.
type Statement struct {
	SQL string // text of the statement
	// Parameters is an intrinsic function that gives the list of values for the ? in
	// the SQL; "" is none.
	Parameters string
}

// What a statement may take.
const (
	statementPoll = 30 // seconds

	// StatementSeconds is how long each statement may take, an hour: Athena lets one
	// run for 30 minutes, after it has waited in a queue.
	StatementSeconds = 60 * 60

	// FirstStatement is the state that RunStatements start in.
	FirstStatement = "RunStatement1"
)

// Throttled retries the start of a statement that Athena has no room for.
var Throttled = Retrier{Errors: []string{"Athena.TooManyRequestsException"}, Seconds: 10, Rate: 2, Most: 300, Attempts: 20}

// RunStatements are the states that run statements one after another in a workgroup
// and then go on to next. Each statement is part of its state and not of the
// execution's data, of which there may be 256 KB only. Athena takes a second start of
// one statement by one execution for the first.
func RunStatements(workGroup string, statements []Statement, next string) States {
	out := States{"StatementFailed": Fail("StatementFailed", "A statement failed in Athena: see the workgroup's history")}
	for i, s := range statements {
		number := i + 1
		after := next
		if number < len(statements) {
			after = fmt.Sprintf("RunStatement%d", number+1)
		}
		out = out.Add(s.states(workGroup, number, after))
	}
	return out
}

func (s Statement) states(workGroup string, number int, next string) States {
	name := fmt.Sprintf("Statement%d", number)
	parameters := map[string]any{
		"QueryString": s.SQL, "WorkGroup": workGroup,
		"ClientRequestToken.$": fmt.Sprintf("States.Hash(States.Format('{} %d', $$.Execution.Id), 'SHA-256')", number),
	}
	if s.Parameters != "" {
		parameters["ExecutionParameters.$"] = s.Parameters
	}
	run := Call("athena", "startQueryExecution", parameters).
		Retry(Throttled).
		Select(map[string]any{"id.$": "$.QueryExecutionId"}).Result("$.query")
	describe := Call("athena", "getQueryExecution", map[string]any{"QueryExecutionId.$": "$.query.id"}).
		Select(map[string]any{"state.$": "$.QueryExecution.Status.State"}).Result("$.status")
	return States{"Run" + name: run.Next("WaitFor" + name)}.Add(Poll(name, statementPoll, describe, "$.status.state",
		Outcome{Status: "SUCCEEDED", Next: next},
		Outcome{Status: "FAILED", Next: "StatementFailed"},
		Outcome{Status: "CANCELLED", Next: "StatementFailed"}))
}
