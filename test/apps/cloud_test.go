package apps

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/deploy"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// cloud is one local AWS for all apps. An app without an account gets one of its own.
type cloud struct {
	server *localaws.Server
	// What was bootstrapped, by account, region and parameter.
	bootstrapped map[string]bool
}

func launch(t *testing.T) cloud {
	t.Helper()
	return cloud{server: localaws.ForTest(t), bootstrapped: map[string]bool{}}
}

// deployTwice deploys an assembly, and then the one that another process made of
// the same program, which must find nothing to change. Stacks go as the command
// line sends them: each by a change set, after those that it depends on.
func (c cloud) deployTwice(t *testing.T, first, second string, number int) {
	t.Helper()
	for _, s := range stacksOf(t, first) {
		client := c.client(t, s, number)
		c.bootstrap(t, s, client, number)
		if s.change(t, client, types.ChangeSetTypeCreate) {
			s.mustBe(t, client, types.StackStatusCreateComplete)
		} else {
			t.Errorf("%s: a new stack has nothing to create", s.Name)
		}
	}
	for _, s := range stacksOf(t, second) {
		client := c.client(t, s, number)
		if s.change(t, client, types.ChangeSetTypeUpdate) {
			t.Errorf("%s: the second deployment changes something", s.Name)
		}
		s.mustBe(t, client, types.StackStatusCreateComplete)
	}
}

// client is CloudFormation where a stack stands; a part that the stack leaves
// open is filled in.
func (c cloud) client(t *testing.T, s stack, number int) *cloudformation.Client {
	t.Helper()
	env := mesh.Environment{Account: s.Account, Region: s.Region}
	if env.Account == "unknown-account" {
		env.Account = fmt.Sprintf("%012d", 300000000000+number)
	}
	if env.Region == "unknown-region" {
		env.Region = "us-east-1"
	}
	config, err := deploy.Config(t.Context(), c.server, env)
	if err != nil {
		t.Fatal(err)
	}
	return cloudformation.NewFromConfig(config)
}

// bootstrap makes what cdk bootstrap makes and templates ask for: the parameter
// with the version of the bootstrap stack.
func (c cloud) bootstrap(t *testing.T, s stack, client *cloudformation.Client, number int) {
	t.Helper()
	var template struct {
		Parameters map[string]struct{ Type, Default string }
	}
	if err := json.Unmarshal([]byte(s.Template), &template); err != nil {
		t.Fatal(err)
	}
	name := template.Parameters["BootstrapVersion"].Default
	place := fmt.Sprint(s.Account, s.Region, number, name)
	if name == "" || c.bootstrapped[place] {
		return
	}
	c.bootstrapped[place] = true
	toolkit := stack{
		Name:     "CDKToolkit" + strings.ReplaceAll(name, "/", "-"),
		Template: fmt.Sprintf(`{"Resources":{"Version":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Name":%q,"Value":"30"}}}}`, name),
	}
	toolkit.change(t, client, types.ChangeSetTypeCreate)
	toolkit.mustBe(t, client, types.StackStatusCreateComplete)
}

// stack is a stack of an assembly.
type stack struct {
	Name, Account, Region, Template string
}

// change makes a change set and carries it out; false when it is empty.
func (s stack) change(t *testing.T, client *cloudformation.Client, kind types.ChangeSetType) bool {
	t.Helper()
	name := aws.String("change-" + strings.ToLower(string(kind)))
	_, err := client.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
		StackName: &s.Name, ChangeSetName: name, ChangeSetType: kind, TemplateBody: &s.Template,
		Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
	})
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	made, err := client.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{StackName: &s.Name, ChangeSetName: name})
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	if made.Status == types.ChangeSetStatusFailed {
		if len(made.Changes) > 0 {
			t.Fatalf("%s: %s", s.Name, aws.ToString(made.StatusReason))
		}
		return false
	}
	if _, err := client.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{StackName: &s.Name, ChangeSetName: name}); err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	return true
}

func (s stack) mustBe(t *testing.T, client *cloudformation.Client, want types.StackStatus) {
	t.Helper()
	shown, err := client.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: &s.Name})
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	if got := shown.Stacks[0]; got.StackStatus != want {
		t.Fatalf("%s: %s: %s", s.Name, got.StackStatus, aws.ToString(got.StackStatusReason))
	}
}

// stacksOf are the stacks of an assembly and of those within it, each after those
// that it depends on.
func stacksOf(t *testing.T, folder string) []stack {
	t.Helper()
	var manifest struct {
		Artifacts map[string]artifact
	}
	text, err := os.ReadFile(filepath.Join(folder, "manifest.json")) //nolint:gosec // a file of the assembly
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	var out []stack
	done := map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		if done[id] {
			return
		}
		done[id] = true
		a := manifest.Artifacts[id]
		for _, before := range a.Dependencies {
			visit(before)
		}
		switch a.Type {
		case "cdk:cloud-assembly":
			out = append(out, stacksOf(t, filepath.Join(folder, a.Properties.DirectoryName))...)
		case "aws:cloudformation:stack":
			out = append(out, a.stack(t, folder, id))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(manifest.Artifacts)) {
		visit(id)
	}
	return out
}

// artifact is an entry of a manifest.
type artifact struct {
	Type, Environment string
	Dependencies      []string
	Properties        struct{ TemplateFile, StackName, DirectoryName string }
}

func (a artifact) stack(t *testing.T, folder, id string) stack {
	t.Helper()
	template, err := os.ReadFile(filepath.Join(folder, a.Properties.TemplateFile)) //nolint:gosec // a file of the assembly
	if err != nil {
		t.Fatal(err)
	}
	name := a.Properties.StackName
	if name == "" {
		name = id
	}
	account, region, _ := strings.Cut(strings.TrimPrefix(a.Environment, "aws://"), "/")
	return stack{Name: name, Account: account, Region: region, Template: string(template)}
}
