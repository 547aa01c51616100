package strictyaml

import (
	"fmt"
	"strconv"
	"strings"
)

// describe says what a value is, in the words of a message.
func describe(n *node) string {
	switch n.kind {
	case Null:
		return "nothing"
	case Bool:
		return n.text
	case Integer, Float:
		return "the number " + shorten(n.text)
	case String:
		return "the text " + strconv.Quote(shorten(n.text))
	case Sequence:
		if len(n.items) == 1 {
			return "a list with 1 item"
		}
		return fmt.Sprintf("a list with %d items", len(n.items))
	case Mapping:
		if len(n.entries) == 0 {
			return "an empty mapping"
		}
		keys := make([]string, 0, 4)
		for _, e := range n.entries {
			if len(keys) == 3 {
				keys = append(keys, "…")
				break
			}
			keys = append(keys, shorten(e.key))
		}
		return "a mapping with " + strings.Join(keys, ", ")
	default:
		return "a value"
	}
}

// shorten keeps messages on one readable line.
func shorten(s string) string {
	const limit = 60
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
