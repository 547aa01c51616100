package problem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

func TestError(t *testing.T) {
	t.Parallel()
	full := problem.Problem{
		File: "mesh.yaml", Line: 3, Column: 7, Path: "name", Got: "nothing", Expected: "a name", Fix: "add one",
		Excerpt: "  3 | name:\n",
	}
	for want, change := range map[string]func(*problem.Problem){
		"mesh.yaml:3:7: name: got nothing; expected a name; fix: add one\n  3 | name:": func(*problem.Problem) {},
		"mesh.yaml:3: name: got nothing; expected a name; fix: add one\n  3 | name:":   func(p *problem.Problem) { p.Column = 0 },
		"mesh.yaml: name: got nothing; expected a name; fix: add one\n  3 | name:":     func(p *problem.Problem) { p.Line = 0 },
		"name: got nothing; expected a name; fix: add one\n  3 | name:":                func(p *problem.Problem) { p.File = "" },
		"mesh.yaml:3:7: name: got nothing; expected a name\n  3 | name:":               func(p *problem.Problem) { p.Fix = "" },
		"mesh.yaml:3:7: name: got nothing; expected a name; fix: add one":              func(p *problem.Problem) { p.Excerpt = "" },
	} {
		p := full
		change(&p)
		if got := p.Error(); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	var list problem.List
	if err := list.Err(); err != nil {
		t.Errorf("no problems are the error %v", err)
	}
	list.Addf("b", "1", "2", "")
	list.Addf("a", "1", "2", "")
	list.Addf("a", "1", "2", "")
	list.Add(problem.Problem{File: "f", Line: 2, Path: "z"})
	list.Add(problem.Problem{File: "f", Line: 10, Path: "a"})
	list.Add(problem.Problem{File: "f", Line: 2, Column: 5, Path: "a"})
	var got []string
	for _, p := range problem.Of(list.Err()) {
		got = append(got, p.Place()+" "+p.Path)
	}
	if diff := cmp.Diff([]string{" a", " b", "f:2 z", "f:2:5 a", "f:10 a"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if list[0].Path != "b" {
		t.Error("Err changed the order of the list")
	}
	if got, want := list[:2].Error(), "b: got 1; expected 2\na: got 1; expected 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	one := problem.Problem{Path: "a", Got: "1", Expected: "2"}
	for name, tc := range map[string]struct {
		err  error
		want problem.List
	}{
		"nil":     {nil, nil},
		"list":    {fmt.Errorf("load: %w", problem.List{one, one}), problem.List{one, one}},
		"problem": {fmt.Errorf("load: %w", one), problem.List{one}},
		"joined":  {errors.Join(errors.New("other"), problem.List{one}), problem.List{one}},
		"other":   {fs.ErrNotExist, problem.List{{Path: ".", Got: "file does not exist", Expected: "no error"}}},
	} {
		if diff := cmp.Diff(tc.want, problem.Of(tc.err)); diff != "" {
			t.Errorf("%s -want +got:\n%s", name, diff)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"classification", "name", "type", "typed", "x", "medical_record_number"}
	for word, want := range map[string]string{
		"classifcaton":           "classification",
		"CLASSIFICATION":         "classification",
		"naem":                   "name",
		"typ":                    "type",
		"typde":                  "type", // both are one swap or removal away; the first wins
		"medical_record_numbr":   "medical_record_number",
		"medicalRecordNumber":    "medical_record_number",
		"y":                      "",
		"zone":                   "",
		"":                       "",
		string(make([]rune, 65)): "",
	} {
		got, ok := problem.Nearest(word, known)
		if got != want || ok != (want != "") {
			t.Errorf("%q is near %q, want %q", word, got, want)
		}
	}
	if got, ok := problem.Nearest("abc", []string{string(make([]rune, 65))}); ok {
		t.Errorf("near %q", got)
	}
}
