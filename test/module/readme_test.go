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

var fence = regexp.MustCompile("(?ms)^```(go|yaml|go\\.mod)\n(?://|#) ([\\w./-]+)\n(.*?)^```$")

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
	write(t, to, read(t, from))
}

// run runs a command and returns what it prints.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	command := exec.Command(name, args...) //nolint:gosec // commands of this test
	command.Dir = dir
	command.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
