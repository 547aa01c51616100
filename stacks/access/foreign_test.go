package access_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/test/golden"
)

// Templates as teams write them without this library say who can see what, and what in them
// nobody can know. Each case has templates in a folder, and in the file "given" what is said
// of how they are deployed; its head says what a careful reader finds.
func TestForeignTemplates(t *testing.T) {
	for _, c := range golden.Cases(t, filepath.Join("testdata", "foreign")) {
		t.Run(c.Name, func(t *testing.T) {
			given := template.Given{Parameters: map[string]string{}}
			for line := range strings.Lines(string(c.Files["given"])) {
				name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				switch name {
				case "account":
					given.Account = value
				case "region":
					given.Region = value
				default:
					given.Parameters[name] = value
				}
			}
			delete(c.Files, "given")
			state, err := assembly.ReadGiven(c.Folder(t), given)
			if err != nil {
				t.Fatal(err)
			}
			c.Check(t, answers(state.Evaluate()))
		})
	}
}

// answers are everything that is said of templates, a line each.
func answers(m *access.Matrix) string {
	var rows, around, grantors []string
	for i, line := range summary(m) {
		rows = append(rows, access.Short(m.Rows[i].Principal)+" "+line)
	}
	for _, b := range m.Bypasses {
		around = append(around, fmt.Sprintf("%s: %v%s %s %v: %s", access.Short(b.Principal), b.Can, perhaps(b.Certain), b.Location, b.Tables, strings.Join(b.Path, "; ")))
	}
	for _, g := range m.Grantors {
		grantors = append(grantors, fmt.Sprintf("%s: %s%s: %s", access.Short(g.Principal), g.What, perhaps(g.Certain), strings.Join(g.Path, "; ")))
	}
	var out strings.Builder
	for _, part := range []struct {
		title string
		lines []string
	}{{"rows", rows}, {"nobody is not sure, as there are", m.Caveats}, {"ways around", around}, {"can grant", grantors}, {"notes", m.Notes}} {
		if len(part.lines) > 0 {
			fmt.Fprintf(&out, "%s:\n  %s\n", part.title, strings.Join(slices.Clone(part.lines), "\n  "))
		}
	}
	return out.String()
}

func perhaps(certain bool) string {
	if certain {
		return ""
	}
	return " perhaps"
}

// The mesh that a library from npm makes has no false nobody: what accounts and roles are
// granted stands there, and its workflows, its functions and the accounts' own defaults are
// told as what may give more. testdata/npm/README.md says how its templates are made again.
func TestTemplatesOfALibraryFromNpm(t *testing.T) {
	dir := filepath.Join("testdata", "npm")
	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, filepath.Join(dir, "answers.txt"), []byte(answers(state.Evaluate())))
}
