package apps

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// With the oldest CDK that importing.md supports, every app has the same templates,
// and is refused with the same sentences, as with the newest.
func TestOldestCDK(t *testing.T) {
	older := t.TempDir()
	if out, code := run(t, oldest(t), "all", older); code != 0 {
		t.Fatalf("%d\n%s", code, out)
	}
	newest, got := read(t, together(t)), read(t, older)
	names := maps.Clone(newest)
	maps.Copy(names, got)
	templates := 0
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch {
		case strings.HasSuffix(name, ".template.json"):
			templates++
			if one, other := template(t, newest[name]), template(t, got[name]); !reflect.DeepEqual(one, other) {
				t.Errorf("%s is another one: %s", name, path(one, other))
			}
		case strings.HasSuffix(name, ".said"):
			if string(newest[name]) != string(got[name]) {
				t.Errorf("%s: newest\n%soldest\n%s", name, newest[name], got[name])
			}
		}
	}
	if templates == 0 {
		t.Error("there are no templates")
	}
}

// oldest builds the command programs with the oldest CDK, as an importer who stays
// there does: with the line that importing.md shows.
func oldest(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "constructs", "docs", "importing.md"))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^replace github\.com/aws/aws-cdk-go/.*$`).Find(page)
	if line == nil {
		t.Fatal("importing.md shows no replace line")
	}
	folder := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "go.mod" {
			text = append(append(text, '\n'), line...)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(folder, "programs")
	build := exec.CommandContext(t.Context(), "go", "build", "-mod=mod", "-modfile", filepath.Join(folder, "go.mod"), "-o", out, "./programs") //nolint:gosec // of this package
	build.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

// template is a template without what the CDK says there of its own version.
func template(t *testing.T, text []byte) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	if resources, ok := out["Resources"].(map[string]any); ok {
		delete(resources, "CDKMetadata")
	}
	return out
}
