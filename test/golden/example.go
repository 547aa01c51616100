package golden

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// CheckExample holds an example on a page against the function of a test that shows it,
// so that what readers copy compiles and runs. On the page it stands between
//
//	<!-- example: ExampleNewFhirStore -->
//	<!-- /example -->
//
// and is the body of the function in the file, up to a comment "// Output:" or
// "template :=", from which on the function only looks at what was made.
func CheckExample(t testing.TB, page, file, function string) {
	t.Helper()
	text, err := os.ReadFile(page) //nolint:gosec // a page of this repository
	if err != nil {
		t.Fatal(err)
	}
	start, end := "<!-- example: "+function+" -->\n", "<!-- /example -->"
	before, rest, found := bytes.Cut(text, []byte(start))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !found || !closed {
		t.Fatalf("%s has no marks of the example %s", page, function)
	}
	Check(t, page, fmt.Appendf(nil, "%s%s```go\n%s```\n%s%s", before, start, body(t, file, function), end, after))
}

// body is that of a function, without its indentation.
func body(t testing.TB, file, function string) string {
	t.Helper()
	source, err := os.ReadFile(file) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	positions := token.NewFileSet()
	parsed, err := parser.ParseFile(positions, file, source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range parsed.Decls {
		found, ok := declaration.(*ast.FuncDecl)
		if !ok || found.Name.Name != function {
			continue
		}
		inner := source[positions.Position(found.Body.Lbrace).Offset+1 : positions.Position(found.Body.Rbrace).Offset]
		var out strings.Builder
		for line := range strings.Lines(strings.TrimPrefix(string(inner), "\n")) {
			line = strings.TrimPrefix(line, "\t")
			if strings.HasPrefix(line, "template :=") || strings.HasPrefix(line, "// Output:") {
				break
			}
			out.WriteString(line)
		}
		return strings.TrimRight(out.String(), "\n") + "\n"
	}
	t.Fatalf("%s has no function %s", file, function)
	return ""
}
