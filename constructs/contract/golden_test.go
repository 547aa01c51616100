package contract_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestBad checks the exact message of every bad contract.
func TestBad(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for _, file := range files(t, "testdata/bad/*.odcs.yaml") {
		_, err := load(t, file)
		if err == nil {
			t.Errorf("%s loaded", file)
			continue
		}
		for _, p := range problem.Of(err) {
			if p.File == "" || p.Line == 0 || p.Column == 0 || p.Path == "" || p.Got == "" || p.Expected == "" || p.Fix == "" || p.Excerpt == "" {
				t.Errorf("%s: incomplete problem %+v", file, p)
			}
			kinds[kind(p)] = true
		}
		golden(t, strings.TrimSuffix(file, ".odcs.yaml")+".golden", err.Error()+"\n")
	}
	if len(kinds) < 30 {
		t.Errorf("%d kinds of problems, want at least 30", len(kinds))
	}
}

// TestWarned checks the exact warnings of contracts that load.
func TestWarned(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "testdata/warned/*.odcs.yaml") {
		c, err := load(t, file)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(c.Warnings) == 0 {
			t.Errorf("%s has no warnings", file)
		}
		golden(t, strings.TrimSuffix(file, ".odcs.yaml")+".golden", c.Warnings.Error()+"\n")
	}
}

// kind is what a problem is about, without the values in it.
func kind(p problem.Problem) string {
	quoted := false
	words := strings.FieldsFunc(p.Expected, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return quoted || r == ' '
	})
	return strings.Join(words, " ")
}

func load(t *testing.T, file string) (*contract.Contract, error) {
	t.Helper()
	return contract.LoadFS(os.DirFS("."), filepath.ToSlash(file))
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	return found
}

// golden compares with a file, or writes it with -update; never in CI.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if os.Getenv("CI") != "" {
			t.Fatal("golden files are not updated in CI")
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatalf("%v; run the tests with -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not what is reported now (-want +got):\n%s", file, diff)
	}
}
