package workflow

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Check reports everything about a definition that Step Functions would refuse
// or that would strand an execution: a target that does not exist, a state that
// nothing leads to, one that neither goes on nor ends, and a task without retry.
func (d Definition) Check() error { return check("", d.StartAt, d.States) }

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
	if inner, isMap := s["ItemProcessor"].(map[string]any); isMap {
		start, _ := inner["StartAt"].(string)
		states, _ := inner["States"].(States)
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
