package assembly

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// The CDK validates templates when an app is synthesized, unless CDK_VALIDATION is
// "false" in the environment of its Node.js process. Tests run without, for speed.
// Validate starts the test program again with the variable removed, so that validation
// runs as in a deployment.
const (
	childApp    = "LAKEMESH_VALIDATED_APP"    // which of the apps the child synthesizes
	childFolder = "LAKEMESH_VALIDATED_FOLDER" // and where to
)

// Apps are the apps that a test program synthesizes when Validate asks for them.
type Apps map[string]func(app awscdk.App) error

// Main is the body of TestMain in a package whose tests call Validate: it runs the
// tests with run, or synthesizes an app when this process was started for that.
func Main(m *testing.M, apps Apps, run func(m *testing.M) int) int {
	name, isChild := os.LookupEnv(childApp)
	if !isChild {
		return run(m)
	}
	defer jsii.Close()
	return synthesizeAsChild(apps[name])
}

// synthesizeAsChild does what a CDK app does, and returns its exit status.
func synthesizeAsChild(add func(app awscdk.App) error) (status int) {
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Fprintln(os.Stderr, problem)
			status = 1
		}
	}()
	app := NewApp(os.Getenv(childFolder))
	if err := add(app); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	app.Synth(nil)
	return 0
}

// Validation is how the synthesis of an app ended, with the CDK's validation on.
type Validation struct {
	Status     int      // exit status
	Violations []string // what the validator reported, warnings too, with which synthesis succeeds
	Printed    string   // what the process printed
}

// Check fails the test when the synthesis failed or something was reported.
func (v Validation) Check(t testing.TB) {
	t.Helper()
	if v.Status != 0 {
		t.Errorf("exit status %d:\n%s", v.Status, v.Printed)
	}
	for _, violation := range v.Violations {
		t.Error(violation)
	}
}

// Validate synthesizes one of the apps that TestMain gave to Main, with the CDK's
// validation on.
func Validate(t testing.TB, name string) Validation {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	var printed bytes.Buffer
	child := exec.Command(self) //nolint:gosec,noctx // this very program, which ends by itself
	child.Env = append(withoutCDK(os.Environ()), childApp+"="+name, childFolder+"="+folder)
	child.Stdout, child.Stderr = &printed, &printed
	var out Validation
	var exit *exec.ExitError
	switch err := child.Run(); {
	case errors.As(err, &exit):
		out.Status = exit.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	out.Printed = printed.String()
	out.Violations = readViolations(t, folder, out.Printed)
	return out
}

// withoutCDK is an environment without what changes how the CDK synthesizes: all of
// its own variables start with CDK_.
func withoutCDK(environment []string) []string {
	return slices.DeleteFunc(slices.Clone(environment), func(v string) bool { return strings.HasPrefix(v, "CDK_") })
}

// readViolations reads the report that the CDK leaves in the assembly. Without
// validation there is none.
func readViolations(t testing.TB, folder, printed string) []string {
	t.Helper()
	file := filepath.Join(folder, "validation-report.json")
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("%v: the process printed\n%s", err, printed)
	}
	var report struct {
		PluginReports []struct {
			PluginName string
			Violations []struct{ RuleName, Severity, Description string }
		}
	}
	readJSON(t, file, &report)
	var out []string
	for _, plugin := range report.PluginReports {
		for _, v := range plugin.Violations {
			out = append(out, fmt.Sprintf("%s: %s: %s: %s", plugin.PluginName, v.RuleName, v.Severity, v.Description))
		}
	}
	return out
}
