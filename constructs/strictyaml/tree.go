package strictyaml

// Kind is what a YAML value is.
type Kind int

// The kinds of values, scalars first.
const (
	Null Kind = iota
	Bool
	Integer
	Float
	String
	Sequence
	Mapping
)

// node is one value of the document, with aliases resolved and merges applied.
// Aliased values are shared, never copied.
type node struct {
	kind         Kind
	line, column int
	text         string // a scalar as the file spells it, without quotes
	quoted       bool   // a text in quotes or a block
	value        any    // bool, int64, uint64, float64, string or nil
	items        []*node
	entries      []entry
	index        map[string]int // of entries, by key
	broken       bool           // a mistake in it is reported already
	size, depth  int            // with everything in it, aliases expanded
}

// entry is one key of a mapping with its value.
type entry struct {
	key          string
	line, column int // of the key
	value        *node
	merged       bool // came from another mapping by <<
}

// entry returns the entry with the key, or nil.
func (n *node) entry(key string) *entry {
	if i, ok := n.index[key]; ok {
		return &n.entries[i]
	}
	return nil
}

// put adds an entry whose key is new to the mapping.
func (n *node) put(e entry) {
	if n.index == nil {
		n.index = map[string]int{}
	}
	n.index[e.key] = len(n.entries)
	n.entries = append(n.entries, e)
}

// measure sets size and depth from the children's.
func (n *node) measure() {
	n.size, n.depth = 1, 1
	add := func(c *node) {
		n.size = min(n.size+c.size, maxValues+1)
		n.depth = max(n.depth, c.depth+1)
	}
	for _, c := range n.items {
		add(c)
	}
	for _, e := range n.entries {
		add(e.value)
	}
}

// plain returns the value as Go sees any: maps, slices and scalars.
func (n *node) plain() any {
	switch n.kind {
	case Sequence:
		out := make([]any, len(n.items))
		for i, c := range n.items {
			out[i] = c.plain()
		}
		return out
	case Mapping:
		out := make(map[string]any, len(n.entries))
		for _, e := range n.entries {
			out[e.key] = e.value.plain()
		}
		return out
	default:
		return n.value
	}
}
