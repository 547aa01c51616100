package strictyaml

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Parse reads the only YAML document in data; file is its name in messages.
// The error, when there is one, is a [problem.List]: a file that is no YAML is
// one problem, with its place.
func Parse(file string, data []byte) (*Document, error) {
	text, place := normalize(data)
	d := &Document{file: file}
	for line := range strings.SplitSeq(text, "\n") {
		d.lines = append(d.lines, []rune(line))
	}
	if place != nil {
		return nil, problem.List{d.at(place.line, place.column, problem.Root, place.got, place.expected, place.fix)}
	}
	if err := d.parse(text); err != nil {
		return nil, problem.List{d.at(err.line, err.column, problem.Root, err.got, err.expected, err.fix)}
	}
	return d, nil
}

// located is what the parser's syntax errors have beyond error.
type located interface {
	error
	GetMessage() string
	GetToken() *token.Token
}

// parse fills the document from the text. The parser is not trusted: a panic in
// it becomes a fault.
func (d *Document) parse(text string) (f *fault) {
	defer func() {
		if r := recover(); r != nil {
			f = &fault{
				line: 1, column: 1, got: fmt.Sprintf("text that the YAML parser cannot read (%v)", r),
				expected: "a YAML document", fix: "look for quotes, brackets or indents that do not match",
			}
		}
	}()
	tokens := lexer.Tokenize(text)
	if f := refuse(tokens); f != nil {
		return f
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return syntaxFault(err)
	}
	body, f := onlyBody(file)
	if f != nil {
		return f
	}
	c := &converter{doc: d, anchors: map[string]*node{}}
	d.root = c.node(body, problem.Root)
	if d.root.size > maxValues || c.count > maxValues {
		return &fault{
			line: d.root.line, column: d.root.column, got: fmt.Sprintf("more than %d values once aliases are expanded", maxValues),
			expected: "a smaller document", fix: "use fewer aliases",
		}
	}
	if d.root.depth > maxDepth {
		return &fault{
			line: d.root.line, column: d.root.column, got: fmt.Sprintf("values nested more than %d deep once aliases are expanded", maxDepth),
			expected: "fewer levels", fix: "flatten the document",
		}
	}
	return nil
}

// onlyBody returns the body of the only document in the file.
func onlyBody(file *ast.File) (ast.Node, *fault) {
	var body ast.Node
	for _, doc := range file.Docs {
		if isEmpty(doc.Body) {
			continue
		}
		if body != nil {
			return nil, secondDocument(doc.Body.GetToken())
		}
		body = doc.Body
	}
	if body == nil {
		return nil, &fault{
			line: 1, column: 1, got: "an empty file", expected: "a YAML document", fix: "write the document, or remove the file",
		}
	}
	return body, nil
}

func isEmpty(body ast.Node) bool {
	switch body.(type) {
	case nil, *ast.DirectiveNode, *ast.CommentGroupNode, *ast.CommentNode:
		return true
	default:
		return false
	}
}

func syntaxFault(err error) *fault {
	const (
		expected = "valid YAML"
		fix      = "correct the syntax here or just above"
	)
	var at located
	if errors.As(err, &at) && at.GetToken() != nil {
		return faultAt(at.GetToken(), "a syntax error: "+at.GetMessage(), expected, fix)
	}
	return &fault{line: 1, column: 1, got: "a syntax error: " + err.Error(), expected: expected, fix: fix}
}
