package mesh_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the tests got into the golden files; refused in CI")

// golden compares with a file of testdata, or writes it with -update.
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
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
