// Package installed finds what `make tools` installs into the repository, for tests
// that hold what we make against programs of others.
package installed

import (
	"os"
	"path/filepath"
	"testing"
)

// Root is the folder of the repository: the nearest above the working folder, which
// for a test is that of its package, that has a go.mod.
func Root() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		above := filepath.Dir(folder)
		if above == folder {
			return "", &os.PathError{Op: "find above the working folder", Path: "go.mod", Err: os.ErrNotExist}
		}
		folder = above
	}
}

// Path is an absolute path of what is installed, such as ".venv/bin/python". A test
// fails when it is not there.
func Path(t testing.TB, name string) string {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v: make tools installs it", err)
	}
	return path
}

// Python is the interpreter that has what requirements.txt lists.
func Python(t testing.TB) string {
	t.Helper()
	return Path(t, ".venv/bin/python")
}
