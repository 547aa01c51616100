package strictyaml_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// FuzzParse checks that no input makes the package panic and that every problem
// has a place in the file.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "name: n", "name: n\nlist: [a, b]\ninner: {code: c, level: low}", "a: &x {b: 1}\nc: {<<: *x}",
		"- - - a", "? [a]\n: b", "a: !!str 1", "%YAML 1.2\n---\na: 1", "a: |\n  x\n  y\nb: >-\n  z", "a:\tb", "a: 'x\n\n  y'",
		"name: 1\nname: 2\n? ~\n: x", "{a: [}", "&a", "*a", "!a", "a: *a", "<<: {a: 1}", "[<<: 1]", "a:\n- b\n-\n- c: d\n  e: f",
		laughs(3, 3), chain(5), deep(5),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := strictyaml.Parse("f.yaml", data)
		if err != nil {
			list := problem.Of(err)
			if len(list) != 1 || list[0].File != "f.yaml" {
				t.Errorf("not one problem in the file: %v", list)
			}
			return
		}
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1
		var into sample
		for _, p := range doc.Decode(&into) {
			if p.Line < 1 || p.Line > lines || p.Column < 1 || p.Path == "" || p.Got == "" || p.Expected == "" || p.Fix == "" {
				t.Errorf("incomplete problem %+v", p)
			}
			doc.Position(p.Path)
			strictyaml.Parent(p.Path)
		}
		var free any
		_ = doc.Decode(&free)
		if line, column := doc.Position("inner.code[0]"); line < 1 || line > lines || column < 1 {
			t.Errorf("position %d:%d outside of %d lines", line, column, lines)
		}
	})
}
