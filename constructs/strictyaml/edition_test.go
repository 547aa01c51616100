package strictyaml_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// TestEditions checks that a key or word of another edition is unknown, and that
// the problem says which edition has it.
func TestEditions(t *testing.T) {
	t.Parallel()
	type format struct {
		Name  string         `strict:"required" yaml:"name"`
		Kind  string         `strict:"enum=list|map@v3" yaml:"kind"`
		Old   string         `strict:"until=v1" yaml:"old"`
		New   string         `strict:"required,since=v2" yaml:"new"`
		Extra map[string]any `strict:"rest"`
	}
	for _, tc := range []struct {
		edition, text string
		want          []string
	}{
		{"v1", "{name: a, kind: list, old: b}", nil},
		{"v1", "{name: a, new: c}", []string{`new: got the key "new", which v1 does not know; expected a key of v1; new came with v2; fix: remove it, or write the document in v2`}},
		{"v2", "{name: a, new: c, old: b}", []string{`old: got the key "old", which v2 does not know; expected a key of v2; old went after v1; fix: remove it`}},
		{"v2", "{name: a, new: c, kind: map}", []string{`kind: got "map"; expected one of list; fix: write one of them, or the document in v3, which has it`}},
		{"v3", "{name: a, new: c, kind: map}", nil},
		{"v3", "{name: a}", []string{"new: got nothing; expected the key new; fix: add it"}},
		{"", "{name: a, new: c, old: b, kind: map}", nil},
	} {
		doc, err := strictyaml.Parse("f.yaml", []byte(tc.text))
		if err != nil {
			t.Fatal(err)
		}
		var into format
		var got []string
		for _, p := range doc.DecodeEdition(&into, tc.edition, []string{"v1", "v2", "v3"}) {
			line, _, _ := strings.Cut(p.Error(), "\n")
			got = append(got, line[strings.Index(line, ": ")+2:])
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s %s -want +got:\n%s", tc.edition, tc.text, diff)
		}
	}
}

// TestSpelled checks that numbers keep their digits where a field asks for it, and
// that unknown keys are kept where one does.
func TestSpelled(t *testing.T) {
	t.Parallel()
	var into struct {
		Value any            `strict:"spelled" yaml:"value"`
		Map   map[string]any `strict:"spelled" yaml:"map"`
		Plain any            `yaml:"plain"`
		Rest  map[string]any `strict:"rest"`
	}
	doc, err := strictyaml.Parse("f.yaml", []byte("{value: [01, 1.50, True, text, null], map: {a: {b: 0x1F}}, plain: 01, other: 007}"))
	if err != nil {
		t.Fatal(err)
	}
	if list := doc.Decode(&into); len(list) > 0 {
		t.Fatal(list)
	}
	spelling := func(text string, value any) strictyaml.Spelling { return strictyaml.Spelling{Text: text, Value: value} }
	if diff := cmp.Diff([]any{spelling("01", uint64(1)), spelling("1.50", 1.5), spelling("True", true), "text", nil}, into.Value); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"a": map[string]any{"b": spelling("0x1F", uint64(31))}}, into.Map); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if into.Plain != uint64(1) {
		t.Errorf("plain is %v", into.Plain)
	}
	if diff := cmp.Diff(map[string]any{"other": spelling("007", uint64(7))}, into.Rest); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if text, ok := doc.Text("plain"); text != "01" || !ok {
		t.Errorf("the text is %q", text)
	}
}
