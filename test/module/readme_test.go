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

// pages are what readers start from, in the order in which they meet them.
var pages = []string{"README.md", "constructs/docs/platform-engineer.md", "constructs/docs/importing.md"}

// block is a fenced block of a page whose first line is a comment that names the
// file it stands for.
type block struct {
	file string
	text string
}

var fence = regexp.MustCompile("(?ms)^```(go|yaml|go\\.mod)\n(?://|#) ([\\w./-]+)\n(.*?)^```$")

func blocks(t *testing.T) []block {
	t.Helper()
	var out []block
	for _, page := range pages {
		for _, m := range fence.FindAllStringSubmatch(read(t, filepath.Join(root, page)), -1) {
			out = append(out, block{file: m[2], text: m[3]})
		}
	}
	return out
}

func named(t *testing.T, name string) string {
	t.Helper()
	for _, b := range blocks(t) {
		if b.file == name {
			return b.text
		}
	}
	t.Fatalf("no page has a block for %s", name)
	return ""
}

// The mesh and the contract that the pages explain are a mesh one can deploy.
func TestMeshOfThePagesIsValid(t *testing.T) {
	dir := t.TempDir()
	for _, b := range blocks(t) {
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
