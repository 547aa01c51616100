package repository

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// standard has the shape of a file of the Open Data Contract Standard: the tag of a
// field is its key, and the standard says what each key means.
const standard = "constructs/contract/internal/odcs"

// Whatever constructs and stacks export says in a sentence what it is: types,
// functions, constants, fields and methods of interfaces.
func TestExportedNamesAreDocumented(t *testing.T) {
	for folder, files := range goFolders(t) {
		if !strings.HasPrefix(folder, "constructs/") && !strings.HasPrefix(folder, "stacks") {
			continue
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			parsed, err := parser.ParseFile(set, filepath.Join(root, folder, file), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if folder == standard {
				withoutKeys(parsed)
			}
			for _, m := range undocumented(parsed) {
				t.Errorf("%s:%d: %s has no comment that says what it is", filepath.Join(folder, file), set.Position(m.Pos()).Line, m.Name)
			}
		}
	}
}

// undocumented are the exported names of a file without a comment of their own or
// of the declaration that they stand in.
func undocumented(file *ast.File) []*ast.Ident {
	var out []*ast.Ident
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			of := receiver(d)
			if d.Recv == nil || len(of) == 1 && ast.IsExported(of[0]) {
				out = append(out, unless(d.Doc, nil, d.Name)...)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ValueSpec:
					if d.Doc == nil {
						out = append(out, unless(s.Doc, s.Comment, s.Names...)...)
					}
				case *ast.TypeSpec:
					out = append(out, undocumentedType(d, s)...)
				}
			}
		}
	}
	return out
}

func undocumentedType(d *ast.GenDecl, s *ast.TypeSpec) []*ast.Ident {
	if !s.Name.IsExported() {
		return nil
	}
	var out []*ast.Ident
	if d.Doc == nil {
		out = append(out, unless(s.Doc, s.Comment, s.Name)...)
	}
	for _, field := range members(s) {
		out = append(out, unless(field.Doc, field.Comment, field.Names...)...)
	}
	return out
}

// withoutKeys takes the fields out that are keys of a file.
func withoutKeys(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.StructType); ok {
			s.Fields.List = slices.DeleteFunc(s.Fields.List, func(f *ast.Field) bool {
				return f.Tag != nil && strings.Contains(f.Tag.Value, "yaml:")
			})
		}
		return true
	})
}

// unless are the exported names, where neither comment says something.
func unless(doc, comment *ast.CommentGroup, names ...*ast.Ident) []*ast.Ident {
	if strings.TrimSpace(doc.Text()+comment.Text()) != "" {
		return nil
	}
	var out []*ast.Ident
	for _, name := range names {
		if name.IsExported() {
			out = append(out, name)
		}
	}
	return out
}

func TestUndocumented(t *testing.T) {
	const source = `package p

// A is said.
type A struct {
	B int // said
	C int
	// D is said.
	D int
	e int
}

type F interface{ G() }

const H = 1

// Both are said.
const (
	I = 1
	J = 2
)

func (a *A) K() {}
func (x y) L()  {}
func M()        {}
func n()        {}
`
	parsed, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, name := range undocumented(parsed) {
		got = append(got, name.Name)
	}
	if want := "[C F G H K M]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}
