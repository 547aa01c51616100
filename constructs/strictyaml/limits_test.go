package strictyaml_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// TestParseProblems checks what stops a parse: no YAML, or too much of it.
func TestParseProblems(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"empty":          {"", "1:1: .: got an empty file;"},
		"comment":        {"# nothing\n", "1:1: .: got an empty file;"},
		"two":            {"a: 1\n---\nb: 2\n", "2:1: .: got a second YAML document;"},
		"two by dots":    {"a: 1\n...\nb: 2\n", "3:1: .: got a second YAML document;"},
		"syntax":         {"a: [1, 2\nb: 3\n", "2:1: .: got a syntax error:"},
		"tab":            {"a:\n\t- 1\n", "2:1: .: got a syntax error:"},
		"quote":          {"a: 1\nb: \"x\n", "2:4: .: got a syntax error:"},
		"utf-8":          {"a: 1\nb: \xc3(\n", "2:4: .: got the byte 0xc3, which is not UTF-8;"},
		"control":        {"a: \x00\n", "1:4: .: got the control character U+0000;"},
		"flow depth":     {strings.Repeat("[", 100_000), "1:101: .: got values nested more than 100 deep;"},
		"block depth":    {strings.Repeat("- ", 100_000), "1:201: .: got values nested more than 100 deep;"},
		"lines depth":    {deep(150), "101:101: .: got values nested more than 100 deep;"},
		"keys depth":     {strings.Repeat("? ", 100_000) + "a", "1:101: .: got values nested more than 100 deep;"},
		"many documents": {strings.Repeat("---\na\n", 100_000), "3:1: .: got a second YAML document;"},
		"explicit keys":  {strings.Repeat("? a\n", 100_000), "1001:1: .: got more than 1000 keys written with ?;"},
		"size":           {strings.Repeat("a", 5<<20), ".: got 5242880 bytes;"},
		"laughs":         {laughs(12, 10), "1:1: .: got more than 500000 values once aliases are expanded;"},
		"merges":         {merges(800, 800), "1:1: .: got more than 500000 values once aliases are expanded;"},
		"alias depth":    {chain(150), "1:1: .: got values nested more than 100 deep once aliases are expanded;"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := strictyaml.Parse("f.yaml", []byte(tc.in))
			if err == nil {
				t.Fatal("no error")
			}
			if got := err.Error(); !strings.HasPrefix(got, "f.yaml:"+tc.want) && !strings.HasPrefix(got, "f.yaml: "+tc.want) {
				t.Errorf("got  %.200s\nwant f.yaml:%s", got, tc.want)
			}
			if n := len(problem.Of(err)); n != 1 {
				t.Errorf("%d problems", n)
			}
		})
	}
}

// TestManyProblems checks that a hopeless file does not fill the memory.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	doc, err := strictyaml.Parse("f.yaml", []byte("name: n\nlist: ["+strings.Repeat("1,", 200_000)+"1]\n"))
	if err != nil {
		t.Fatal(err)
	}
	list := doc.Decode(&sample{})
	if len(list) != 1001 || list[1000].Got != "more than 1000 mistakes" {
		t.Errorf("%d problems, the last is %v", len(list), list[len(list)-1])
	}
}

// deep nests mappings by indentation.
func deep(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// laughs is the billion laughs: each list names the one before several times.
func laughs(levels, width int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := range levels {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), width), ", "))
	}
	return b.String()
}

// merges merges one wide mapping into many.
func merges(width, times int) string {
	var b strings.Builder
	b.WriteString("wide: &wide\n")
	for i := range width {
		fmt.Fprintf(&b, "  k%d: 1\n", i)
	}
	for i := range times {
		fmt.Fprintf(&b, "m%d: {<<: *wide}\n", i)
	}
	return b.String()
}

// chain nests by aliases alone.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := range n {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d]\n", i+1, i+1, i)
	}
	return b.String()
}
