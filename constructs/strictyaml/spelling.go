package strictyaml

import "encoding/json"

// Spelling is a number or boolean with how the file spells it.
type Spelling struct {
	Text  string // as the file has it
	Value any    // bool, int64, uint64 or float64
}

// String is the value as the file spells it.
func (s Spelling) String() string { return s.Text }

// MarshalJSON writes the value.
func (s Spelling) MarshalJSON() ([]byte, error) { return json.Marshal(s.Value) }

// spelled returns the value as Go sees any, with spellings.
func (n *node) spelled() any {
	switch n.kind {
	case Sequence:
		out := make([]any, len(n.items))
		for i, c := range n.items {
			out[i] = c.spelled()
		}
		return out
	case Mapping:
		out := make(map[string]any, len(n.entries))
		for _, e := range n.entries {
			out[e.key] = e.value.spelled()
		}
		return out
	case Null, String:
		return n.value
	default:
		return Spelling{Text: n.text, Value: n.value}
	}
}
