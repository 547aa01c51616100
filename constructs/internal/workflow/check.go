package workflow

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MaxDefinition is the longest definition that Step Functions takes, in bytes.
// Source: "Step Functions service quotas".
const MaxDefinition = 1 << 20

// Check reports everything about a definition that Step Functions would refuse
// or that would strand an execution: a target that does not exist, a state that
// nothing leads to, one that neither goes on nor ends, a task without retry, a
// name that two states of the machine have, also where one stands in a Map, and a
// definition that is too long.
// Source: "ValidateStateMachineDefinition"; "Amazon States Language: States".
func (d Definition) Check() error {
	places := map[string][]string{}
	d.States.place("", places)
	errs := []error{check("", d.StartAt, d.States)}
	for _, name := range slices.Sorted(maps.Keys(places)) {
		if at := places[name]; len(at) > 1 {
			errs = append(errs, fmt.Errorf("%s: %d states have this name, which is one for the whole machine", strings.Join(at, ", "), len(at)))
		}
		if n := len([]rune(name)); n > maxStateName {
			errs = append(errs, fmt.Errorf("%s: a name of %d characters, at most %d", places[name][0], n, maxStateName))
		}
	}
	if n := len(d.JSON("aws")); n > MaxDefinition {
		errs = append(errs, fmt.Errorf("a definition of %d bytes, at most %d", n, MaxDefinition))
	}
	return errors.Join(errs...)
}

const maxStateName = 80 // characters

// place enters where each name of a state stands, sorted.
func (s States) place(path string, places map[string][]string) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		places[name] = append(places[name], path+name)
		if _, inner := s[name].inner(); inner != nil {
			inner.place(path+name+"/", places)
		}
	}
}

// inner is where the states of a Map start, and those states.
func (s State) inner() (start string, states States) {
	processor, _ := s["ItemProcessor"].(map[string]any)
	start, _ = processor["StartAt"].(string)
	states, _ = processor["States"].(States)
	return start, states
}

func check(path, start string, states States) error {
	var errs []error
	reached := map[string]bool{}
	for open := []string{start}; len(open) > 0; open = open[1:] {
		name := open[0]
		if reached[name] {
			continue
		}
		reached[name] = true
		state, exists := states[name]
		if !exists {
			errs = append(errs, fmt.Errorf("%s%s: no such state", path, name))
			continue
		}
		open = append(open, state.targets()...)
	}
	for _, name := range slices.Sorted(maps.Keys(states)) {
		if !reached[name] {
			errs = append(errs, fmt.Errorf("%s%s: nothing leads to it", path, name))
		}
		errs = append(errs, states[name].check(path+name)...)
	}
	return errors.Join(errs...)
}

func (s State) check(path string) []error {
	var errs []error
	_, next := s["Next"]
	_, end := s["End"]
	switch s["Type"] {
	case "Choice", "Succeed", "Fail":
		if next || end {
			errs = append(errs, fmt.Errorf("%s: Next or End on a %v", path, s["Type"]))
		}
	default:
		if next == end {
			errs = append(errs, fmt.Errorf("%s: needs either Next or End", path))
		}
	}
	if _, retried := s["Retry"]; s["Type"] == "Task" && !retried {
		errs = append(errs, fmt.Errorf("%s: a task without Retry", path))
	}
	if start, states := s.inner(); states != nil {
		if err := check(path+"/", start, states); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// targets are the names of the states that may follow.
func (s State) targets() []string {
	var out []string
	for _, field := range []string{"Next", "Default"} {
		if name, set := s[field].(string); set {
			out = append(out, name)
		}
	}
	rules, _ := s["Choices"].([]Rule)
	for _, rule := range rules {
		if name, set := rule["Next"].(string); set {
			out = append(out, name)
		}
	}
	catchers, _ := s["Catch"].([]any)
	for _, catcher := range catchers {
		if fields, ok := catcher.(map[string]any); ok {
			if name, set := fields["Next"].(string); set {
				out = append(out, name)
			}
		}
	}
	return out
}
