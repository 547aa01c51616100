package guardrail

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// names are those that an expression can use, sorted.
func names() []string {
	var out []string
	for field := range reflect.TypeFor[Access]().Fields() {
		if name := field.Tag.Get("expr"); name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// clocks are the functions that read the clock or zones of the machine: the same templates
// are judged the same everywhere.
var clocks = []string{"now", "date", "timezone", "duration"}

// compile reads an expression. All that is wrong with it is added to the list at a path.
func compile(text, path string, domains []Domain, list *problem.List) *vm.Program {
	if strings.TrimSpace(text) == "" {
		list.Addf(path, "nothing", `an expression over an access, such as phi && path == "bypass"`, "write what is refused")
		return nil
	}
	tree, err := parser.Parse(text)
	if err != nil {
		addError(text, path, err, list)
		return nil
	}
	checked := &nameChecker{text: text, path: path, list: list, known: names(), words: words()}
	for _, d := range domains {
		checked.domains = append(checked.domains, d.Name)
	}
	before := len(*list)
	ast.Walk(&tree.Node, (*declared)(&checked.known))
	ast.Walk(&tree.Node, checked)
	if len(*list) > before {
		return nil
	}
	options := []expr.Option{expr.Env(Access{}), expr.AsBool()}
	for _, name := range clocks {
		options = append(options, expr.DisableBuiltin(name))
	}
	program, err := expr.Compile(text, options...)
	if err != nil {
		addError(text, path, err, list)
		return nil
	}
	return program
}

func addError(text, path string, err error, list *problem.List) {
	var located *file.Error
	if !errors.As(err, &located) {
		list.Addf(path, fmt.Sprintf("%q: %v", text, err), "an expression that is true or false", "write one, such as phi && path == \"bypass\"")
		return
	}
	list.Addf(path, fmt.Sprintf("%q: %s at %s", text, located.Message, place(text, located.Location)), "an expression that is true or false", "correct it there")
}

// place says where in an expression something stands, as its author counts.
func place(text string, at file.Location) string {
	before := string([]rune(text)[:min(at.From, len([]rune(text)))])
	line := strings.Count(before, "\n") + 1
	column := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
	if !strings.Contains(strings.TrimSpace(text), "\n") {
		return fmt.Sprintf("character %d", column)
	}
	return fmt.Sprintf("line %d, character %d", line, column)
}

// declared are the names that an expression gives to parts of itself.
type declared []string

// Visit adds the name that a node gives; the library calls it for each.
func (d *declared) Visit(node *ast.Node) {
	if n, gives := (*node).(*ast.VariableDeclaratorNode); gives {
		*d = append(*d, n.Name)
	}
}

// nameChecker finds names that no access has, and words that no access can have under a
// name, all at once.
type nameChecker struct {
	text, path string
	list       *problem.List
	known      []string
	words      map[string][]string
	domains    []string // of which one must be named; none is any
}

// Visit checks a node; the library calls it for each.
func (c *nameChecker) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		if !slices.Contains(c.known, n.Value) && !strings.HasPrefix(n.Value, "#") {
			c.report(n, fmt.Sprintf("the name %q", n.Value), problem.OneOf(c.known), problem.DidYouMean(n.Value, c.known, "use a name of an access"))
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "==", "!=", "in":
			c.compare(n.Left, n.Right)
			c.compare(n.Right, n.Left)
		}
	}
}

// compare checks the words that a name is compared with.
func (c *nameChecker) compare(left, right ast.Node) {
	name, isName := left.(*ast.IdentifierNode)
	if !isName {
		return
	}
	switch right := right.(type) {
	case *ast.StringNode:
		c.word(name.Value, right)
	case *ast.ArrayNode:
		for _, item := range right.Nodes {
			if text, isText := item.(*ast.StringNode); isText {
				c.word(name.Value, text)
			}
		}
	}
}

func (c *nameChecker) word(name string, text *ast.StringNode) {
	allowed := c.words[name]
	if (name == "domain" || name == "homes") && len(c.domains) > 0 {
		allowed = append(slices.Clone(c.domains), "")
	}
	if len(allowed) == 0 || slices.Contains(allowed, text.Value) {
		return
	}
	allowed = slices.DeleteFunc(slices.Clone(allowed), func(word string) bool { return word == "" })
	c.report(text, fmt.Sprintf("%s %q", name, text.Value), problem.OneOf(allowed), problem.DidYouMean(text.Value, allowed, "use a word that "+name+" can be"))
}

func (c *nameChecker) report(node ast.Node, what, expected, fix string) {
	c.list.Addf(c.path, fmt.Sprintf("%q: %s at %s", c.text, what, place(c.text, node.Location())), expected, fix)
}
