package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// cfnLint finds cfn-lint, in the repository's own Python environment or on the
// PATH, at the version that requirements.txt pins. Its rules and schemas change
// with every version, so another one would judge differently.
func cfnLint(t *testing.T) string {
	t.Helper()
	requirements, err := os.ReadFile("../../requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`(?m)^cfn-lint==(\S+)$`).FindSubmatch(requirements)
	if pinned == nil {
		t.Fatal("requirements.txt pins no version of cfn-lint")
	}
	found := "none"
	for _, name := range []string{"../../.venv/bin/cfn-lint", "cfn-lint"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		version, err := exec.Command(path, "--version").Output()
		if err != nil {
			t.Fatalf("%s --version: %v", path, err)
		}
		found = strings.TrimSpace(strings.TrimPrefix(string(version), "cfn-lint"))
		if found == string(pinned[1]) {
			return path
		}
	}
	t.Fatalf("cfn-lint %s is needed, found %q: make test installs it", pinned[1], found)
	return ""
}

// lint returns errors and warnings. Informational checks stay off, as they are
// by default: here they say only that Fn::Join, which is how the CDK renders
// every joined string, could be written as Fn::Sub.
func lint(t *testing.T, templates ...string) []string {
	t.Helper()
	args := append([]string{"--regions", "us-east-1", "--format", "json", "--non-zero-exit-code", "none", "--"}, templates...)
	command := exec.Command(cfnLint(t), args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("cfn-lint: %v\n%s", err, stderr.String())
	}
	var matches []struct {
		Filename string
		Message  string
		Rule     struct{ ID string }
		Location struct{ Path []any }
	}
	if err := json.Unmarshal(output, &matches); err != nil {
		t.Fatal(errors.Join(err, errors.New(string(output))))
	}
	var out []string
	for _, m := range matches {
		out = append(out, fmt.Sprintf("%s: %v: %s: %s", filepath.Base(m.Filename), m.Location.Path, m.Rule.ID, m.Message))
	}
	return out
}

func TestSampleLints(t *testing.T) {
	expect(t, lint(t, templateFiles(t, sampleMesh(t).folder)...))
}

func TestLintFindsErrorsAndWarnings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "Fixture.template.json")
	content := `{
  "Parameters": {"Unused": {"Type": "String"}},
  "Resources": {"Grant": {"Type": "AWS::LakeFormation::PrincipalPermissions", "Properties": {"Permissions": ["SELECT"]}}}
}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	expectSome(t, lint(t, file), "E3003: 'Principal' is a required property", "W2001: Parameter Unused not used")
}
