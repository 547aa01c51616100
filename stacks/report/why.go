package report

import (
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// why is why rows show what they show. Paths, their steps and lists of columns are said
// once, as many rows share them.
type why struct {
	Kinds   []string   `json:"kinds"`   // of steps
	Ways    []string   `json:"ways"`    // of paths
	Step    [][2]int   `json:"step"`    // kind and text
	Steps   [][]int    `json:"steps"`   // lists of steps
	Columns [][]int    `json:"columns"` // lists of names
	Paths   []path     `json:"paths"`
	Answers [][3][]int `json:"answers"` // paths that lead there, paths that fall short, texts of what is unknown
	Rows    []int      `json:"rows"`    // the answer to each row; -1 without one
}

type path struct {
	Way       int   `json:"w"`
	Steps     int   `json:"s"`
	Columns   int   `json:"c,omitempty"` // 1 for the first list; 0 for none
	Rows      []int `json:"r,omitempty"`
	Uncertain bool  `json:"u,omitempty"`
}

// whyOf collects the explanations of rows.
type whyOf struct {
	texts       *texts
	kinds, ways *shared[string]
	step        *shared[[2]int]
	steps       *shared[[]int]
	columns     *shared[[]int]
	paths       *shared[path]
	answers     *shared[[3][]int]
	rows        []int
}

func newWhy(t *texts) *whyOf {
	return &whyOf{
		texts: t, kinds: newShared[string](), ways: newShared[string](), step: newShared[[2]int](), steps: newShared[[]int](),
		columns: newShared[[]int](), paths: newShared[path](), answers: newShared[[3][]int](),
	}
}

// row adds the explanation of the next row; nil when it has none.
func (w *whyOf) row(e *access.Explanation) {
	if e == nil {
		w.rows = append(w.rows, -1)
		return
	}
	answer := [3][]int{w.pathsOf(e.Paths), w.pathsOf(e.Missing), ofAll(w.texts, e.Unknown)}
	w.rows = append(w.rows, numberOf(w.answers, answer))
}

func (w *whyOf) pathsOf(paths []access.Path) []int {
	out := make([]int, len(paths))
	for i, p := range paths {
		steps := make([]int, len(p.Steps))
		for j, s := range p.Steps {
			steps[j] = numberOf(w.step, [2]int{numberOf(w.kinds, string(s.Kind)), w.texts.of(s.Text)})
		}
		made := path{Way: numberOf(w.ways, string(p.Way)), Steps: numberOf(w.steps, steps), Uncertain: !p.Certain}
		if len(p.Columns) > 0 {
			made.Columns = 1 + numberOf(w.columns, ofAll(w.texts, p.Columns))
		}
		if len(p.Rows) > 0 {
			made.Rows = ofAll(w.texts, p.Rows)
		}
		out[i] = numberOf(w.paths, made)
	}
	return out
}

func (w *whyOf) all() why {
	return why{w.kinds.all, w.ways.all, w.step.all, w.steps.all, w.columns.all, w.paths.all, w.answers.all, w.rows}
}

// numberOf numbers a value by what it prints.
func numberOf[T any](s *shared[T], value T) int {
	return s.of(fmt.Sprint(value), func() T { return value })
}
