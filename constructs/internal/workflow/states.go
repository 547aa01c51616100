package workflow

// Call is a task that calls an API of a service, for example
// Call("healthlake", "startFHIRImportJob", …). Any error is retried four times
// within about a minute; what fails then fails the execution in this state, so
// that a redrive goes on from here.
func Call(service, action string, parameters map[string]any) State {
	return task("aws-sdk:"+service+":"+action, parameters)
}

// Evaluate is a Call whose arguments and output are written in JSONata, for what
// JSONPath has no functions: a text between {% and %} is an expression. The output is
// all that the next state sees.
func Evaluate(service, action string, arguments map[string]any, output any) State {
	state := task("aws-sdk:"+service+":"+action, nil).With("QueryLanguage", "JSONata").With("Arguments", arguments).With("Output", output)
	delete(state, "Parameters")
	return state
}

// As returns the task with the ARN of a role that it calls with, of another account than
// the machine's. The machine's role has to be let assume it.
func (s State) As(role string) State { return s.With("Credentials", map[string]any{"RoleArn": role}) }

// StartExecution is a task that starts another state machine under a name and
// goes on at once. The name makes it idempotent: the same name fails with
// ExecutionExists, unless that execution still runs on the same input.
func StartExecution(machine, name string, input map[string]any) State {
	return task("states:startExecution", map[string]any{"StateMachineArn": machine, "Name.$": name, "Input": input})
}

// ExecutionExists is the error of a name that was used within 90 days.
const ExecutionExists = "StepFunctions.ExecutionAlreadyExistsException"

func task(integration string, parameters map[string]any) State {
	return State{"Type": "Task", "Resource": resourcePrefix + integration, "Parameters": parameters}.Retry(
		Retrier{Errors: []string{"States.TaskFailed"}, Seconds: 4, Rate: 2, Attempts: 4})
}

// Pass sets values; an intrinsic function or a path is a key that ends in ".$".
func Pass(parameters map[string]any) State { return State{"Type": "Pass", "Parameters": parameters} }

// Wait waits for a number of seconds.
func Wait(seconds int) State { return State{"Type": "Wait", "Seconds": seconds} }

// Succeed ends the execution well.
func Succeed() State { return State{"Type": "Succeed"} }

// Fail ends the execution with an error.
func Fail(name, cause string) State { return State{"Type": "Fail", "Error": name, "Cause": cause} }

// Rule is one case of a choice.
type Rule map[string]any

// Then returns the rule with where it leads to.
func (r Rule) Then(next string) Rule {
	out := Rule{}
	for k, v := range r {
		out[k] = v
	}
	out["Next"] = next
	return out
}

// When compares the value at a path, for example When("$.n", "NumericGreaterThan", 3).
func When(path, operator string, value any) Rule { return Rule{"Variable": path, operator: value} }

// All holds when every rule holds.
func All(rules ...Rule) Rule { return Rule{"And": rules} }

// Any holds when one of the rules does.
func Any(rules ...Rule) Rule { return Rule{"Or": rules} }

// Not holds when the rule does not.
func Not(rule Rule) Rule { return Rule{"Not": rule} }

// Choice takes the first rule that holds, and otherwise goes to the default.
func Choice(otherwise string, rules ...Rule) State {
	return State{"Type": "Choice", "Choices": rules, "Default": otherwise}
}

// Each runs states for every item of the list at a path, one after another.
func Each(items, startAt string, states States) State {
	return State{"Type": "Map", "ItemsPath": items, "MaxConcurrency": 1, "ItemProcessor": map[string]any{
		"ProcessorConfig": map[string]any{"Mode": "INLINE"}, "StartAt": startAt, "States": states,
	}}
}

// Outcome says where a status of a job leads to.
type Outcome struct {
	Status string // that a job ends in
	Next   string // the state that follows
}

// MaxPolls is how often a workflow may ask for the status of a job. A poll is
// nine events of an execution's history, of which Step Functions allows 25,000;
// the rest is for the other states.
const MaxPolls = 1500

// Poll are the states WaitFor<name>, Describe<name> and Is<name>Done: they ask
// for a job's status at an interval until it is one of the outcomes, which are all
// that a job may end in: a status that is none of them is waited for. Start with
// WaitFor<name>.
func Poll(name string, seconds int, describe State, status string, outcomes ...Outcome) States {
	rules := make([]Rule, len(outcomes))
	for i, o := range outcomes {
		rules[i] = When(status, "StringEquals", o.Status).Then(o.Next)
	}
	return States{
		"WaitFor" + name:     Wait(seconds).Next("Describe" + name),
		"Describe" + name:    describe.Next("Is" + name + "Done"),
		"Is" + name + "Done": Choice("WaitFor"+name, rules...),
	}
}
