package assembly

import (
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/queryresults"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// Read reads the stacks of an assembly (the folder cdk.out), those of its stages and
// nested stacks too, and returns what deploying all of them leads to.
//
// Intrinsic functions are worked out as far as the template allows: pseudo
// parameters, names that the template fixes, Fn::Join, Fn::Sub, Fn::Select and
// Fn::Split. Everything else stands in the state as a marker, such as
// ${Stack.LogicalId.Arn}, and in State.Unresolved. Conditions on anything that
// bears on access are errors, because nobody can say which side is deployed.
//
// A template does not show what the account already holds: administrators that
// MutationType APPEND keeps, the account's default permissions when the assembly
// has no DataLakeSettings, and grants made by hand. Package live reads those.
func Read(dir string) (*access.State, error) {
	all, err := template.ReadAssembly(dir)
	if err != nil {
		return nil, err
	}
	state, defaults := &access.State{}, newDefaults()
	var problems problem.List
	for _, stack := range all {
		if stack.Parent == nil && !stack.Fixed() {
			state.Unresolved = append(state.Unresolved, access.Unresolved{
				Place: stack.Name, Reason: "the stack has no fixed account and region; set env",
			})
		}
		if conditional(stack) {
			continue
		}
		r := &reader{Resolver: template.NewResolver(stack), stack: stack, state: state, defaults: defaults}
		r.OnUnresolved = func(u access.Unresolved) { state.Unresolved = append(state.Unresolved, u) }
		r.OnProblem = func(place, got, expected, fix string) {
			problems.Add(problem.Problem{File: stack.File, Path: place, Got: got, Expected: expected, Fix: fix})
		}
		r.read()
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	readWorkGroups(state, all)
	defaults.grant(state)
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

// readWorkGroups adds the Athena workgroups whose results or history somebody may read.
func readWorkGroups(state *access.State, stacks []*template.Stack) {
	for _, w := range queryresults.Of(stacks) {
		if len(w.Readers)+len(w.Unknown) == 0 {
			continue
		}
		home := state.Catalog(w.Stack.Account, w.Stack.Region)
		home.WorkGroups = append(home.WorkGroups, access.WorkGroup{Name: w.Name, Readers: w.Readers, Unknown: w.Unknown})
	}
}
