package apps

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

func TestPrograms(t *testing.T) {
	list := programs(t)
	if len(list) < 40 {
		t.Errorf("there are %d programs", len(list))
	}
	together, cloud := together(t), launch(t)
	for i, p := range list {
		t.Run(p.Name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "cdk.out")
			out, code := run(t, binary, p.Name, folder)
			if len(p.Refused) > 0 {
				judgeRefusal(t, p, out, code, filepath.Join(together, p.Name+".said"))
				return
			}
			if code != 0 {
				t.Fatalf("exit code %d\n%s", code, out)
			}
			compare(t, folder, filepath.Join(together, p.Name))
			judge(t, p, folder)
			if ready, found := strings.CutPrefix(p.Name, "ready-"); found {
				cloud.surround(t, ready, folder)
			}
			if p.Undeployed == "" {
				cloud.deployTwice(t, folder, filepath.Join(together, p.Name), i)
			}
		})
	}
}

// A stack with a name of its own is the same in every Stage: renaming one, or moving
// the stack into one, replaces no grant.
func TestStagesChangeNothing(t *testing.T) {
	one, other := stacksOf(t, filepath.Join(together(t), "stage-alpha")), stacksOf(t, filepath.Join(together(t), "stage-beta"))
	if len(one) != 1 || len(other) != 1 {
		t.Fatalf("%d and %d stacks", len(one), len(other))
	}
	if one[0].Template != other[0].Template {
		t.Errorf("the template follows the name of the Stage:\n%s", difference([]byte(one[0].Template), []byte(other[0].Template)))
	}
}

// judgeRefusal holds what an app was refused with against what it should be: the
// library's sentence, the same in every process, and nothing of Go or JavaScript.
func judgeRefusal(t *testing.T, p program, out string, code int, together string) {
	t.Helper()
	if code != refused {
		t.Fatalf("exit code %d, expected a refusal\n%s", code, out)
	}
	for _, part := range p.Refused {
		if !strings.Contains(out, part) {
			t.Errorf("the refusal lacks %q:\n%s", part, out)
		}
	}
	said, err := os.ReadFile(together) //nolint:gosec // a file of this test
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, string(said)) {
		t.Errorf("refused alone with\n%sand together with others\n%s", out, said)
	}
	if found := trace.FindString(string(said)); found != "" {
		t.Errorf("the refusal has %q:\n%s", found, said)
	}
}

// trace is what a stack trace, an error of jsii's or a token looks like.
var trace = regexp.MustCompile(`goroutine \d|\.go:\d+|\.js:\d+|\n\s+at |@jsii|JsiiError|RuntimeError|TypeError|nil pointer|\$\{Token\[`)

// judge holds an app's templates against the rules that policy.Use applies.
func judge(t *testing.T, p program, folder string) {
	t.Helper()
	findings, err := rules.Check(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if !slices.Contains(p.Findings, f.Rule.ID) {
			t.Error(f)
		}
	}
}

// kernel is the folders in which the CDK's own code is unpacked for a process. They
// stand in the stack traces that come with warnings of the CDK.
var kernel = regexp.MustCompile(`[^"(\s]*jsii-(kernel-\w+|runtime\.\d+)`)

// compare holds two assemblies of one program against each other, byte for byte
// but for those folders.
func compare(t *testing.T, one, other string) {
	t.Helper()
	first, second := read(t, one), read(t, other)
	names := maps.Clone(first)
	maps.Copy(names, second)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if one, other := kernel.ReplaceAll(first[name], nil), kernel.ReplaceAll(second[name], nil); !bytes.Equal(one, other) {
			t.Errorf("%s differs between two processes:\n%s", name, difference(one, other))
		}
	}
}

// read is the files of an assembly by name.
func read(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path) //nolint:gosec // a file of the assembly
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// difference is the first lines that differ.
func difference(one, other []byte) string {
	a, b := strings.Split(string(one), "\n"), strings.Split(string(other), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "  " + a[i] + "\n  " + b[i]
		}
	}
	return "  one goes on where the other ends"
}
