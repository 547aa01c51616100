package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/installed"
)

// vendored are the npm packages of the libraries in the page, by file.
var vendored = map[string]string{
	"d3-color.min.js": "d3-color", "d3-dispatch.min.js": "d3-dispatch", "d3-drag.min.js": "d3-drag", "d3-ease.min.js": "d3-ease",
	"d3-interpolate.min.js": "d3-interpolate", "d3-selection.min.js": "d3-selection", "d3-timer.min.js": "d3-timer",
	"d3-transition.min.js": "d3-transition", "d3-zoom.min.js": "d3-zoom", "dagre.min.js": "@dagrejs/dagre",
}

// The libraries in the page are byte for byte those of the packages that package-lock.json
// pins, and the licence of each stands before them.
func TestLibrariesAreThoseOfTheLockFile(t *testing.T) {
	lock, err := os.ReadFile("../../package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var pinned struct {
		Packages map[string]struct{ Version string }
	}
	if err := json.Unmarshal(lock, &pinned); err != nil {
		t.Fatal(err)
	}
	licences, err := os.ReadFile("assets/vendor/licences.js")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("assets/vendor/*.min.js")
	if err != nil || len(files) != len(vendored) {
		t.Fatalf("%v: %q", err, files)
	}
	for _, file := range files {
		name := vendored[filepath.Base(file)]
		folder := installed.Path(t, "node_modules/"+name)
		read := func(path string) []byte {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		if !bytes.Equal(read(file), read(filepath.Join(folder, "dist", filepath.Base(file)))) {
			t.Errorf("%s is not that of the package %s", file, name)
		}
		var manifest struct{ Version string }
		if err := json.Unmarshal(read(filepath.Join(folder, "package.json")), &manifest); err != nil {
			t.Fatal(err)
		}
		if want := pinned.Packages["node_modules/"+name].Version; manifest.Version != want {
			t.Errorf("%s %s is installed, and %s is pinned", name, manifest.Version, want)
		}
		if !bytes.Contains(licences, read(filepath.Join(folder, "LICENSE"))) || !strings.Contains(string(licences), name) {
			t.Errorf("the licence of %s is not in the page", name)
		}
	}
}
