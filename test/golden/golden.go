// Package golden compares what a test got with a file that a person has
// reviewed. Run the tests with -update to rewrite the files after an intended
// change; a CI run refuses to.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The package snapshot has a flag of the same name, for templates. A test that
// links both has one flag for both, whichever of them is initialized first.
func init() {
	if flag.Lookup("update") == nil {
		flag.Bool("update", false, "rewrite the golden files with what the tests get")
	}
}

// Updating reports whether golden files are being rewritten.
func Updating() bool { return flag.Lookup("update").Value.String() == "true" }

// Check compares got with the file at path.
func Check(t testing.TB, path string, got []byte) {
	t.Helper()
	if Updating() {
		if os.Getenv("CI") != "" {
			t.Fatalf("-update is refused in CI: review and commit %s", path)
		}
		write(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the test with -update to create it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s (-) and what the test got (+) differ; run the test with -update if this is intended:\n%s", path, diff)
	}
}

func write(t testing.TB, path string, got []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, got, 0o600); err != nil {
		t.Fatal(err)
	}
}
