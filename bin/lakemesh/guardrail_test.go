package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/golden"
)

// guarded is the folder of a mesh with a guardrail that refuses what is true of an access.
func guarded(t *testing.T, refuse string) string {
	t.Helper()
	bad := golden.Cases(t, "../../stacks/mesh/testdata/bad")
	folder := bad[slices.IndexFunc(bad, func(c golden.Case) bool { return c.Name == "guardrail" })].Folder(t)
	file := filepath.Join(folder, "mesh.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data[:strings.Index(string(data), "guardrails:")]) + "guardrails:\n  - name: own\n    refuse: " + refuse + "\n    fix: ask the board\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Validate judges the plan: an access that a guardrail refuses is named with its way and the fix.
func TestValidateJudges(t *testing.T) {
	_, _, err := run("validate", "--mesh", guarded(t, `name == "Analyst" && level == "deidentified"`))
	if err == nil {
		t.Fatal("a violation does not fail")
	}
	for _, want := range []string{
		"stage dev: own: Analyst has SELECT on ", "(deidentified) of river_clinical_curated.", "of domain clinical by subscription ",
		"fix: ask the board, or except it with a reason", "violation",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said: %v", want, err)
		}
	}
	if out, _, err := run("validate", "--mesh", guarded(t, `name == "Analyst" && level == "phi"`)); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Synth judges the templates, where the roles of the mesh reach files too.
func TestSynthJudges(t *testing.T) {
	file := guarded(t, `path == "bypass" && name startsWith "river-clinical-lakeformation"`)
	t.Chdir(t.TempDir()) // the CDK of a test does not see the variable
	t.Setenv(outdirVariable, "")
	t.Setenv("CDK_VALIDATION", "false")
	_, _, err := run("synth", "--mesh", file)
	if err == nil || !strings.Contains(err.Error(), "Validation failed") {
		t.Fatalf("a violation does not fail: %v", err)
	}
	report, err := os.ReadFile("cdk.out/validation-report.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Guardrail.own", "river-clinical-lakeformation-us-east-1 has read, write, delete", "ask the board"} {
		if !strings.Contains(string(report), want) {
			t.Errorf("%q is not in the report:\n%s", want, report)
		}
	}
}
