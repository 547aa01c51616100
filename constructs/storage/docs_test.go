package storage_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/golden"
)

const (
	page  = "../docs/storage.md"
	begin = "<!-- properties: generated from the doc comments -->\n"
	end   = "<!-- end of properties -->\n"
)

// The tables of properties are what the code says.
func TestPropertyTables(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(text), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the tables", page)
	}
	golden.Check(t, page, []byte(head+begin+tables(t)+end+tail))
}

// What the page shows to copy compiles and runs.
func TestPageShowsTheExample(t *testing.T) {
	golden.CheckExample(t, page, "example_test.go", "ExampleILakeStorage")
}

func tables(t *testing.T) string {
	t.Helper()
	structs := parseStructs(t)
	var out strings.Builder
	for _, name := range []string{
		"LakeStorageProps", "ZoneProps", "Lifecycle", "Transition", "FolderExpiration", "ObjectLock", "Replication", "Inventory", "VPCEndpointAccess", "LakeFormationAccess", "MalwareScan",
		"BucketNames", "ReplicaStorageProps", "LakeStorageAttributes", "KeyBucketProps", "S3Location",
	} {
		spec, found := structs[name]
		if !found {
			t.Fatalf("no struct %s", name)
		}
		fmt.Fprintf(&out, "\n### %s\n\n| Property | Type | Meaning | Default |\n|---|---|---|---|\n", name)
		for _, field := range spec.Fields.List {
			meaning, otherwise := split(field.Doc.Text())
			if meaning == "" {
				t.Errorf("%s.%s has no doc comment", name, field.Names[0])
			}
			for _, ident := range field.Names {
				fmt.Fprintf(&out, "| `%s` | `%s` | %s | %s |\n", ident, typeText(t, field.Type), meaning, otherwise)
			}
		}
	}
	out.WriteString("\n")
	return out.String()
}

// split parts a comment at "Default:".
func split(doc string) (meaning, otherwise string) {
	meaning, otherwise, _ = strings.Cut(strings.Join(strings.Fields(doc), " "), "Default: ")
	if strings.HasSuffix(strings.TrimSpace(meaning), "Required.") {
		meaning, otherwise = strings.TrimSuffix(strings.TrimSpace(meaning), "Required."), "required"
	}
	escape := func(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "|", `\|`) }
	return escape(meaning), escape(otherwise)
}

func typeText(t *testing.T, expression ast.Expr) string {
	t.Helper()
	var out bytes.Buffer
	if err := printer.Fprint(&out, token.NewFileSet(), expression); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func parseStructs(t *testing.T) map[string]*ast.StructType {
	t.Helper()
	out := map[string]*ast.StructType{}
	for _, file := range files(t, ".", "*.go") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if s, ok := spec.Type.(*ast.StructType); ok {
					out[spec.Name.Name] = s
				}
			}
			return true
		})
	}
	return out
}

func files(t *testing.T, folder, pattern string) []string {
	t.Helper()
	out, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(out) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	return out
}
