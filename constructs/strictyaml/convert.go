package strictyaml

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// converter turns the parser's tree into ours: aliases resolved, merges
// applied, repeated keys reported. The parser's depth is bounded before.
type converter struct {
	doc     *Document
	anchors map[string]*node
	count   int // values and entries made so far
}

// node converts the value at the path.
func (c *converter) node(in ast.Node, path string) *node {
	c.count++
	out := c.convert(in, path)
	out.measure()
	return out
}

func (c *converter) convert(in ast.Node, path string) *node {
	switch in := in.(type) {
	case *ast.MappingNode:
		return c.mapping(in.Start, in.Values, path)
	case *ast.MappingValueNode:
		return c.mapping(in.Start, []*ast.MappingValueNode{in}, path)
	case *ast.SequenceNode:
		out := c.at(in.Start, Sequence)
		for i, item := range in.Values {
			value := c.node(item, problem.Index(path, i))
			if isNull(item) && i < len(in.Entries) && in.Entries[i] != nil {
				value.line, value.column = c.place(in.Entries[i].Start) // the dash
			}
			out.items = append(out.items, value)
		}
		return out
	case *ast.AnchorNode:
		out := c.node(in.Value, path)
		if !isNilNode(in.Name) && in.Name.GetToken() != nil {
			c.anchors[in.Name.GetToken().Value] = out
		}
		return out
	case *ast.AliasNode:
		return c.alias(in, path)
	case *ast.TagNode:
		return c.tagged(in, path)
	default:
		return c.scalar(in, path)
	}
}

// at makes a node at the token.
func (c *converter) at(tk *token.Token, kind Kind) *node {
	line, column := c.place(tk)
	return &node{kind: kind, line: line, column: column}
}

// place returns the line and column of a token. After tabs and tags the parser
// counts too few columns and names a blank before the token.
func (c *converter) place(tk *token.Token) (line, column int) {
	line, column = place(tk)
	line = min(line, len(c.doc.lines))
	text := c.doc.lines[line-1]
	for i := column - 1; i < len(text); i++ {
		if text[i] != ' ' && text[i] != '\t' {
			return line, i + 1
		}
	}
	return line, column
}

func (c *converter) scalar(in ast.Node, path string) *node {
	if isNilNode(in) {
		return c.at(nil, Null)
	}
	tk := in.GetToken()
	out := c.at(tk, Null)
	if tk != nil {
		out.text = tk.Value
	}
	switch in := in.(type) {
	case *ast.NullNode:
		out.text = ""
	case *ast.BoolNode:
		out.kind, out.value = Bool, in.Value
	case *ast.IntegerNode:
		out.kind, out.value = Integer, in.Value
		if in.Value == nil {
			out.kind, out.value = String, out.text
		}
	case *ast.FloatNode:
		out.kind, out.value = Float, in.Value
	case *ast.InfinityNode:
		out.kind, out.value = Float, in.Value
	case *ast.NanNode:
		out.kind, out.value = Float, in.GetValue()
	case *ast.StringNode:
		out.kind, out.value, out.text = String, in.Value, in.Value
		out.quoted = tk != nil && tk.Type != token.StringType
	case *ast.LiteralNode:
		out.kind, out.quoted = String, true
		if in.Value != nil {
			out.text = in.Value.Value
		}
		out.value = out.text
	default:
		c.report(out, path, fmt.Sprintf("a %s", in.Type()), "a value", "write a text, number, list or mapping")
	}
	return out
}

func (c *converter) alias(in *ast.AliasNode, path string) *node {
	out := c.at(in.Start, Null)
	name := ""
	if !isNilNode(in.Value) && in.Value.GetToken() != nil {
		name = in.Value.GetToken().Value
	}
	target, ok := c.anchors[name]
	if !ok {
		c.report(out, path, fmt.Sprintf("the alias *%s", name), "the name of an anchor above", fmt.Sprintf("define it with &%s before it is used", name))
		return out
	}
	line, column := out.line, out.column
	*out = *target
	out.line, out.column = line, column
	return out
}

