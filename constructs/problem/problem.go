package problem

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in the input.
//
// Path is always set. File, Line and Column are set when the input came from a
// file; lines and columns count from 1 and are 0 when unknown.
type Problem struct {
	File     string // "" for a Go value
	Line     int    // from 1; 0 is unknown
	Column   int    // from 1; 0 is unknown
	Path     string // property path, for example domains[2].products[0]
	Got      string // what was found, quoted by the reporter where that helps
	Expected string // what would have been right
	Fix      string // what the author should do
	Excerpt  string // the source lines around the mistake, already formatted
}

// Error renders the problem as "file:line:column: path: got …; expected …; fix: …",
// followed by the source excerpt when there is one.
func (p Problem) Error() string {
	var b strings.Builder
	if place := p.Place(); place != "" {
		b.WriteString(place)
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "%s: got %s; expected %s", p.Path, p.Got, p.Expected)
	if p.Fix != "" {
		b.WriteString("; fix: ")
		b.WriteString(p.Fix)
	}
	if p.Excerpt != "" {
		b.WriteString("\n")
		b.WriteString(strings.TrimRight(p.Excerpt, "\n"))
	}
	return b.String()
}

// Place returns "file:line:column" with the parts that are known, or "".
func (p Problem) Place() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
}

// List is every problem found. It is an error when it is not empty; return it
// through Err, so that an empty list becomes a nil error.
type List []Problem

// Add appends a problem.
func (l *List) Add(p Problem) { *l = append(*l, p) }

// Addf appends a problem at a path that has no file, with the three sentences
// a reader needs. It is the short form for props and Go literals.
func (l *List) Addf(path, got, expected, fix string) {
	l.Add(Problem{Path: path, Got: got, Expected: expected, Fix: fix})
}

// Err returns the sorted list as an error, or nil when there is no problem.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l.Sorted()
}

// Sorted returns a copy ordered by file, line, column, path and text, without
// exact repeats.
func (l List) Sorted() List {
	out := slices.Clone(l)
	slices.SortFunc(out, compare)
	return slices.Compact(out)
}

// Error joins the problems, one after another.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, p := range l {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Of returns the problems that err carries, through any number of wrappings;
// an error that carries none is returned as a single problem with its text.
// A nil error gives an empty list.
func Of(err error) List {
	if err == nil {
		return nil
	}
	var list List
	if errors.As(err, &list) {
		return list
	}
	var single Problem
	if errors.As(err, &single) {
		return List{single}
	}
	return List{{Path: ".", Got: err.Error(), Expected: "no error"}}
}

func compare(a, b Problem) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Got, b.Got),
		cmp.Compare(a.Expected, b.Expected),
		cmp.Compare(a.Fix, b.Fix),
	)
}
