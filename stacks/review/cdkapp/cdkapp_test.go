package cdkapp_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/stacks/review/cdkapp"
)

// app writes what it was given into the assembly: an app in a line of shell.
const app = `{
  "app": "mkdir -p $CDK_OUTDIR && cat given.txt lib/tool > $CDK_OUTDIR/given && echo $CDK_CONTEXT_JSON > $CDK_OUTDIR/context && echo $CDK_DEFAULT_ACCOUNT > $CDK_OUTDIR/account && echo '{}' > $CDK_OUTDIR/manifest.json",
  "build": "mkdir lib && cat node_modules/tool > lib/tool",
  "context": {"stage": "dev", "size": 3, "mesh": "a.yaml"}
}`

// repository is a git repository with an app in a folder of it, with node_modules that are
// not committed, and the revision tagged first.
func repository(t *testing.T, cdkJSON string) string {
	t.Helper()
	root := t.TempDir()
	folder := filepath.Join(root, "infra")
	write(t, filepath.Join(folder, "cdk.json"), cdkJSON)
	write(t, filepath.Join(folder, "cdk.context.json"), `{"stage": "ignored", "vpc": "vpc-1"}`)
	write(t, filepath.Join(folder, "given.txt"), "first\n")
	write(t, filepath.Join(root, ".gitignore"), "node_modules\nlib\n")
	write(t, filepath.Join(folder, "node_modules", "tool"), "tool\n")
	git(t, root, "init", "-q")
	git(t, root, "add", ".")
	git(t, root, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first")
	git(t, root, "tag", "first")
	write(t, filepath.Join(folder, "given.txt"), "now\n")
	return folder
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func git(t *testing.T, folder string, arguments ...string) string {
	t.Helper()
	command := exec.Command("git", arguments...) //nolint:gosec // of this test
	command.Dir = folder
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", arguments, err, out)
	}
	return string(out)
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name)) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkLeftNothing fails when a worktree is left, or what is installed is not.
func checkLeftNothing(t *testing.T, folder, temporary string) {
	t.Helper()
	if list := git(t, folder, "worktree", "list"); strings.Count(list, "\n") != 1 {
		t.Errorf("a worktree is left:\n%s", list)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
	if read(t, filepath.Join(folder, "node_modules"), "tool") != "tool\n" {
		t.Error("what is installed was changed")
	}
}

func TestAppAsItWas(t *testing.T) {
	folder, output, temporary := repository(t, app), filepath.Join(t.TempDir(), "out"), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	if !cdkapp.IsRevision(context.Background(), folder, "first") || cdkapp.IsRevision(context.Background(), folder, "--help") {
		t.Error("first is a revision, and --help is none")
	}
	visited := ""
	at := cdkapp.App{Folder: folder, Context: map[string]string{"mesh": "b.yaml"}, Account: "111111111111", Visit: func(folder string, values map[string]any) error {
		visited = read(t, folder, "given.txt") + fmt.Sprint(values["mesh"])
		return nil
	}}
	if err := cdkapp.At(context.Background(), "first", at, output); err != nil {
		t.Fatal(err)
	}
	if got := read(t, output, "given") + read(t, output, "account"); got != "first\ntool\n111111111111\n" {
		t.Errorf("got %q", got)
	}
	if visited != "first\nb.yaml" {
		t.Errorf("visited was %q", visited)
	}
	for _, want := range []string{`"mesh":"b.yaml"`, `"stage":"dev"`, `"size":3`, `"vpc":"vpc-1"`, `"aws:cdk:enable-path-metadata":true`} {
		if got := read(t, output, "context"); !strings.Contains(got, want) {
			t.Errorf("got the context %s; expected %s", got, want)
		}
	}
	checkLeftNothing(t, folder, temporary)

	if err := cdkapp.Synth(context.Background(), at, output); err != nil || read(t, output, "given") != "now\ntool\n" {
		t.Errorf("got %v; expected the app as it stands", err)
	}
}

// A context that is too long for a variable goes into a file, which is removed.
func TestLongContext(t *testing.T) {
	folder, output, temporary := repository(t, strings.Replace(app, "cat given.txt", "cat $CONTEXT_OVERFLOW_LOCATION_ENV given.txt", 1)), t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	long := strings.Repeat("x", 200_000)
	if err := cdkapp.Synth(context.Background(), cdkapp.App{Folder: folder, Context: map[string]string{"long": long}}, output); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(read(t, output, "given"), long) || read(t, output, "context") != "{}\n" {
		t.Error("expected the context in a file")
	}
	if left, _ := os.ReadDir(temporary); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}

func TestWhatFailsIsSaid(t *testing.T) {
	for name, test := range map[string]struct {
		app, revision string
		want          []string
	}{
		"no such branch":   {app, "origin/frist", []string{"git knows no revision origin/frist here", "git fetch origin frist"}},
		"no such revision": {app, "frist", []string{"git knows no revision frist here", "git fetch origin frist"}},
		"the app": {
			`{"app": "for i in $(seq 60); do echo line $i; done; echo no such table >&2; exit 3"}`, "first",
			[]string{"the revision first cannot be synthesized", "the app command of", "exit status 3", "(21 lines before these)\nline 22\n", "\nno such table"},
		},
		"the build":      {`{"app": "true", "build": "exit 4"}`, "first", []string{"the build command of", "exit status 4"}},
		"no assembly":    {`{"app": "true"}`, "first", []string{"made no cloud assembly in the folder that CDK_OUTDIR names"}},
		"no app":         {`{}`, "first", []string{"got no app; expected the command that runs the CDK app"}},
		"no JSON":        {`{`, "first", []string{"cdk.json: unexpected end of JSON input"}},
		"missing values": {`{"app": "mkdir -p $CDK_OUTDIR; echo '{\"missing\": [{\"key\": \"vpc-provider:1\"}]}' > $CDK_OUTDIR/manifest.json"}`, "first", []string{"does not have: vpc-provider:1; fix: run cdk synth"}},
	} {
		t.Run(name, func(t *testing.T) {
			folder, temporary := repository(t, test.app), t.TempDir()
			output := filepath.Join(t.TempDir(), "out")
			t.Setenv("TMPDIR", temporary)
			err := cdkapp.At(context.Background(), test.revision, cdkapp.App{Folder: folder}, output)
			if err == nil {
				t.Fatal("expected an error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v; expected %s", err, want)
				}
			}
			checkLeftNothing(t, folder, temporary)
		})
	}
}

