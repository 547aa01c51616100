package access_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

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
		holdsTogether(t, file)
	})
}

// holdsTogether reads a file as a template and compares what is said about it.
func holdsTogether(t interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}, file string) {
	t.Helper()
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
}

// pieces are what stands in a template where something else should.
var pieces = []any{
	nil, "", "x", "*", "111111111111", "{{resolve:ssm:/x}}", "${AWS::AccountId}", json.Number("7"), true, []any{}, []any{nil}, map[string]any{},
	map[string]any{"Ref": "Stays"}, map[string]any{"Ref": "Nothing"}, map[string]any{"Ref": "AWS::NoValue"}, map[string]any{"Fn::GetAtt": []any{"Ward", "Arn"}},
	map[string]any{"Fn::If": []any{"C", "a", map[string]any{"Ref": "AWS::NoValue"}}}, map[string]any{"Fn::Sub": "${G.Arn}${AWS::Region}"}, map[string]any{"Fn::Split": []any{",", "a,b"}},
	map[string]any{"Fn::Join": []any{"", []any{"a", map[string]any{"Ref": "Lake"}}}}, map[string]any{"Fn::ImportValue": "x"}, map[string]any{"Fn::Select": []any{0, []any{"ward"}}},
	map[string]any{"Fn::Transform": map[string]any{"Name": "M"}}, map[string]any{"Fn::ForEach::X": []any{"A", []any{"b"}, map[string]any{"${A}": "c"}}},
}

// mutated is a piece of a template in which one place says something else.
func mutated(t *rapid.T, in any) any {
	keys := []string{}
	switch v := in.(type) {
	case map[string]any:
		keys = slices.Sorted(maps.Keys(v))
	case []any:
		for i := range v {
			keys = append(keys, strconv.Itoa(i))
		}
	}
	if len(keys) == 0 || rapid.IntRange(0, 7).Draw(t, "here") == 0 {
		return rapid.SampledFrom(pieces).Draw(t, "piece")
	}
	key := rapid.SampledFrom(keys).Draw(t, "key")
	switch v := in.(type) {
	case map[string]any:
		out := maps.Clone(v)
		if out[key] = mutated(t, v[key]); rapid.IntRange(0, 9).Draw(t, "gone") == 0 {
			delete(out, key)
		}
		return out
	case []any:
		i, _ := strconv.Atoi(key)
		out := slices.Clone(v)
		out[i] = mutated(t, v[i])
		return out
	}
	return in
}

// A template of the corpus in which some places say something else is read to the end too.
func TestMutatedTemplates(t *testing.T) {
	var templates []any
	for _, c := range corpus(t) {
		if c.Yaml != "" {
			continue
		}
		text, err := json.Marshal(c.first())
		if err != nil {
			t.Fatal(err)
		}
		var template any
		if err := json.Unmarshal(text, &template); err != nil {
			t.Fatal(err)
		}
		templates = append(templates, template)
	}
	file := filepath.Join(t.TempDir(), "T.json")
	rapid.Check(t, func(t *rapid.T) {
		template := rapid.SampledFrom(templates).Draw(t, "template")
		for range rapid.IntRange(1, 4).Draw(t, "places") {
			template = mutated(t, template)
		}
		text, err := json.Marshal(template)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		holdsTogether(t, file)
	})
}
