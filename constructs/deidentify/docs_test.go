package deidentify_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/test/golden"
)

const page = "../docs/deidentify.md"

// TestDocs holds the tables of the page on de-identification; -update rewrites
// them and leaves the text around them alone.
func TestDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	got := string(text)
	for _, table := range []struct{ name, body string }{{"identifiers", identifiers()}, {"methods", methods()}, {"zip3", zip3()}} {
		start, end := "<!-- table: "+table.name+" -->\n", "<!-- end -->"
		before, rest, found := strings.Cut(got, start)
		_, after, closed := strings.Cut(rest, end)
		if !found || !closed {
			t.Fatalf("%s has no table %s", page, table.name)
		}
		got = before + start + table.body + end + after
	}
	golden.Check(t, page, []byte(got))
}

func identifiers() string {
	var b strings.Builder
	b.WriteString("| item | identifier | by default | what else may be, by Safe Harbor | by expert determination also |\n| --- | --- | --- | --- | --- |\n")
	for i, id := range ontology.Identifiers() {
		safe := id.Methods(ontology.SafeHarbor)
		var others, expert []string
		for j, m := range id.Methods(ontology.ExpertDetermination) {
			switch {
			case j >= len(safe):
				expert = append(expert, "`"+string(m)+"`")
			case m != id.DefaultMethod():
				others = append(others, "`"+string(m)+"`")
			}
		}
		fmt.Fprintf(&b, "| %c | `%s` | `%s` | %s | %s |\n", 'A'+i, id, id.DefaultMethod(), strings.Join(others, ", "), strings.Join(expert, ", "))
	}
	return b.String()
}

func methods() string {
	var b strings.Builder
	b.WriteString("| method | what it makes of a value |\n| --- | --- |\n")
	for _, m := range ontology.Methods() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", m, deidentify.About(m))
	}
	return b.String()
}

func zip3() string { return strings.Join(deidentify.SparseZIP3(), " ") + "\n" }
