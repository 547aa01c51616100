package access

import (
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// FromAssembly reads the stacks of a CDK cloud assembly (cdk.out), those of its
// stages and nested stacks too, and returns what deploying all of them leads to.
//
// Intrinsic functions are worked out as far as the template allows: pseudo
// parameters, names that the template fixes, Fn::Join, Fn::Sub, Fn::Select and
// Fn::Split. Everything else stands in the state as a marker, such as
// ${Stack.LogicalId.Arn}, and in State.Unresolved. Conditions on anything that
// bears on access are errors, because nobody can say which side is deployed.
//
// A template does not show what the account already holds: administrators that
// MutationType APPEND keeps, the account's default permissions when the assembly
// has no DataLakeSettings, and grants made by hand. Package live does.
func FromAssembly(dir string) (*State, error) {
	all, err := template.ReadAssembly(dir)
	if err != nil {
		return nil, err
	}
	state, defaults := &State{}, newDefaults()
	var problems problem.List
	for _, stack := range all {
		if stack.Parent == nil && !stack.Fixed() {
			state.Unresolved = append(state.Unresolved, Unresolved{
				Place: stack.Name, Reason: "the stack has no fixed account and region; set env",
			})
		}
		if conditional(stack) {
			continue
		}
		t := &templateReader{Resolver: template.NewResolver(stack), stack: stack, state: state, defaults: defaults}
		t.OnUnresolved = func(u Unresolved) { state.Unresolved = append(state.Unresolved, u) }
		t.refuse = func(place, got, expected, fix string) {
			problems.Add(problem.Problem{File: stack.File, Path: place, Got: got, Expected: expected, Fix: fix})
		}
		t.OnProblem = t.refuse
		t.read()
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	readWorkGroups(state, all)
	defaults.apply(state)
	state.Normalize()
	return state, nil
}

// conditional reports whether a nested stack may be left out of the deployment.
func conditional(stack *template.Stack) bool {
	for ; stack.Parent != nil; stack = stack.Parent {
		if stack.Parent.Resources[stack.LogicalID].Condition != "" {
			return true
		}
	}
	return false
}
