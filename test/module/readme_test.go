package module

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

const root = "../.."

// block is a fenced block of the README whose first line is a comment that
// names the file it stands for.
type block struct {
	file string
	text string
}

var fence = regexp.MustCompile("(?ms)^```(go|yaml)\n(?://|#) ([\\w./-]+)\n(.*?)^```$")

func readme(t *testing.T) []block {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	for _, m := range fence.FindAllStringSubmatch(string(data), -1) {
		blocks = append(blocks, block{file: m[2], text: m[3]})
	}
	return blocks
}

func named(t *testing.T, name string) string {
	t.Helper()
	for _, b := range readme(t) {
		if b.file == name {
			return b.text
		}
	}
	t.Fatalf("the README has no block for %s", name)
	return ""
}

// The mesh and the contract that the README explains are a mesh one can deploy.
func TestReadmeMeshIsValid(t *testing.T) {
	dir := t.TempDir()
	for _, b := range readme(t) {
		if !strings.HasSuffix(b.file, ".yaml") {
			continue
		}
		write(t, filepath.Join(dir, b.file), b.text)
	}
	definition, err := mesh.Load(filepath.Join(dir, "mesh.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := definition.Validate(); err != nil {
		t.Fatal(err)
	}
	if _, err := definition.Plan(""); err != nil {
		t.Fatal(err)
	}
}

// An app in a module of its own imports one construct and synthesizes, without
// anything of this repository but the module itself.
func TestImportingModuleSynthesizes(t *testing.T) {
	dir := t.TempDir()
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "main.go"), named(t, "main.go"))
	copyFile(t, filepath.Join(checkout, "go.sum"), filepath.Join(dir, "go.sum"))
	run(t, dir, "go", "mod", "init", "example.org/lab")
	run(t, dir, "go", "mod", "edit",
		"-require=github.com/lakemesh/lakemesh@v0.0.0", "-replace=github.com/lakemesh/lakemesh="+checkout)
	run(t, dir, "go", "build", "-mod=mod", "-o", "lab", ".")
	run(t, dir, "./lab")

	data, err := os.ReadFile(filepath.Join(dir, "cdk.out", "Lab.template.json")) //nolint:gosec // a file this test has just made
	if err != nil {
		t.Fatal(err)
	}
	template := string(data)
	for _, want := range []string{`"aws:SecureTransport"`, `"BlockPublicAcls": true`, `"EnableKeyRotation": true`} {
		if !strings.Contains(template, want) {
			t.Errorf("the importing app's template has no %s", want)
		}
	}
}

// The snapshot test that the README shows accepts, matches and refuses in a
// module of its own.
func TestReadmeSnapshotTest(t *testing.T) {
	dir := t.TempDir()
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "lab_test.go"), named(t, "lab_test.go"))
	copyFile(t, filepath.Join(checkout, "go.sum"), filepath.Join(dir, "go.sum"))
	run(t, dir, "go", "mod", "init", "example.org/lab")
	run(t, dir, "go", "mod", "edit",
		"-require=github.com/lakemesh/lakemesh@v0.0.0", "-replace=github.com/lakemesh/lakemesh="+checkout)
	run(t, dir, "go", "test", "-mod=mod", "-c", "-o", "lab.test", ".")
	run(t, dir, "env", "CI=", "./lab.test", "-update")
	run(t, dir, "./lab.test")

	file := filepath.Join(dir, "testdata", "templates", "Lab.template.json")
	data, err := os.ReadFile(file) //nolint:gosec // a file this test has just made
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.Replace(string(data), `"EnableKeyRotation": true`, `"EnableKeyRotation": false`, 1))
	command := exec.Command("./lab.test")
	command.Dir = dir
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Properties.EnableKeyRotation: got true; the snapshot has false") {
		t.Errorf("a changed snapshot: %v\n%s", err, out)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, string(data))
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	command := exec.Command(name, args...) //nolint:gosec // commands of this test
	command.Dir = dir
	command.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
