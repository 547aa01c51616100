package strictyaml

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Document is one parsed YAML document, with the place of everything in it.
// It is not changed after Parse and safe for concurrent use.
type Document struct {
	file     string
	lines    [][]rune
	root     *node
	problems problem.List // mistakes that do not depend on what is decoded
}

// File returns the name that was given to Parse.
func (d *Document) File() string { return d.file }

// Has reports whether the document has a value that is not null at the path.
func (d *Document) Has(path string) bool {
	n, _, _, exact := d.find(path)
	return exact && n.kind != Null
}

// Text returns the scalar at the path as the file spells it, without its quotes,
// and whether there is one.
func (d *Document) Text(path string) (string, bool) {
	n, _, _, exact := d.find(path)
	return n.text, exact && n.kind != Null && n.kind < Sequence
}

// Position returns the line and column, from 1, of what stands at the path, or
// of its nearest parent in the document: of the value where that is a scalar,
// else of its key. A path is written domains[2].account; names with other
// characters than letters, digits, _ and - are quoted: products["a.b"].
func (d *Document) Position(path string) (line, column int) {
	_, line, column, _ = d.find(path)
	return line, column
}

// Problem makes a problem at the path, with file, line, column and excerpt.
func (d *Document) Problem(path, got, expected, fix string) problem.Problem {
	line, column := d.Position(path)
	return d.at(line, column, path, got, expected, fix)
}

// Place returns a copy of the list in which every problem without a file has
// the file, line, column and excerpt of its path.
func (d *Document) Place(list problem.List) problem.List {
	out := slices.Clone(list)
	for i, p := range out {
		if p.File == "" {
			out[i] = d.Problem(p.Path, p.Got, p.Expected, p.Fix)
		}
	}
	return out
}

// at makes a problem at a known place.
func (d *Document) at(line, column int, path, got, expected, fix string) problem.Problem {
	return problem.Problem{
		File: d.file, Line: line, Column: column, Path: path,
		Got: got, Expected: expected, Fix: fix,
		Excerpt: excerpt(d.lines, line, column),
	}
}

// find walks the path as far as the document has it.
func (d *Document) find(path string) (n *node, line, column int, exact bool) {
	n = d.root
	line, column = n.line, n.column
	for _, s := range splitPath(path) {
		switch {
		case s.isIndex && n.kind == Sequence && s.index < len(n.items):
			n = n.items[s.index]
			line, column = n.line, n.column
		case !s.isIndex && n.kind == Mapping && n.entry(s.name) != nil:
			e := n.entry(s.name)
			n = e.value
			line, column = e.line, e.column
			if n.kind < Sequence && n.kind != Null {
				line, column = n.line, n.column
			}
		default:
			return n, line, column, false
		}
	}
	return n, line, column, true
}
