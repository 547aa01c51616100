package contract_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/test/golden"
)

// TestBad checks the exact message of every bad contract.
func TestBad(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for _, bad := range golden.Cases(t, "testdata/bad") {
		_, err := contract.LoadFS(os.DirFS(bad.Folder(t)), caseFile)
		if err == nil {
			t.Errorf("%s loaded", bad.Name)
			continue
		}
		for _, p := range problem.Of(err) {
			if p.File == "" || p.Line == 0 || p.Column == 0 || p.Path == "" || p.Got == "" || p.Expected == "" || p.Fix == "" || p.Excerpt == "" {
				t.Errorf("%s: incomplete problem %+v", bad.Name, p)
			}
			kinds[kind(p)] = true
		}
		bad.Check(t, err.Error()+"\n")
	}
	if len(kinds) < 30 {
		t.Errorf("%d kinds of problems, want at least 30", len(kinds))
	}
}

// TestWarned checks the exact warnings of contracts that load.
func TestWarned(t *testing.T) {
	t.Parallel()
	for _, warned := range golden.Cases(t, "testdata/warned") {
		c, err := contract.LoadFS(os.DirFS(warned.Folder(t)), caseFile)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(c.Warnings) == 0 {
			t.Errorf("%s has no warnings", warned.Name)
		}
		warned.Check(t, c.Warnings.Error()+"\n")
	}
}

// caseFile is the contract in the archives of cases.
const caseFile = "contract.odcs.yaml"

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

func files(t testing.TB, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	return found
}
