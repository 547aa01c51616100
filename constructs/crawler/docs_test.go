package crawler_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/golden"
)

const (
	page  = "../docs/crawler.md"
	begin = "<!-- properties: written by the test of the package, run with -update -->\n"
	end   = "<!-- end of properties -->\n"
)

// The tables of properties in the documentation are the doc comments of the code.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := bytes.Cut(text, []byte(begin))
	_, tail, closed := bytes.Cut(rest, []byte(end))
	if !found || !closed {
		t.Fatalf("%s has no place for properties", page)
	}
	var out bytes.Buffer
	out.Write(head)
	out.WriteString(begin)
	for _, file := range []string{"props.go", "events.go", "target.go", "classifier.go", "grok.go"} {
		writeTables(t, &out, file)
	}
	out.WriteString("\n" + end)
	out.Write(tail)
	golden.Check(t, page, out.Bytes())
}

// What the page shows to copy compiles and runs.
func TestPageShowsTheExample(t *testing.T) {
	golden.CheckExample(t, page, "example_test.go", "ExampleNewCrawler")
}

// writeTables writes a table for every exported struct of a file that has only
// exported fields.
func writeTables(t *testing.T, out *bytes.Buffer, file string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, isType := n.(*ast.TypeSpec)
		if !isType || !spec.Name.IsExported() {
			return true
		}
		fields, isStruct := spec.Type.(*ast.StructType)
		if !isStruct || slices.ContainsFunc(fields.Fields.List, func(f *ast.Field) bool { return len(f.Names) == 0 || !f.Names[0].IsExported() }) {
			return true
		}
		fmt.Fprintf(out, "\n### %s\n\n| Property | Meaning | Default |\n|---|---|---|\n", spec.Name.Name)
		for _, field := range fields.Fields.List {
			meaning, otherwise, _ := strings.Cut(strings.Join(strings.Fields(field.Doc.Text()), " "), "Default: ")
			if meaning, otherwise = strings.TrimSpace(meaning), strings.TrimSpace(otherwise); otherwise == "" {
				otherwise = "none"
				if !strings.Contains(meaning, "Required") {
					t.Errorf("%s.%s has neither a default nor is it required", spec.Name.Name, field.Names[0].Name)
				}
			}
			fmt.Fprintf(out, "| `%s` | %s | %s |\n", field.Names[0].Name, cell(meaning), cell(otherwise))
		}
		return false
	})
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
