package rules_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

// fixture is an app that breaks one rule, or none.
type fixture struct {
	Stacks map[string]struct {
		Environment string
		DependsOn   []string
		Template    json.RawMessage
	}
}

// assemble writes a fixture as the CDK writes an app, and returns the folder.
func assemble(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var f fixture
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	artifacts := map[string]any{}
	for name, stack := range f.Stacks {
		account, region, _ := strings.Cut(strings.TrimPrefix(stack.Environment, "aws://"), "/")
		artifacts[name] = map[string]any{
			"type": "aws:cloudformation:stack", "environment": stack.Environment, "dependencies": stack.DependsOn,
			"properties": map[string]any{
				"templateFile":                   name + ".template.json",
				"cloudFormationExecutionRoleArn": "arn:${AWS::Partition}:iam::" + account + ":role/cdk-hnb659fds-cfn-exec-role-" + account + "-" + region,
			},
		}
		write(t, dir, name+".template.json", stack.Template)
	}
	write(t, dir, "manifest.json", map[string]any{"artifacts": artifacts})
	return dir
}

func write(t *testing.T, dir, name string, content any) {
	t.Helper()
	data, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// folder is where the fixtures of a rule are.
func folder(id string) string {
	return filepath.Join("testdata", strings.TrimPrefix(id, "LakeMesh."))
}

func check(t *testing.T, file string) []rules.Finding {
	t.Helper()
	findings, err := rules.Check(assemble(t, file))
	if err != nil {
		t.Fatal(err)
	}
	return findings
}
