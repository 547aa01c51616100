package strictyaml_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// TestManyKeys checks that a mapping written in lines has a bound, which keeps its
// time from growing with the square, and that others have none.
func TestManyKeys(t *testing.T) {
	t.Parallel()
	const most, many = 5000, 60_000
	for name, text := range mappings(many) {
		_, err := strictyaml.Parse("f.yaml", []byte(text))
		bounded := name == "block" || name == "nested"
		if (err != nil) != bounded {
			t.Errorf("%s of %d: %v", name, many, err)
		}
		if bounded && !strings.Contains(err.Error(), "got more than 5000 keys in one mapping; expected fewer keys; fix: split the mapping, or write a list") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range mappings(most) {
		read(t, text)
	}
	// Mappings beside each other count for themselves.
	var lists strings.Builder
	for range 3 {
		for _, line := range strings.SplitAfter(mappings(most / 2)["block"], "\n") {
			if line != "" {
				lists.WriteString(map[bool]string{true: "- ", false: "  "}[strings.HasPrefix(line, "k0:")] + line)
			}
		}
	}
	read(t, lists.String())
}

// BenchmarkMapping reads one mapping of n keys.
func BenchmarkMapping(b *testing.B) {
	for _, n := range []int{1250, 2500, 5000} {
		for name, text := range mappings(n) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					read(b, text)
				}
			})
		}
	}
}

func mappings(n int) map[string]string {
	var block, nested, flow, list strings.Builder
	nested.WriteString("a:\n")
	flow.WriteString("{")
	for i := range n {
		fmt.Fprintf(&block, "k%d: v\n", i)
		fmt.Fprintf(&nested, "  k%d: v\n", i)
		fmt.Fprintf(&flow, "k%d: v, ", i)
		fmt.Fprintf(&list, "- k%d\n", i)
	}
	flow.WriteString("}")
	return map[string]string{"block": block.String(), "nested": nested.String(), "flow": flow.String(), "list": list.String()}
}

func read(tb testing.TB, text string) {
	tb.Helper()
	doc, err := strictyaml.Parse("f.yaml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	var into any
	if list := doc.Decode(&into); len(list) > 0 {
		tb.Fatal(list)
	}
}
