package starter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What cannot be written whole is not written at all.
func TestNothingIsWrittenHalf(t *testing.T) {
	dir := t.TempDir()
	if err := place(map[string][]byte{"a/b": nil, "a/b/c": nil, "d": nil}, dir); err == nil {
		t.Fatal("a file is a folder")
	}
	// A folder that comes in between is in the way of the last file.
	if err := os.MkdirAll(filepath.Join(dir, "z", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := place(map[string][]byte{"a": nil, "b/c": nil, "z": nil}, dir); err == nil {
		t.Fatal("a file replaces a folder")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v is left, %v", left, err)
	}
}

func TestRelease(t *testing.T) {
	mod := []byte("module mesh\n\ngo 1.26.0\n")
	if got := string(required(mod, "v1.2.3")); !strings.HasSuffix(got, "\n\nrequire github.com/lakemesh/lakemesh v1.2.3\n") {
		t.Error(got)
	}
	if got := string(required(mod, "")); got != string(mod) {
		t.Error(got)
	}
	for version, want := range map[string]bool{
		"v1.2.3": true, "(devel)": false, "v0.0.0-20261128200101-219522aa3a5b": false, "v1.2.3+dirty": false,
	} {
		if released.MatchString(version) != want {
			t.Errorf("%s: release is %t", version, !want)
		}
	}
}
