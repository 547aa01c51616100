package repository

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// names are what the Go code defines: package.Name, package.Type.Method and
// package.Type.Field, and the tests by their names alone.
type names map[string]bool

func namesOf(t *testing.T) names {
	t.Helper()
	all := names{}
	for folder, files := range goFolders(t) {
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, folder, file), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, "_test.go") {
				all.addTests(parsed)
				continue
			}
			all.addDeclarations(parsed)
		}
	}
	return all
}

func (n names) addTests(file *ast.File) {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && (strings.HasPrefix(f.Name.Name, "Test") || strings.HasPrefix(f.Name.Name, "Fuzz")) {
			n[f.Name.Name] = true
		}
	}
}

func (n names) addDeclarations(file *ast.File) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			n[strings.Join(append([]string{file.Name.Name}, append(receiver(d), d.Name.Name)...), ".")] = true
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				n.addSpec(file.Name.Name, spec)
			}
		}
	}
}

func (n names) addSpec(pkg string, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			n[pkg+"."+name.Name] = true
		}
	case *ast.TypeSpec:
		n[pkg+"."+s.Name.Name] = true
		for _, field := range members(s) {
			for _, name := range field.Names {
				n[pkg+"."+s.Name.Name+"."+name.Name] = true
			}
		}
	}
}

// receiver is the name of the type of a method, and nothing for a function.
func receiver(f *ast.FuncDecl) []string {
	if f.Recv == nil {
		return nil
	}
	of := f.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	if generic, ok := of.(*ast.IndexExpr); ok {
		of = generic.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return []string{name.Name}
	}
	return nil
}

// members are the fields of a struct and the methods of an interface.
func members(s *ast.TypeSpec) []*ast.Field {
	switch of := s.Type.(type) {
	case *ast.StructType:
		return of.Fields.List
	case *ast.InterfaceType:
		return of.Methods.List
	}
	return nil
}

func readText(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...)) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
