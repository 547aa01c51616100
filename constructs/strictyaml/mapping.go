package strictyaml

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

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
		value := c.node(v.Value, Key(path, key))
		if first := out.entry(key); first != nil {
			c.report(&node{line: line, column: column}, Key(path, key), fmt.Sprintf("the key %q a second time", shorten(key)),
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
