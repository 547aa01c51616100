package rules_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// Whatever a template holds, the rules judge it and say the same twice.
func FuzzCheckStacks(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var fixture fixture
		if err := json.Unmarshal(data, &fixture); err != nil {
			f.Fatal(err)
		}
		for _, stack := range fixture.Stacks {
			f.Add([]byte(stack.Template))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var content struct{ Resources map[string]template.Resource }
		if json.Unmarshal(data, &content) != nil {
			return // no template: there is nothing to judge
		}
		judge := func() []rules.Finding {
			return rules.CheckStacks(&template.Stack{Name: "S", Account: "111111111111", Region: "us-east-1", Resources: content.Resources})
		}
		first, second := judge(), judge()
		if len(first) != len(second) {
			t.Fatalf("%v and then %v", first, second)
		}
		for i := range first {
			if first[i].String() != second[i].String() {
				t.Fatalf("%s and then %s", first[i], second[i])
			}
		}
	})
}
