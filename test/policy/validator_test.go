package policy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The CDK validates templates when an app is synthesized, unless CDK_VALIDATION
// is "false" in the environment of its Node.js process. The other tests run
// without, for speed; these start this test program again with the variable
// removed, so that validation runs as in a deployment.
const (
	childApp    = "LAKEMESH_POLICY_APP"    // which of apps the child synthesizes
	childFolder = "LAKEMESH_POLICY_FOLDER" // and where to
)

// synthesizeAsChild does what a CDK app does, and returns its exit status.
func synthesizeAsChild(name string) (status int) {
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Fprintln(os.Stderr, problem)
			status = 1
		}
	}()
	app := newApp(os.Getenv(childFolder))
	if err := apps[name](app); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	app.Synth(nil)
	return 0
}

// validate synthesizes an app in a process of its own and returns its exit
// status, what the validator reported, and what the process printed.
func validate(t *testing.T, name string) (status int, report []string, printed string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	var out bytes.Buffer
	child := exec.CommandContext(context.Background(), self)
	child.Env = append(validatingEnvironment(), childApp+"="+name, childFolder+"="+folder)
	child.Stdout, child.Stderr = &out, &out
	var exit *exec.ExitError
	switch err := child.Run(); {
	case errors.As(err, &exit):
		status = exit.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return status, readValidation(t, folder), out.String()
}

// validatingEnvironment is this process's without what changes how the CDK
// synthesizes: all of the CDK's own variables start with CDK_.
func validatingEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "CDK_") })
}

// readValidation reads the report that the CDK leaves in the assembly. It holds
// warnings too, with which synthesis succeeds. Without validation there is none.
func readValidation(t *testing.T, folder string) []string {
	t.Helper()
	var report struct {
		PluginReports []struct {
			PluginName string
			Violations []struct {
				RuleName    string
				Severity    string
				Description string
			}
		}
	}
	readJSON(t, filepath.Join(folder, "validation-report.json"), &report)
	var out []string
	for _, plugin := range report.PluginReports {
		for _, v := range plugin.Violations {
			out = append(out, fmt.Sprintf("%s: %s: %s: %s", plugin.PluginName, v.RuleName, v.Severity, v.Description))
		}
	}
	return out
}

func TestSampleIsValidCloudFormation(t *testing.T) {
	status, report, printed := validate(t, "sample")
	if status != 0 {
		t.Errorf("exit status %d:\n%s", status, printed)
	}
	expect(t, report)
	if strings.Contains(printed, "is deprecated") {
		t.Errorf("every synthesis warns of what the CDK will drop:\n%s", printed)
	}
}

func TestValidatorStopsAnInvalidGrant(t *testing.T) {
	status, report, printed := validate(t, "invalid")
	if status == 0 {
		t.Errorf("an invalid template was synthesized:\n%s", printed)
	}
	expectSome(t, report, "F3003: error: ")
}

func TestValidatorReportsWarnings(t *testing.T) {
	status, report, printed := validate(t, "warned")
	if status != 0 {
		t.Errorf("exit status %d:\n%s", status, printed)
	}
	expectSome(t, report, "W2001: warning: ")
}