// The worktree is removed too when somebody interrupts.
func TestInterrupted(t *testing.T) {
	folder, temporary := repository(t, `{"app": "exec sleep 60"}`), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		for ; ; time.Sleep(time.Millisecond) { // until the revision is checked out
			if found, _ := filepath.Glob(filepath.Join(temporary, "*", "tree", "infra", "cdk.json")); len(found) > 0 {
				stop()
				return
			}
		}
	}()
	if err := cdkapp.At(ctx, "first", cdkapp.App{Folder: folder}, filepath.Join(t.TempDir(), "out")); err == nil || !strings.Contains(err.Error(), ": it was interrupted") {
		t.Errorf("got %v", err)
	}
	checkLeftNothing(t, folder, temporary)
}

func TestARevisionWithoutTheApp(t *testing.T) {
	folder, temporary := repository(t, app), t.TempDir()
	other := filepath.Join(filepath.Dir(folder), "other")
	write(t, filepath.Join(other, "cdk.json"), app)
	t.Setenv("TMPDIR", temporary)
	err := cdkapp.At(context.Background(), "first", cdkapp.App{Folder: other}, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "the revision first has no other/cdk.json; fix: run this in the folder of the app's cdk.json") {
		t.Errorf("got %v", err)
	}
	checkLeftNothing(t, folder, temporary)
}
