package access_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/render"
)

// FuzzRead reads any bytes as a template and evaluates what it is granted by: it ends, says
// the same twice, and does not say that nobody is granted anything where something could
// not be read. Its seeds are the templates of the corpus.
func FuzzRead(f *testing.F) {
	for _, c := range corpus(f) {
		if c.Yaml != "" {
			f.Add([]byte(c.Yaml), true)
			continue
		}
		text, err := json.Marshal(c.first())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, false)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte, yaml bool) {
		file := filepath.Join(dir, map[bool]string{true: "T.yaml", false: "T.json"}[yaml])
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		state, err := assembly.ReadGiven(file, template.Given{Account: "111111111111", Region: region})
		if err != nil {
			return
		}
		matrix := state.Evaluate()
		if diff := cmp.Diff(matrix, state.Evaluate()); diff != "" {
			t.Fatalf("a second answer differs: %s", diff)
		}
		var out strings.Builder
		if err := render.Table(&out, matrix); err != nil {
			t.Fatal(err)
		}
		if nobody := strings.Contains(out.String(), "Nobody is granted anything"); nobody && (len(state.Unresolved) > 0 || len(matrix.Rows) > 0) {
			t.Fatalf("nobody is said, and %v and %v are there:\n%s", state.Unresolved, matrix.Rows, out.String())
		}
	})
}
