package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const reviewed = "../../stacks/review/testdata"

func TestDiffOfTemplates(t *testing.T) {
	base, head := filepath.Join(reviewed, "before"), filepath.Join(reviewed, "after")
	flags := []string{"--account", "111111111111", "--region", "eu-west-1"}
	out, _, err := run(append([]string{"diff", base, head}, flags...)...)
	if want := "Reader gains SELECT on 1 column of ward.stays: patient (deidentified, was phi)."; err != nil || !strings.Contains(out, want) {
		t.Errorf("%v\n%s\nexpected %s", err, out, want)
	}
	if want := "at " + filepath.Join(head, "ward.yaml") + ":2\n"; !strings.Contains(out, want) {
		t.Errorf("got\n%s\nexpected %s", out, want)
	}
	// Single templates are one stack, whatever they are called.
	other := filepath.Join(t.TempDir(), "other.yaml")
	text, err := os.ReadFile(filepath.Join(head, "ward.yaml"))
	if err == nil {
		err = os.WriteFile(other, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	single, _, err := run(append([]string{"diff", filepath.Join(base, "ward.yaml"), other}, flags...)...)
	if err != nil || strings.Count(single, "\n") != strings.Count(out, "\n") {
		t.Errorf("%v\n%s\nexpected as much as of the folders:\n%s", err, single, out)
	}
	out, _, err = run("diff", base, base)
	if err != nil || !strings.HasPrefix(out, "No difference between ") || strings.Count(out, "\n") != 1 {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestDiffFails(t *testing.T) {
	base, head := filepath.Join(reviewed, "before"), filepath.Join(reviewed, "after")
	for chosen, want := range map[string]int{"": 0, "error": exitFound, "gained": exitFound, "resource:error,unknown": exitFound, "guardrail": exitFound, "grantor": 0, "contract:note,lost": exitFound, "ganed": exitFailed, "gained:high": exitFailed} {
		out, _, err := run("diff", base, head, "--fail-on", chosen)
		got := 0
		if err != nil {
			got = exitCode(err)
		}
		if got != want || (got == exitFailed) != (out == "") {
			t.Errorf("--fail-on %s: got %d, %v; expected %d", chosen, got, err, want)
		}
	}
	for want, args := range map[string][]string{
		`BASE: got "nowhere"; expected a cloud assembly, a folder of templates, a template, or a revision`: {"diff", "nowhere"},
		"HEAD: got":                              {"diff", base, "nowhere"},
		"HEAD: no templates in cdk.out":          {"diff", base},
		"expected one of github, json, markdown": {"diff", base, head, "--format", "xml"},
		`--context: got "stage"; expected`:       {"diff", base, head, "-c", "stage"},
	} {
		if _, _, err := run(args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v; expected %s", args, err, want)
		}
	}
}

// A revision is compared with the app as it stands, and both are synthesized.
func TestDiffOfARevision(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	template := func(name string) string {
		text, err := os.ReadFile(filepath.Join(reviewed, name, "ward.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	write("cdk.json", `{"app": "mkdir -p $CDK_OUTDIR && cp ward.yaml manifest.json $CDK_OUTDIR"}`)
	write("manifest.json", `{"version": "36.0.0", "artifacts": {"ward": {"type": "aws:cloudformation:stack",
		"environment": "aws://111111111111/eu-west-1", "properties": {"templateFile": "ward.yaml"}}}}`)
	write("ward.yaml", template("before"))
	for _, arguments := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first"}} {
		command := exec.Command("git", arguments...) //nolint:gosec // of this test
		command.Dir = folder
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	write("ward.yaml", template("after"))
	t.Chdir(folder)
	out, _, err := run("diff", "HEAD", "--format", "json")
	for _, want := range []string{`"head": "the working tree"`, `"text": "Reader gains SELECT on 1 column of ward.stays: patient (deidentified, was phi)"`} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%v\n%s\nexpected %s", err, out, want)
		}
	}
	if want := "\"resource\": \"Bucket\",\n      \"place\": {\n        \"file\": \"ward.yaml\",\n        \"line\": 6\n"; !strings.Contains(out, want) {
		t.Errorf("got\n%s\nexpected the changed line of the bucket", out)
	}
	if _, _, err := run("diff", "HEAD", "HEAD", "--fail-on", "note"); err != nil {
		t.Errorf("got %v; expected no difference", err)
	}
	write("cdk.json", `{"app": "echo no such ward; exit 1"}`)
	_, _, err = run("diff", "HEAD")
	var found failOn
	if err == nil || errors.As(err, &found) || !strings.Contains(err.Error(), "as it stands here cannot be synthesized") || !strings.Contains(err.Error(), "\nno such ward") {
		t.Errorf("got %v", err)
	}
}
