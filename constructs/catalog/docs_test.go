package catalog_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/test/golden"
)

const page = "../docs/catalog.md"

// TestDocs keeps the generated tables of the page equal to the code.
func TestDocs(t *testing.T) {
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text := section(t, string(data), "properties", propertyTables(t))
	text = section(t, text, "table-properties", tableProperties())
	golden.Check(t, page, []byte(text))
}

// What the page shows to copy compiles and runs.
func TestPageShowsTheExample(t *testing.T) {
	golden.CheckExample(t, page, "example_test.go", "ExampleIDatabase")
}

// section replaces what stands between two marks.
func section(t *testing.T, text, name, content string) string {
	t.Helper()
	start, end := "<!-- "+name+": generated -->\n", "<!-- /"+name+" -->"
	before, rest, found := strings.Cut(text, start)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no marks of %s", page, name)
	}
	return before + start + content + end + after
}

func tableProperties() string {
	var b strings.Builder
	b.WriteString("| property | values | what it is |\n|---|---|---|\n")
	for _, p := range contract.TableProperties() {
		values := strings.Join(p.Values, ", ")
		if p.Values == nil {
			values = fmt.Sprintf("whole number from %d", p.Least)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", p.Name, values, p.About)
	}
	return b.String()
}

// propertyTables has a table per struct of props, from the comments of its fields.
func propertyTables(t *testing.T) string {
	t.Helper()
	structs := []string{
		"DatabaseProps", "TableProps", "TableAttributes", "ViewProps", "OptimizerRoleProps", "OptimizedDatabase", "TableOptimizerProps", "Compaction", "Retention", "OrphanFiles", "EncryptionProps",
	}
	tables := map[string]string{}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range sources {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if fields, ok := spec.Type.(*ast.StructType); ok && slices.Contains(structs, spec.Name.Name) {
				tables[spec.Name.Name] = table(t, spec.Name.Name, fields)
			}
			return false
		})
	}
	var b strings.Builder
	for _, name := range structs {
		b.WriteString(tables[name])
	}
	return b.String()
}

func table(t *testing.T, name string, fields *ast.StructType) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n| property | what it is | default |\n|---|---|---|\n", name)
	for _, field := range fields.Fields.List {
		comment := strings.ReplaceAll(strings.Join(strings.Fields(field.Doc.Text()), " "), "|", `\|`)
		about, standard, optional := strings.Cut(comment, " Default: ")
		if !optional {
			standard = "required"
			if !strings.Contains(comment, "Required") {
				t.Errorf("%s.%s: the comment gives no default and does not say that it is required", name, field.Names[0])
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", field.Names[0], about, standard)
	}
	b.WriteString("\n")
	return b.String()
}
