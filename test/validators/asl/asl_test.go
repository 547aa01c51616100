package asl_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/validators/asl"
)

// Every state machine of every golden file is one that Step Functions takes. Templates of
// another library (folders named npm) are read as they are.
func TestGoldenFiles(t *testing.T) {
	definitions := map[string]string{}
	root := filepath.Join("..", "..", "..")
	for _, top := range []string{"constructs", "stacks", "test"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if d != nil && d.IsDir() && d.Name() == "npm" {
				return filepath.SkipDir
			}
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".template.json") {
				return err
			}
			template, err := os.ReadFile(path) //nolint:gosec // a file of this repository
			if err != nil {
				return err
			}
			machines, err := asl.Machines(template)
			for id, definition := range machines {
				definitions[path+": "+id] = definition
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(definitions) < 10 {
		t.Errorf("found %d state machines", len(definitions))
	}
	wrong, err := asl.Validate(definitions)
	if err != nil {
		t.Fatal(err)
	}
	for name, what := range wrong {
		t.Errorf("%s: %s", name, what)
	}
}

// The validator refuses what it is here for.
func TestWhatIsRefused(t *testing.T) {
	wrong, err := asl.Validate(map[string]string{
		"good":       `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`,
		"no target":  `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}`,
		"no JSON":    `{"StartAt"`,
		"used twice": `{"StartAt": "A", "States": {"A": {"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "End": true}}}`,
		"no state":   `{"StartAt": "A", "States": {"A": {"Type": "Nothing"}}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"no target", "no JSON", "used twice", "no state"} {
		if wrong[name] == "" {
			t.Errorf("%s is not refused", name)
		}
	}
	if wrong["good"] != "" {
		t.Errorf("a good one is refused: %s", wrong["good"])
	}
}
