package access_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// whyCase is templates, a question and its answer; testdata/why/README.md says how it is
// written.
type whyCase struct {
	Case corpusCase `yaml:",inline"`

	Ask     []string
	Answer  string
	Paths   [][]string
	Missing [][]string
	Unknown []string
}

func TestWhy(t *testing.T) {
	var cases []whyCase
	var bucket resources
	load(t, filepath.Join("testdata", "why", "bucket.yaml"), &bucket)
	load(t, filepath.Join("testdata", "why", "cases.yaml"), &cases)
	if len(cases) < 20 {
		t.Errorf("got %d cases; expected 20 or more", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Case.Title, func(t *testing.T) {
			c.Case.Resources = c.Case.Resources.over(bases(t)[c.Case.Base]).over(bucket)
			for i := range c.Case.More {
				c.Case.More[i].Resources = c.Case.More[i].Resources.over(bases(t)[c.Case.More[i].Base])
			}
			state, err := assembly.Read(c.Case.write(t))
			if err != nil {
				t.Fatal(err)
			}
			column := ""
			if len(c.Ask) > 2 {
				column = c.Ask[2]
			}
			e, err := state.Explain(c.Ask[0], c.Ask[1], column)
			if err != nil {
				t.Fatal(err)
			}
			if e.Answer() != c.Answer {
				t.Errorf("got the answer %q; expected %q", e.Answer(), c.Answer)
			}
			samePaths(t, "paths", e.Paths, c.Paths)
			samePaths(t, "missing", e.Missing, c.Missing)
			if !eachIn(e.Unknown, c.Unknown) {
				t.Errorf("got as unknown %q; expected %q", e.Unknown, c.Unknown)
			}
		})
	}
}

// samePaths compares paths with parts of their steps.
func samePaths(t *testing.T, what string, paths []access.Path, want [][]string) {
	t.Helper()
	var got [][]string
	for _, p := range paths {
		var lines []string
		if !p.Certain {
			lines = append(lines, "maybe")
		}
		if len(p.Rows) > 0 {
			lines = append(lines, "rows: "+p.Rows.String())
		}
		for _, s := range p.Steps {
			lines = append(lines, string(s.Kind)+": "+s.Text)
		}
		got = append(got, lines)
	}
	if !slices.EqualFunc(got, want, eachStep) {
		t.Errorf("%s: got\n  %s\nexpected\n  %s", what, lined(got), lined(want))
	}
}

// eachStep reports whether each step is of the kind, and has the part, that is expected. A
// path that falls short may say more after what is expected.
func eachStep(got, want []string) bool {
	if len(got) < len(want) || len(got) > len(want) && !strings.HasPrefix(want[0], "grant: nothing") {
		return false
	}
	for i, w := range want {
		kind, part, _ := strings.Cut(w, ": ")
		if have, text, _ := strings.Cut(got[i], ": "); have != kind || !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

func eachIn(got, parts []string) bool {
	return slices.EqualFunc(got, parts, strings.Contains)
}

func lined(paths [][]string) string {
	lines := make([]string, len(paths))
	for i, p := range paths {
		lines[i] = strings.Join(p, " | ")
	}
	return strings.Join(lines, "\n  ")
}

// What is explained of every table in the corpus is what the matrix says of it.
func TestTheCorpusIsExplained(t *testing.T) {
	for _, c := range corpus(t) {
		if c.Error != "" {
			continue
		}
		given := template.Given{Parameters: c.Parameters}
		state, err := assembly.ReadGiven(c.write(t), given)
		if err != nil {
			continue // the answer of the case is this error
		}
		explainer := access.NewExplainer(state)
		for _, r := range explainer.Matrix().Rows {
			e := explainer.Row(r)
			if e == nil {
				continue
			}
			var columns []string
			for _, column := range r.Columns {
				columns = append(columns, column.Name)
			}
			if !slices.Equal(columns, e.Columns) {
				t.Errorf("%s: %s %s: explained as %q; the matrix says %q", c.Title, r.Principal, r.Name(), e.Columns, columns)
			}
		}
	}
}
