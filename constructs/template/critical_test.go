package template_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/template"
)

func TestNeeds(t *testing.T) {
	t.Parallel()
	s := &template.Stack{Resources: map[string]template.Resource{
		"A": {}, "B": {}, "C": {}, "D": {}, "E": {},
		"All": {
			DependsOn: template.Names{"B", "A", "Elsewhere"},
			Properties: map[string]any{
				"Itself": map[string]any{"Ref": "All"},
				"Region": map[string]any{"Ref": "AWS::Region"},
				"List":   []any{map[string]any{"Ref": "A"}, map[string]any{"Fn::GetAtt": []any{"C", "Arn"}}, map[string]any{"Fn::GetAtt": "D.Arn"}},
				"Text":   map[string]any{"Fn::Sub": []any{"${E.Arn}/${Other}/${!A}", map[string]any{"Other": map[string]any{"Ref": "B"}}}},
			},
		},
	}}
	if diff := cmp.Diff([]string{"A", "B", "C", "D", "E"}, s.Needs("All")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := s.Needs("A"); got != nil {
		t.Errorf("A needs %v", got)
	}
}

func TestCriticalPath(t *testing.T) {
	t.Parallel()
	for want, resources := range map[string]map[string][]string{
		"[]":        {},
		"[A]":       {"A": nil, "B": nil},
		"[B C D]":   {"A": nil, "B": nil, "C": {"B"}, "D": {"A", "C"}},
		"[A B]":     {"A": nil, "B": {"A"}, "C": nil, "D": {"C"}}, // the first of two
		"[C B A]":   {"A": {"B"}, "B": {"C"}, "C": {"A"}},         // a circle ends
		"[A B C D]": {"A": nil, "B": {"A"}, "C": {"A", "B"}, "D": {"C", "A"}},
	} {
		s := &template.Stack{Resources: map[string]template.Resource{}}
		for id, needs := range resources {
			s.Resources[id] = template.Resource{DependsOn: needs}
		}
		if got := fmt.Sprint(s.CriticalPath()); got != want {
			t.Errorf("%v: got %s, want %s", resources, got, want)
		}
	}
}

// No chain is longer, and each of its resources waits for the one before it.
func TestCriticalPathIsTheLongest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := &template.Stack{Resources: map[string]template.Resource{}}
		n := rapid.IntRange(1, 12).Draw(r, "resources")
		longest := make([]int, n)
		most := 0
		for i := range n {
			var needs template.Names
			for j := range i {
				if rapid.Bool().Draw(r, "needs") {
					needs = append(needs, fmt.Sprint(j))
					longest[i] = max(longest[i], longest[j]+1)
				}
			}
			s.Resources[fmt.Sprint(i)] = template.Resource{DependsOn: needs}
			most = max(most, longest[i])
		}
		path := s.CriticalPath()
		if len(path) != most+1 {
			r.Fatalf("%v has %d resources, want %d", path, len(path), most+1)
		}
		for i := 1; i < len(path); i++ {
			if !slices.Contains(s.Needs(path[i]), path[i-1]) {
				r.Errorf("%s does not need %s", path[i], path[i-1])
			}
		}
	})
}

func TestCriticalStacks(t *testing.T) {
	t.Parallel()
	stacks, err := template.ReadAssembly(app(t))
	if err != nil {
		t.Fatal(err)
	}
	alone := &template.Stack{Name: "alone", Artifact: "alone", Resources: map[string]template.Resource{}}
	for i := range 5 {
		alone.Resources[fmt.Sprint(i)] = template.Resource{DependsOn: template.Names{fmt.Sprint(i - 1)}}
	}
	for want, given := range map[string][]*template.Stack{
		"[Base lake]": stacks,
		"[alone]":     append(stacks, alone), // five resources one after another, and four in the two
		"[]":          nil,
	} {
		got := []string{}
		for _, s := range template.CriticalStacks(given) {
			got = append(got, s.Name)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}
