// Package cfnlint holds templates against cfn-lint, which carries CloudFormation's
// schemas of all resource types, at the version that requirements.txt pins: its rules
// and schemas change with every version, so that another one finds other things.
package cfnlint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/lakemesh/lakemesh/test/installed"
)

// Check fails the test for each error and warning that Findings gives.
func Check(t testing.TB, templates []string, regions ...string) {
	t.Helper()
	for _, finding := range Findings(t, templates, regions...) {
		t.Error(finding)
	}
}

// CheckText checks a template that is in no file.
func CheckText(t testing.TB, template string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "text.template.json")
	if err := os.WriteFile(file, []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	Check(t, []string{file})
}

// Findings are the errors and warnings in the files of templates, for the regions that
// they are deployed to, us-east-1 where none is named. Informational checks stay off,
// as they are by default: here they say only that Fn::Join, which is how the CDK
// renders every joined string, could be written as Fn::Sub.
func Findings(t testing.TB, templates []string, regions ...string) []string {
	t.Helper()
	if len(templates) == 0 {
		t.Fatal("there are no templates to check")
	}
	if len(regions) == 0 {
		regions = []string{"us-east-1"}
	}
	arguments := append([]string{"--format", "json", "--non-zero-exit-code", "none", "--regions"}, regions...)
	output := run(t, append(append(arguments, "--"), templates...)...)
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

// command is cfn-lint's own, which pip does not install where the machine already has
// the package. Its first argument is the version that is pinned.
const command = `
import importlib.metadata, sys
pinned, found = sys.argv.pop(1), importlib.metadata.version("cfn-lint")
if found != pinned:
    sys.exit(f"cfn-lint {pinned} is needed, found {found}: make tools installs it")
from cfnlint.runner import main
sys.exit(main())
`

func run(t testing.TB, arguments ...string) []byte {
	t.Helper()
	requirements, err := os.ReadFile(installed.Path(t, "requirements.txt"))
	if err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`(?m)^cfn-lint==(\S+)$`).FindSubmatch(requirements)
	if pinned == nil {
		t.Fatal("requirements.txt pins no version of cfn-lint")
	}
	linter := exec.Command(installed.Python(t), append([]string{"-c", command, string(pinned[1])}, arguments...)...) //nolint:gosec,noctx // the repository's own linter, which ends by itself
	var stderr bytes.Buffer
	linter.Stderr = &stderr
	output, err := linter.Output()
	if err != nil {
		t.Fatalf("cfn-lint: %v\n%s", err, stderr.String())
	}
	return output
}
