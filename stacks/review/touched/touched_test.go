package touched

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/review"
)

const before = `schema:
  - name: stays
    properties:
      - name: ward
        classification: public
      - name: note
        logicalType: string
        classification: phi
  - name: visits
    properties:
      - name: note
        classification: phi
subscriptions:
  - consumer: board
    principals: [Board]
    product: ward.stays
    rows: "a = 1"
  - consumer: board
    principals: [Clerk]
    product: ward.stays
    rows: "a = 2"
`

func TestPlaceOfAFinding(t *testing.T) {
	root := t.TempDir()
	git := func(arguments ...string) {
		t.Helper()
		command := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@example.com"}, arguments...)...) //nolint:gosec // of this test
		command.Dir = root
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, out)
		}
	}
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(root, "ä b"), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, "ä b", "mesh.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q")
	write(before)
	git("add", ".")
	git("commit", "-q", "-m", "first")
	after := strings.Replace(before, "string\n        classification: phi", "string\n        classification: deidentified", 1)
	after = strings.Replace(after, "  - name: visits\n    properties:\n      - name: note\n        classification: phi\n", "", 1)
	after = strings.Replace(after, "a = 2", "a = 3", 1)
	write(after)

	check := func(head string) {
		t.Helper()
		lines, err := Between(context.Background(), filepath.Join(root, "ä b"), "HEAD~0", head)
		if head != "" {
			lines, err = Between(context.Background(), root, "HEAD~1", head)
		}
		if err != nil {
			t.Fatal(err)
		}
		note := []review.Column{{Name: "note"}}
		for name, c := range map[string]struct {
			finding review.Finding
			line    int
		}{
			"the level of a column":  {review.Finding{Table: "lake.stays", Columns: note, Product: "stays"}, 8},
			"a table that is gone":   {review.Finding{Table: "lake.visits"}, 8},
			"a column that is gone":  {review.Finding{Table: "lake.visits", Columns: note}, 8},
			"rows of a principal":    {review.Finding{Table: "lake.stays", Product: "stays", Domain: "ward", Principal: "arn:aws:iam::1:role/Clerk", Columns: []review.Column{{Name: "ward"}}}, 17},
			"nothing that it names":  {review.Finding{Table: "lake.beds", Domain: "ward"}, 0},
			"a resource of no line":  {review.Finding{Resource: "Bucket1A2B", Stack: "ward"}, 0},
			"nothing that it has at": {review.Finding{}, 0},
		} {
			if got := lines.Place(c.finding); got.Line != c.line || (got.File == "ä b/mesh.yaml") != (c.line > 0) {
				t.Errorf("%s: got %+v; expected line %d", name, got, c.line)
			}
		}
	}
	check("")
	git("commit", "-q", "-a", "-m", "second")
	check("HEAD")
	if _, err := Between(context.Background(), root, "nowhere", ""); err == nil {
		t.Error("expected an error")
	}
}
