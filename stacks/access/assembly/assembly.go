package assembly

import (
	"slices"
	"sync"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
	"github.com/lakemesh/lakemesh/constructs/queryresults"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// Read reads the stacks of an assembly (the folder cdk.out), those of its stages and
// nested stacks too, and returns what deploying all of them leads to.
//
// Intrinsic functions are worked out as far as the templates allow: pseudo
// parameters, defaults of parameters, names that a template fixes, outputs of other
// stacks, Fn::Join, Fn::Sub, Fn::Select and Fn::Split. Everything else stands in the state as a marker, such as
// ${Stack.LogicalId.Arn}, and in State.Unresolved.
//
// Nobody can say which side of a condition is deployed, so the state is the upper
// bound: a resource with a condition is read as if it were made, both values of
// Fn::If are read, and State.Unresolved says who gets what by it. So it is with a
// property that is not as CloudFormation has it. Neither hides the rest.
//
// A template does not show what the account already holds: administrators that
// MutationType APPEND keeps, the account's default permissions when the assembly
// has no DataLakeSettings, and grants made by hand. Package live reads those.
func Read(dir string) (*access.State, error) { return ReadGiven(dir, template.Given{}) }

// ReadGiven reads what Read reads, a folder of templates in JSON or YAML, or a single
// one, with values for what they leave open; see template.Read.
func ReadGiven(path string, given template.Given) (*access.State, error) {
	all, err := template.Read(path, given)
	if err != nil {
		return nil, err
	}
	return FromStacks(all), nil
}

// FromStacks is Read of stacks that are read already.
func FromStacks(all []*template.Stack) *access.State {
	state, defaults := &access.State{}, newDefaults()
	guess := guessAccount(all)
	alternatives := slices.ContainsFunc(all, (*template.Stack).HasConditions)
	for _, stack := range all {
		if stack.Parent == nil && !stack.Fixed() {
			state.Unresolved = append(state.Unresolved, access.Unresolved{
				Place: stack.Name, Reason: template.NoFixedPlace + "; set env, or say which",
			})
			if guess != "" {
				state.Unresolved = append(state.Unresolved, access.Unresolved{
					Place: stack.Name, Text: guess, Reason: "taken for the account of the stack, as it is the only catalog that the templates name",
				})
			}
		}
		r := newReader(stack, state, defaults)
		r.alternatives = alternatives
		r.read()
	}
	policies := sync.OnceValue(func() *iampolicy.Policies { return iampolicy.Of(all) })
	readWorkGroups(state, all, policies)
	readPolicies(state, policies())
	defaults.grant(state)
	state.Normalize()
	return state
}

// readWorkGroups adds the Athena workgroups whose results or history somebody may read.
func readWorkGroups(state *access.State, stacks []*template.Stack, policies func() *iampolicy.Policies) {
	for _, w := range queryresults.OfPolicies(stacks, policies) {
		if len(w.Readers)+len(w.Unknown) == 0 {
			continue
		}
		home := state.Catalog(w.Stack.Account, w.Stack.Region)
		home.WorkGroups = append(home.WorkGroups, access.WorkGroup{Name: w.Name, Readers: w.Readers, Unknown: w.Unknown})
	}
}
