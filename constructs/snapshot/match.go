package snapshot

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// MatchStack compares the template of a stack with a file, usually below
// testdata. It synthesizes the app of the stack. Where the file is missing or the
// two differ the test fails, unless the tests run with -update.
func MatchStack(t testing.TB, stack awscdk.Stack, file string) {
	t.Helper()
	rendered, err := json.Marshal(assertions.Template_FromStack(stack, nil).ToJSON())
	if err != nil {
		t.Fatal(err)
	}
	match(t, *stack.StackName(), rendered, file)
}

// MatchApp compares the templates of every stack of an app, or of a stage, with
// the files of a folder: those of its stages and of nested stacks too, under the
// names that the cloud assembly gives them. It synthesizes the app.
//
// A file of the folder that belongs to no stack any more fails the test as well:
// CloudFormation deletes nothing when a stack leaves an app, and somebody has to.
// With -update such files are removed.
func MatchApp(t testing.TB, app awscdk.Stage, folder string) {
	t.Helper()
	MatchAssembly(t, *app.Synth(nil).Directory(), folder)
}

// MatchAssembly is MatchApp for a cloud assembly that exists already, usually
// cdk.out, whichever language its app is written in.
func MatchAssembly(t testing.TB, assembly, folder string) {
	t.Helper()
	stacks, err := template.ReadAssembly(assembly)
	if err != nil {
		t.Fatal(err)
	}
	current := map[string]bool{}
	for _, stack := range stacks {
		name, err := filepath.Rel(assembly, stack.File)
		if err != nil {
			t.Fatal(err)
		}
		rendered, err := os.ReadFile(stack.File)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, name)
		current[file] = true
		match(t, stack.Name, rendered, file)
	}
	if len(stacks) == 0 {
		t.Errorf("the assembly %s has no stack", assembly)
	}
	removeLeftovers(t, folder, current)
}

// removeLeftovers finds the files of stacks that are gone.
func removeLeftovers(t testing.TB, folder string, current map[string]bool) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case os.IsNotExist(err):
			return nil
		case err != nil:
			return err
		case entry.IsDir() || !strings.HasSuffix(path, ".template.json") || current[path]:
			return nil
		case Updating():
			refuseInCI(t, path)
			return os.Remove(path)
		}
		t.Errorf("%s: no stack has this template any more; what it deployed stays until somebody deletes the stack; run the test with -update to remove the file", path)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// match compares one rendered template with its file.
func match(t testing.TB, stack string, rendered []byte, file string) {
	t.Helper()
	got, err := normalize(rendered)
	if err != nil {
		t.Fatalf("the template of %s: %v", stack, err)
	}
	if Updating() {
		update(t, file, got)
		return
	}
	want, err := os.ReadFile(file) //nolint:gosec // the test names its own file
	switch {
	case os.IsNotExist(err):
		t.Errorf("%s: there is no such file; run the test with -update to write the template of the stack %s into it, and review it", file, stack)
		return
	case err != nil:
		t.Errorf("%v", err)
		return
	case bytes.Equal(want, got):
		return
	}
	differences, err := compare(want, got)
	if err != nil {
		t.Errorf("%s: %v; run the test with -update to write it anew", file, err)
		return
	}
	t.Errorf("the template of the stack %s differs from %s:\n%sRun the test with -update if this is intended.", stack, file, differences)
}

func update(t testing.TB, file string, content []byte) {
	t.Helper()
	refuseInCI(t, file)
	if kept, err := os.ReadFile(file); err == nil && bytes.Equal(kept, content) { //nolint:gosec // the test names its own file
		return
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func refuseInCI(t testing.TB, file string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("-update is refused where CI is set: review and commit %s", file)
	}
}
