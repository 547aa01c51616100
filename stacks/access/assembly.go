package access

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// manifest is what of a cloud assembly's manifest.json is read.
type manifest struct {
	Artifacts map[string]struct {
		Type        string
		Environment string
		Properties  struct {
			TemplateFile  string
			StackName     string
			DirectoryName string
		}
	}
}

// assemblyReader adds the stacks of an assembly to a state.
type assemblyReader struct {
	state    *State
	defaults *defaults
	problems problem.List
}

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
	r := &assemblyReader{state: &State{}, defaults: newDefaults()}
	if err := r.assembly(dir); err != nil {
		return nil, err
	}
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	r.defaults.apply(r.state)
	r.state.Normalize()
	return r.state, nil
}

func (r *assemblyReader) assembly(dir string) error {
	var m manifest
	if err := readJSON(filepath.Join(dir, "manifest.json"), &m); err != nil {
		return fmt.Errorf("%s is not a cloud assembly: %w; run cdk synth first", dir, err)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		a := m.Artifacts[id]
		switch a.Type {
		case "cdk:cloud-assembly":
			if err := r.assembly(filepath.Join(dir, a.Properties.DirectoryName)); err != nil {
				return err
			}
		case "aws:cloudformation:stack":
			name := a.Properties.StackName
			if name == "" {
				name = id
			}
			account, region := r.environment(name, a.Environment)
			scope := resolver{stack: name, account: account, region: region}
			if err := r.template(dir, a.Properties.TemplateFile, scope); err != nil {
				return err
			}
		}
	}
	return nil
}

var environmentForm = regexp.MustCompile(`^aws://(\d{12})/([a-z0-9-]+)$`)

// environment takes aws://account/region apart. A stack that can go anywhere
// gets the pseudo parameters as its account and region.
func (r *assemblyReader) environment(stack, text string) (account, region string) {
	if m := environmentForm.FindStringSubmatch(text); m != nil && m[2] != "unknown-region" {
		return m[1], m[2]
	}
	r.state.Unresolved = append(r.state.Unresolved, Unresolved{
		Place: stack, Text: text, Reason: "the stack has no fixed account and region; set env",
	})
	return "${AWS::AccountId}", "${AWS::Region}"
}

func (r *assemblyReader) template(dir, file string, scope resolver) error {
	var template struct{ Resources map[string]resource }
	path := filepath.Join(dir, file)
	if err := readJSON(path, &template); err != nil {
		return fmt.Errorf("stack %s: %w", scope.stack, err)
	}
	scope.resources = template.Resources
	scope.unresolved = func(u Unresolved) { r.state.Unresolved = append(r.state.Unresolved, u) }
	scope.refuse = func(place, got, expected, fix string) {
		r.problems.Add(problem.Problem{File: path, Path: place, Got: got, Expected: expected, Fix: fix})
	}
	t := &templateReader{resolver: &scope, state: r.state, defaults: r.defaults}
	t.read()
	for _, id := range sortedKeys(template.Resources) {
		if res := template.Resources[id]; res.Type == "AWS::CloudFormation::Stack" {
			if err := r.nested(dir, id, res, scope); err != nil {
				return err
			}
		}
	}
	return nil
}

// nested reads the template of a nested stack, with the parameters that its
// parent gives it. CDK names the template's file in the metadata; a stack whose
// template is elsewhere cannot be read and is listed as unresolved.
func (r *assemblyReader) nested(dir, id string, res resource, parent resolver) error {
	place := parent.stack + " " + id
	file, ok := res.Metadata["aws:asset:path"].(string)
	if !ok || !strings.HasSuffix(file, ".json") {
		parent.unresolved(Unresolved{Place: place, Text: res.Type, Reason: "the template of the nested stack is not in the assembly"})
		return nil
	}
	if res.Condition != "" {
		parent.refuse(place+".Condition", res.Condition, "a stack that is always created", "decide it when the template is synthesized")
		return nil
	}
	scope := resolver{stack: parent.stack + "/" + id, account: parent.account, region: parent.region}
	// Only parameters that the nested template uses for access matter, so what
	// is unresolved here is reported where it is used.
	quiet := parent
	quiet.unresolved = func(Unresolved) {}
	quiet.refuse = func(string, string, string, string) {}
	scope.parameters, _ = quiet.value(res.Properties["Parameters"], place+".Parameters").(map[string]any)
	return r.template(dir, file, scope)
}

// readJSON reads a JSON file and keeps numbers as they are written.
func readJSON(path string, into any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(f)
	decoder.UseNumber()
	err = decoder.Decode(into)
	return errors.Join(err, f.Close())
}
