package drift

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/live"
)

// Templates are what templates say that accounts hold, and who works there for them.
type Templates struct {
	State     *access.State // what deploying the templates leads to
	Places    []live.Place  // accounts and regions that they are deployed to, sorted
	Deployers []string      // ARNs of the roles that CloudFormation works with
	Roles     []string      // ARNs of the roles that the templates make, as far as they tell
	Settings  []string      // "account/region" whose data lake settings a template has
	// Others are patterns, as path.Match takes them, of databases that others have in the same
	// accounts: what of them is in no template is noted and not reported.
	Others []string
	// Unnamed are stacks with something that the state is about and that has no name in its
	// template. live.Names finds the names, and template.Given takes them.
	Unnamed []live.StackName
}

// FromTemplates reads templates, as assembly.ReadGiven does.
func FromTemplates(path string, given template.Given) (*Templates, error) {
	state, err := assembly.ReadGiven(path, given)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no templates in %s: run cdk synth first, or name their folder (%w)", path, err)
	}
	if err != nil {
		return nil, err
	}
	stacks, err := template.Read(path, given)
	if err != nil {
		return nil, err
	}
	out := &Templates{State: state}
	if out.Unnamed, err = unnamed(state, stacks); err != nil {
		return nil, err
	}
	deployers, settings := map[string]bool{}, map[string]bool{}
	for _, s := range stacks {
		if s.Fixed() {
			out.Places = append(out.Places, live.Places([]string{s.Account}, []string{s.Region})...)
		}
		if s.ExecutionRole != "" {
			deployers[s.ExecutionRole] = true
		}
		for _, res := range s.Resources {
			if res.Type == "AWS::LakeFormation::DataLakeSettings" {
				settings[s.Account+"/"+s.Region] = true
			}
		}
	}
	out.Places = live.SortPlaces(out.Places)
	out.Deployers, out.Settings = slices.Sorted(maps.Keys(deployers)), slices.Sorted(maps.Keys(settings))
	for arn, principal := range iampolicy.Of(stacks).Principals {
		if principal.Made {
			out.Roles = append(out.Roles, arn)
		}
	}
	slices.Sort(out.Roles)
	return out, nil
}

var ofStack = regexp.MustCompile(`\$\{([^${}.]+)\.[A-Za-z0-9]+(?:\.[A-Za-z0-9.]+)?\}`)

// unnamed returns the stacks whose resources stand in a state as markers.
func unnamed(state *access.State, stacks []*template.Stack) ([]live.StackName, error) {
	text, err := json.Marshal(state.Catalogs)
	if err != nil {
		return nil, err
	}
	marked := map[string]bool{}
	for _, m := range ofStack.FindAllStringSubmatch(string(text), -1) {
		marked[m[1]] = true
	}
	var out []live.StackName
	for _, s := range stacks {
		if marked[s.Name] && !template.IsUnresolved(s.Account+s.Region) {
			out = append(out, live.StackName{Place: live.Place{Account: s.Account, Region: s.Region}, Name: s.Name})
		}
	}
	return out, nil
}
