package access_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// resources are those of a template, by logical id.
type resources map[string]any

// corpusCase is templates, what is asked of them, and the answer that AWS's documents give.
// testdata/corpus/README.md says how it is written.
type corpusCase struct {
	Title     string
	Source    string // title of the document that gives the answer
	Base      string // resources of bases.yaml that stand in the first stack too
	Env       string // account/region of the first stack; "none" when it has none
	Resources resources
	Template  map[string]any // sections of the first template beside its resources
	More      []struct {
		Env, Base string
		Resources resources
		Template  map[string]any
	}
	Files      map[string]map[string]any // further templates of the assembly, by name of the file
	Yaml       string                    // a template as somebody writes it, instead of an assembly
	Parameters map[string]string
	Filter     map[string]string
	Rows       []string // "Nurse ward.stays: SELECT*: admitted[ward = 'icu']"
	Notes      []string // a part of each
	Caveats    []string // exactly
	Bypasses   []string // "Nurse read s3://lake", exactly where the case has any
	Grantors   []string // "Nurse SELECT of ward.stays", exactly where the case has any
	Never      []string // parts that stand nowhere in the answer
	Error      string   // a part of it

	file string // that it is in, without its ending
}

// bases are resources that stand in the first stacks of cases.
func bases(t testing.TB) map[string]resources {
	t.Helper()
	var out map[string]resources
	load(t, "testdata/corpus/bases.yaml", &out)
	return out
}

// corpus returns all cases, with the resources of their bases among their own.
func corpus(t testing.TB) []corpusCase {
	t.Helper()
	known := bases(t)
	files, err := filepath.Glob("testdata/corpus/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out []corpusCase
	titles := map[string]bool{}
	for _, file := range files {
		if filepath.Base(file) == "bases.yaml" {
			continue
		}
		var cases []corpusCase
		load(t, file, &cases)
		for _, c := range cases {
			if c.Source == "" || titles[c.Title] || c.Base != "" && known[c.Base] == nil {
				t.Fatalf("%s: %q has no source, a title of another case, or an unknown base", file, c.Title)
			}
			titles[c.Title] = true
			c.file = strings.TrimSuffix(filepath.Base(file), ".yaml")
			c.Resources = c.Resources.over(known[c.Base])
			for i, stack := range c.More {
				c.More[i].Resources = stack.Resources.over(known[stack.Base])
			}
			out = append(out, c)
		}
	}
	if len(out) < 165 {
		t.Errorf("got %d cases; expected 165 or more", len(out))
	}
	return out
}

// The corpus is deployed nowhere: each case is read, evaluated and filtered as
// lakemesh access does it.
func TestCorpus(t *testing.T) {
	for _, c := range corpus(t) {
		t.Run(c.file+"/"+c.Title, func(t *testing.T) { c.check(t) })
	}
}

func load(t testing.TB, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file) //nolint:gosec // a file of testdata
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func (c corpusCase) check(t *testing.T) {
	t.Helper()
	matrix, err := c.ask(t)
	if err != nil || c.Error != "" {
		if err == nil || c.Error == "" || !strings.Contains(err.Error(), c.Error) {
			t.Fatalf("got error %v; expected %q", err, c.Error)
		}
		return
	}
	var rows []string
	for i, line := range summary(matrix) {
		rows = append(rows, access.Short(matrix.Rows[i].Principal)+" "+line)
	}
	if diff := cmp.Diff(c.Rows, rows); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(c.Caveats, matrix.Caveats); diff != "" {
		t.Errorf("caveats (-want +got)\n%s", diff)
	}
	for _, want := range c.Notes {
		if !strings.Contains(strings.Join(matrix.Notes, "\n"), want) {
			t.Errorf("no note has %q: %q", want, matrix.Notes)
		}
	}
	for _, got := range matrix.Notes {
		if !containsAny(got, c.Notes) {
			t.Errorf("a note that is not expected: %s", got)
		}
	}
	c.checkWays(t, matrix)
}

// checkWays compares ways around and those who can grant, where the case asks for them, and
// looks for what must not be said in the whole answer.
func (c corpusCase) checkWays(t *testing.T, matrix *access.Matrix) {
	t.Helper()
	maybe := map[bool]string{true: "", false: " (maybe)"}
	var bypasses, grantors []string
	for _, b := range matrix.Bypasses {
		bypasses = append(bypasses, fmt.Sprintf("%s %v %s%s", access.Short(b.Principal), b.Can, b.Location[strings.LastIndex(b.Location, ":")+1:], maybe[b.Certain]))
	}
	for _, g := range matrix.Grantors {
		grantors = append(grantors, access.Short(g.Principal)+" "+g.What+maybe[g.Certain])
	}
	if diff := cmp.Diff(c.Bypasses, bypasses); diff != "" && c.Bypasses != nil {
		t.Errorf("bypasses (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(c.Grantors, grantors); diff != "" && c.Grantors != nil {
		t.Errorf("grantors (-want +got)\n%s", diff)
	}
	answer, err := json.Marshal(matrix)
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range c.Never {
		if strings.Contains(string(answer), never) {
			t.Errorf("%q is said", never)
		}
	}
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// over returns the resources of a base with others laid over it.
func (r resources) over(base resources) resources {
	out := maps.Clone(base)
	if out == nil {
		out = resources{}
	}
	for id, resource := range r {
		if out[id] = resource; resource == nil {
			delete(out, id)
		}
	}
	return out
}

// write writes the cloud assembly, or the template, and returns its path.
func (c corpusCase) write(t *testing.T) string {
	t.Helper()
	dir, artifacts := t.TempDir(), map[string]any{}
	if c.Yaml != "" {
		file := filepath.Join(dir, "First.yaml")
		if err := os.WriteFile(file, []byte(c.Yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	add := func(name, env string, in resources, sections map[string]any) {
		artifact := map[string]any{"type": "aws:cloudformation:stack", "properties": map[string]string{"templateFile": name + ".json"}}
		if env == "" {
			env = "111111111111/us-east-1"
		}
		if env != "none" {
			artifact["environment"] = "aws://" + env
		}
		artifacts[name] = artifact
		writeJSON(t, filepath.Join(dir, name+".json"), templateOf(in, sections))
	}
	add("First", c.Env, c.Resources, c.Template)
	for i, stack := range c.More {
		add("More"+string(rune('A'+i)), stack.Env, stack.Resources, stack.Template)
	}
	for name, content := range c.Files {
		writeJSON(t, filepath.Join(dir, name), content)
	}
	writeJSON(t, filepath.Join(dir, "manifest.json"), map[string]any{"artifacts": artifacts})
	return dir
}

func templateOf(in resources, sections map[string]any) map[string]any {
	out := map[string]any{"Resources": in}
	maps.Copy(out, sections)
	return out
}

// first is the template of the first stack.
func (c corpusCase) first() map[string]any { return templateOf(c.Resources, c.Template) }

// ask reads, evaluates and filters.
func (c corpusCase) ask(t *testing.T) (*access.Matrix, error) {
	t.Helper()
	given := template.Given{Parameters: c.Parameters}
	if c.Yaml != "" {
		given.Account, given.Region = "111111111111", region
	}
	state, err := assembly.ReadGiven(c.write(t), given)
	if err != nil {
		return nil, err
	}
	return state.Evaluate().Filter(access.MatrixFilter{
		Principal: c.Filter["principal"], Product: c.Filter["product"], Table: c.Filter["table"],
		Sensitivity: ontology.Sensitivity(c.Filter["sensitivity"]),
	})
}

func writeJSON(t *testing.T, file string, content any) {
	t.Helper()
	text, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
