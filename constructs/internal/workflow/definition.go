package workflow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// State is one state of a definition, with the field names of the Amazon States
// Language. Its methods return changed copies.
type State map[string]any

// States are states by name.
type States map[string]State

// Definition is a state machine in the Amazon States Language.
type Definition struct {
	Comment        string // what the machine does
	StartAt        string // name of the first state
	States         States // all of them
	TimeoutSeconds int    // 0: Step Functions' own limit of a year
}

// JSON renders the definition with sorted keys. Strings may hold CDK tokens, and
// so may partition: that of the stack, because Step Functions refuses to run tasks
// of another one.
func (d Definition) JSON(partition string) string {
	out := map[string]any{"StartAt": d.StartAt, "States": d.States}
	if d.Comment != "" {
		out["Comment"] = d.Comment
	}
	if d.TimeoutSeconds > 0 {
		out["TimeoutSeconds"] = d.TimeoutSeconds
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		panic(fmt.Errorf("a definition of maps, lists, texts and numbers: %w", err))
	}
	ofPartition := strings.Replace(resourcePrefix, "{partition}", partition, 1)
	return strings.ReplaceAll(strings.TrimSpace(buffer.String()), resourcePrefix, ofPartition)
}

// Add returns the states of both; a name of both is a mistake and panics.
func (s States) Add(more ...States) States {
	out := States{}
	for _, states := range append([]States{s}, more...) {
		for name, state := range states {
			if _, twice := out[name]; twice {
				panic(fmt.Errorf("state %s is defined twice", name))
			}
			out[name] = state
		}
	}
	return out
}

// With returns the state with a field set.
func (s State) With(field string, value any) State {
	out := make(State, len(s)+1)
	for k, v := range s {
		out[k] = v
	}
	out[field] = value
	return out
}

// Next returns the state with what follows it.
func (s State) Next(name string) State { return s.With("Next", name) }

// End returns the state as the last one.
func (s State) End() State { return s.With("End", true) }

// Result returns the state with the path its result is put at.
func (s State) Result(path string) State { return s.With("ResultPath", path) }

// Select returns the state with what is kept of its raw result.
func (s State) Select(selector map[string]any) State { return s.With("ResultSelector", selector) }

// Discard returns the state with its result dropped.
func (s State) Discard() State { return s.With("ResultPath", nil) }

// Catch returns the state with where to go on errors. What is known of the
// error stands at $.error then, or is all there is after a state in JSONata.
func (s State) Catch(next string, errors ...string) State {
	catcher := map[string]any{"ErrorEquals": errors, "Next": next}
	if s["QueryLanguage"] != "JSONata" {
		catcher["ResultPath"] = "$.error"
	}
	catchers, _ := s["Catch"].([]any)
	return s.With("Catch", append(catchers[:len(catchers):len(catchers)], catcher))
}

// Expect returns the state with where to go on errors that are answers and no
// failures: they are caught at once, without a retry.
func (s State) Expect(next string, errors ...string) State {
	return s.Retry(Retrier{Errors: errors, Seconds: 1, Rate: 1}).Catch(next, errors...)
}

// Retry returns the state with retriers that come before those it has.
func (s State) Retry(retriers ...Retrier) State {
	var out []any
	for _, r := range retriers {
		out = append(out, r.fields())
	}
	has, _ := s["Retry"].([]any)
	return s.With("Retry", append(out, has...))
}

// Retrier says how often and how patiently errors are retried.
type Retrier struct {
	Errors   []string // names of the errors that are retried
	Seconds  int      // before the first retry
	Rate     float64  // factor between two intervals
	Most     int      // seconds between two attempts at the most; 0: no limit
	Attempts int      // 0: never again
}

func (r Retrier) fields() map[string]any {
	out := map[string]any{
		"ErrorEquals": r.Errors, "IntervalSeconds": r.Seconds, "BackoffRate": r.Rate, "MaxAttempts": r.Attempts, "JitterStrategy": "FULL",
	}
	if r.Most > 0 {
		out["MaxDelaySeconds"] = r.Most
	}
	return out
}

// resourcePrefix begins what a task calls until Definition.JSON knows the partition.
const resourcePrefix = "arn:{partition}:states:::"