// tagged accepts the tags of YAML's own schema, as long as they fit the value.
func (c *converter) tagged(in *ast.TagNode, path string) *node {
	out := c.node(in.Value, path)
	name := ""
	if in.Start != nil {
		name = in.Start.Value
		out.line, out.column = c.place(in.Start)
	}
	ok := false
	switch token.ReservedTagKeyword(name) {
	case token.StringTag:
		if ok = out.kind < Sequence; ok {
			out.kind, out.value = String, out.text
		}
	case token.NullTag:
		ok = out.kind == Null
	case token.BooleanTag:
		ok = out.kind == Bool
	case token.IntegerTag:
		ok = out.kind == Integer
	case token.FloatTag:
		ok = out.kind == Float || out.kind == Integer
	case token.MappingTag:
		ok = out.kind == Mapping
	case token.SequenceTag:
		ok = out.kind == Sequence
	default:
	}
	if !ok && !out.broken {
		c.report(out, path, fmt.Sprintf("the tag %s", name), "a plain value", "remove the tag")
	}
	return out
}

// report adds a problem at the node, which is then left alone.
func (c *converter) report(at *node, path, got, expected, fix string) {
	at.broken = true
	if len(c.doc.problems) < maxProblems {
		c.doc.problems.Add(c.doc.at(at.line, at.column, path, got, expected, fix))
	}
}

// isNull reports a value that is null, or that is not there.
func isNull(n ast.Node) bool {
	_, null := n.(*ast.NullNode)
	return null || isNilNode(n)
}

func isNilNode(n ast.Node) bool {
	switch n := n.(type) {
	case nil:
		return true
	case *ast.StringNode:
		return n == nil
	case *ast.NullNode:
		return n == nil
	default:
		return false
	}
}

// mapping converts a mapping. Its place is that of its first key, or of its
// brace.
func (c *converter) mapping(start *token.Token, values []*ast.MappingValueNode, path string) *node {
	out := c.at(start, Mapping)
	var merges []*node
	for i, v := range values {
		c.count++
		line, column := c.place(v.Key.GetToken())
		if i == 0 {
			out.line, out.column = line, column
		}
		if v.Key.IsMergeKey() {
			merges = append(merges, c.node(v.Value, path))
			continue
		}
		key, ok := c.key(v.Key, path)
		if !ok {
			continue
		}
		value := c.node(v.Value, problem.Key(path, key))
		if first := out.entry(key); first != nil {
			c.report(&node{line: line, column: column}, problem.Key(path, key), fmt.Sprintf("the key %q a second time", shorten(key)),
				fmt.Sprintf("each key once (it is on line %d already)", first.line), "keep one of them")
			continue
		}
		if isNull(v.Value) {
			value.line, value.column = line, column
		}
		out.put(entry{key: key, line: line, column: column, value: value})
	}
	for _, m := range merges {
		c.merge(out, m, path)
	}
	return out
}

// key returns the text of a mapping's key; a key must be a scalar.
func (c *converter) key(in ast.MapKeyNode, path string) (string, bool) {
	var value ast.Node = in
	if k, ok := in.(*ast.MappingKeyNode); ok {
		value = k.Value
	}
	n := c.node(value, path)
	if n.broken {
		return "", false
	}
	if n.kind >= Sequence {
		c.report(n, path, "a list or a mapping as a key", "a text", "use a text as the key")
		return "", false
	}
	return n.text, true
}

// merge adds the entries of a merged mapping, or list of mappings, that the
// mapping does not have itself; the first one wins.
func (c *converter) merge(into, from *node, path string) {
	switch {
	case from.broken:
	case from.kind == Mapping:
		for _, e := range from.entries {
			c.count++
			if c.count > maxValues {
				return
			}
			if into.entry(e.key) == nil {
				e.merged = true
				into.put(e)
			}
		}
	case from.kind == Sequence:
		for _, item := range from.items {
			if item.kind == Sequence {
				c.report(item, path, "a list in a list to merge", "a mapping", "merge mappings only")
				continue
			}
			c.merge(into, item, path)
		}
	default:
		c.report(from, path, describe(from)+" to merge", "a mapping", "merge mappings only, as in <<: *name")
	}
}
