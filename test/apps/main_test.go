package apps

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
)

var (
	binary string // the built command programs
	all    string // folder of what it made of all apps in one process
)

func TestMain(m *testing.M) {
	// Each of the apps that are drawn at random is synthesized twice by the CDK.
	if err := flag.Set("rapid.checks", "20"); err != nil {
		panic(err)
	}
	flag.Parse()
	os.Exit(tests(m))
}

func tests(m *testing.M) int {
	folder, err := os.MkdirTemp("", "apps-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary, all = filepath.Join(folder, "programs"), filepath.Join(folder, "all")
	if out, err := exec.Command("go", "build", "-o", binary, "./programs").CombinedOutput(); err != nil { //nolint:gosec,noctx // of this package
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	defer jsii.Close()
	return m.Run()
}

// program is what the command says of an app.
type program struct {
	Name       string
	Refused    []string
	Undeployed string
	Findings   []string
}

func programs(t *testing.T) []program {
	t.Helper()
	out, code := run(t, binary, "list")
	if code != 0 {
		t.Fatal(out)
	}
	var found []program
	for decoder := json.NewDecoder(strings.NewReader(out)); decoder.More(); {
		var p program
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		found = append(found, p)
	}
	return found
}

// The exit code of an app that was refused.
const refused = 3

// together is the folder of all apps, synthesized by one process.
func together(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(all); err == nil {
		return all
	}
	if out, code := run(t, binary, "all", all); code != 0 {
		t.Fatalf("%d\n%s", code, out)
	}
	return all
}

// run runs the command programs; what it prints and its exit code.
func run(t *testing.T, binary string, args ...string) (string, int) {
	t.Helper()
	child := exec.CommandContext(t.Context(), binary, args...) //nolint:gosec // just built
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, &out
	// The CDK's validation takes seconds for each app; test/policy has it on.
	child.Env = append(os.Environ(), "CDK_VALIDATION=false")
	err := child.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), child.ProcessState.ExitCode()
}
