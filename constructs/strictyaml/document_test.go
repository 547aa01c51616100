package strictyaml_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// inner and sample have every kind of field that can be decoded.
type inner struct {
	Code  string `strict:"required"      yaml:"code"`
	Level level  `strict:"enum=low|high" yaml:"level"`
}

type level string

type base struct {
	Common string `yaml:"common"`
}

type sample struct {
	base

	Name    string            `strict:"required,nonempty" yaml:"name"`
	On      bool              `yaml:"on"`
	Int     int               `yaml:"int"`
	Small   int8              `yaml:"small"`
	Big     uint64            `yaml:"big"`
	Float   float64           `yaml:"float"`
	List    []string          `strict:"nonempty" yaml:"list"`
	Words   []string          `strict:"enum=a|b" yaml:"words"`
	Map     map[string]int    `yaml:"map"`
	Inner   inner             `yaml:"inner"`
	Pointer *inner            `yaml:"pointer"`
	Inners  []inner           `yaml:"inners"`
	ByName  map[string]inner  `yaml:"byName"`
	Any     any               `yaml:"any"`
	Must    any               `yaml:"must"`
	Shape   shape             `yaml:"shape"`
	Skipped func()            // no yaml tag: never read
	Texts   map[level]string  `yaml:"texts"`
	Nested  map[string][]bool `yaml:"nested"`
}

// shape is a name or a list of names.
type shape struct{ names []string }

func (s *shape) DecodeStrict(n strictyaml.Node) {
	switch n.Kind() {
	case strictyaml.Sequence:
		n.Decode(&s.names)
	case strictyaml.Mapping:
		if !n.Has("names") {
			n.ReportAt(n.Path(), n.Describe(), "a mapping with names", "add names")
			return
		}
		var inside struct {
			Names []string `yaml:"names"`
		}
		n.Decode(&inside)
		s.names = inside.Names
	case strictyaml.String:
		s.names = []string{n.Text()}
	default:
		n.Report(n.Describe(), "a name, or a list of names", "write a name")
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	doc, err := strictyaml.Parse("ok.yaml", []byte(`# every kind of value
common: c
name: n
on: true
int: -0x10
small: 127
big: 18446744073709551615
float: 1e3
list: [a, "1", 'x # y']
words: [a]
map: {a: 1, 2: 3, "b c": 4}
inner: &inner
  code: |
    two
    lines
  level: high
pointer:
  <<: *inner
  code: own
inners:
- *inner
- code: >-
    folded
    text
byName: {x: *inner}
any: [1, 2.5, .inf, true, null, text, {k: [v]}, !!str 7]
must: ~
shape: one
texts: {low: l}
nested: {a: [true, false]}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got sample
	if list := doc.Decode(&got); len(list) > 0 {
		t.Fatal(list)
	}
	in := inner{Code: "two\nlines\n", Level: "high"}
	got.Any = fmt.Sprint(got.Any)
	want := sample{
		base: base{Common: "c"}, Name: "n", On: true, Int: -16, Small: 127, Big: 1<<64 - 1, Float: 1000,
		List: []string{"a", "1", "x # y"}, Words: []string{"a"}, Map: map[string]int{"a": 1, "2": 3, "b c": 4},
		Inner: in, Pointer: &inner{Code: "own", Level: "high"}, Inners: []inner{in, {Code: "folded text"}},
		ByName: map[string]inner{"x": in}, Any: "[1 2.5 +Inf true <nil> text map[k:[v]] 7]",
		Shape: shape{names: []string{"one"}}, Texts: map[level]string{"low": "l"},
		Nested: map[string][]bool{"a": {true, false}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sample{}, shape{}), cmp.Comparer(func(a, b func()) bool { return (a == nil) == (b == nil) })); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDecodeProblems(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"missing":         {"on: true", `1:1: name: got nothing; expected the key name; fix: add it`},
		"null":            {"name:", `1:1: name: got a key without a value; expected a value; fix: give it a value`},
		"empty":           {"name: ' '", `1:7: name: got an empty value; expected a text that is not empty; fix: give it a value, or remove the key`},
		"empty list":      {"name: n\nlist: []", `2:7: list: got an empty value; expected a list that is not empty; fix: give it a value, or remove the key`},
		"unknown near":    {"name: n\nlits: [a]", `2:1: lits: got the unknown key "lits"; expected a key that is known here; fix: did you mean list?`},
		"unknown far":     {"name: n\ninner: {code: c, zzzzzz: 1}", `2:18: inner.zzzzzz: got the unknown key "zzzzzz"; expected one of code, level; fix: remove it`},
		"twice":           {"name: n\ninner: {code: c, code: d}", `2:18: inner.code: got the key "code" a second time; expected each key once (it is on line 2 already); fix: keep one of them`},
		"number for text": {"name: 1.10", `1:7: name: got the number 1.10; expected a text; fix: put it in quotes: "1.10"`},
		"bool for text":   {"name: true", `1:7: name: got true; expected a text; fix: put it in quotes: "true"`},
		"list for text":   {"name: [a]", `1:7: name: got a list with 1 item; expected a text; fix: write a text`},
		"text for bool":   {"name: n\non: yes", `2:5: on: got the text "yes"; expected true or false; fix: write true or false`},
		"quoted bool":     {"name: n\non: 'true'", `2:5: on: got the text "true"; expected true or false; fix: remove the quotes`},
		"quoted number":   {"name: n\nint: '1'", `2:6: int: got the text "1"; expected a whole number; fix: remove the quotes`},
		"float for int":   {"name: n\nint: 1.0", `2:6: int: got the number 1.0; expected a whole number; fix: write a whole number`},
		"overflow":        {"name: n\nsmall: 128", `2:8: small: got the number 128; expected a whole number of at most 8 bits; fix: write a smaller number`},
		"negative":        {"name: n\nbig: -1", `2:6: big: got the number -1; expected a whole number from 0, of at most 64 bits; fix: write a number in that range`},
		"not a number":    {"name: n\nfloat: .nan", `2:8: float: got the number .nan; expected a finite number; fix: write a number`},
		"text for number": {"name: n\nfloat: many", `2:8: float: got the text "many"; expected a number; fix: write a number`},
		"quoted float":    {"name: n\nfloat: '1e3'", `2:8: float: got the text "1e3"; expected a number; fix: remove the quotes`},
		"text for list":   {"name: n\nlist: a", `2:7: list: got the text "a"; expected a list; fix: write it as a list: [a]`},
		"map for list":    {"name: n\nlist: {a: 1}", `2:8: list: got a mapping with a; expected a list; fix: start each item with a dash`},
		"list for map":    {"name: n\nmap: [a, b]", `2:6: map: got a list with 2 items; expected a mapping; fix: write keys and values, without the dashes`},
		"text for map":    {"name: n\ninner: c", `2:8: inner: got the text "c"; expected a mapping; fix: write a mapping`},
		"enum":            {"name: n\ninner: {code: c, level: hihg}", `2:25: inner.level: got "hihg"; expected one of low, high; fix: did you mean high?`},
		"enum in list":    {"name: n\nwords: [a, zz]", `2:12: words[1]: got "zz"; expected one of a, b; fix: write one of them`},
		"in a map":        {"name: n\nmap: {a b: x}", `2:12: map["a b"]: got the text "x"; expected a whole number; fix: write a whole number`},
		"empty item":      {"name: n\nlist:\n  - a\n  -", `4:3: list[1]: got an empty item; expected a value; fix: give it a value, or remove the dash`},
		"in a pointer":    {"name: n\npointer: {level: low}", `2:11: pointer.code: got nothing; expected the key code; fix: add it`},
		"decoder":         {"name: n\nshape: 7", `2:8: shape: got the number 7; expected a name, or a list of names; fix: write a name`},
		"decoder inside":  {"name: n\nshape: [1]", `2:9: shape[0]: got the number 1; expected a text; fix: put it in quotes: "1"`},
		"decoder at":      {"name: n\nshape: {x: 1}", `2:1: shape: got a mapping with x; expected a mapping with names; fix: add names`},
		"many keys":       {"name: n\nlist: {a: 1, b: 1, c: 1, d: 1}", `2:8: list: got a mapping with a, b, c, …; expected a list; fix: start each item with a dash`},
		"empty mapping":   {"name: n\nlist: {}", `2:7: list: got an empty mapping; expected a list; fix: start each item with a dash`},
		"unknown alias":   {"name: *x", `1:7: name: got the alias *x; expected the name of an anchor above; fix: define it with &x before it is used`},
		"merged text":     {"name: n\ninner:\n  <<: a\n  code: c", `3:7: inner: got the text "a" to merge; expected a mapping; fix: merge mappings only, as in <<: *name`},
		"merged lists":    {"name: n\nmap:\n  <<: [[{a: 1}]]", `3:8: map: got a list in a list to merge; expected a mapping; fix: merge mappings only`},
		"tag":             {"name: !vault n", `1:7: name: got the tag !vault; expected a plain value; fix: remove the tag`},
		"wrong tag":       {"name: n\nint: !!int x", `2:6: int: got the tag !!int; expected a plain value; fix: remove the tag`},
		"root list":       {"- a", `1:1: .: got a list with 1 item; expected a mapping; fix: write keys and values, without the dashes`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := strictyaml.Parse("f.yaml", []byte(tc.in))
			if err != nil {
				t.Fatal(err)
			}
			list := doc.Decode(&sample{})
			if len(list) != 1 {
				t.Fatalf("%d problems: %v", len(list), list)
			}
			got, _, _ := strings.Cut(list[0].Error(), "\n")
			if want := "f.yaml:" + tc.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"byte order mark": "\ufeffname: n\n",
		"directive":       "%YAML 1.2\n---\nname: n\n",
		"end":             "---\nname: n\n...\n",
		"windows lines":   "name: n\r\non: true\r\n",
		"old mac lines":   "name: n\ron: true\r",
		"comment between": "# a\nname: n # b\n\n# c\non: true\n",
		"one line":        "{name: n, on: true}",
		"json":            `{"name": "n", "list": ["a"], "inner": {"code": "c"}}`,
		"null values":     "name: n\nlist:\ninner:\nmap: ~\npointer: null\n",
		"emoji":           "name: 🧬\n",
		"merged list":     "any: [&a {x: 1}, &b {y: 2}]\nname: n\nmap:\n  <<: [*a, *b]\n  x: 3\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := strictyaml.Parse("f.yaml", []byte(in))
			if err != nil {
				t.Fatal(err)
			}
			if list := doc.Decode(&sample{}); len(list) > 0 {
				t.Error(list)
			}
		})
	}
}

// TestTags checks that a tag of YAML itself is accepted where it fits.
func TestTags(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"!!str 7":       "7",
		"!!int 7":       "7",
		"!!float 7":     "7",
		"!!float 7.5":   "7.5",
		"!!bool true":   "true",
		"!!null null":   "<nil>",
		"!!seq [a]":     "[a]",
		"!!map {a: b}":  "map[a:b]",
		"!!int x":       "!",
		"!!bool 1":      "!",
		"!!binary aGk=": "!",
		"!local {a: b}": "!",
	} {
		doc, err := strictyaml.Parse("f.yaml", []byte("any: "+in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		var into struct {
			Any any `yaml:"any"`
		}
		list := doc.Decode(&into)
		if got := fmt.Sprint(into.Any); len(list) == 0 && got != want || (len(list) == 1) != (want == "!") {
			t.Errorf("%s is %s, with problems %v", in, got, list)
		}
	}
}

func TestPosition(t *testing.T) {
	t.Parallel()
	doc, err := strictyaml.Parse("f.yaml", []byte("domains:\n  - name: a\n  - name: b\n    products:\n      a.b:\n        - x\n    note:\nlast: {k: v}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		".":                               "1:1 true",
		"domains":                         "1:1 true",
		"domains[1]":                      "3:5 true",
		"domains[1].name":                 "3:11 true",
		"domains[1].account":              "3:5 false",
		"domains[1].account.id[3]":        "3:5 false",
		`domains[1].products["a.b"]`:      "5:7 true",
		`domains[1].products["a.b"][0]`:   "6:11 true",
		`domains[1].products["a.b"][7]`:   "5:7 false",
		"domains[1].note":                 "7:5 false", // null counts as not there
		"domains[9]":                      "1:1 false",
		"last.k":                          "8:11 true",
		"last[0]":                         "8:1 false",
		`last["k`:                         "8:1 true", // as far as the path is well formed
		"":                                "1:1 true",
		"nope":                            "1:1 false",
		`domains[1].products["a.b"].deep`: "5:7 false",
	} {
		line, column := doc.Position(path)
		if got := fmt.Sprintf("%d:%d %v", line, column, doc.Has(path)); got != want {
			t.Errorf("%s is at %s, want %s", path, got, want)
		}
	}
	p := doc.Problem("domains[1].account", "nothing", "an account", "add one")
	want := "f.yaml:3:5: domains[1].account: got nothing; expected an account; fix: add one\n" +
		"     2 |   - name: a\n     3 |   - name: b\n       |     ^"
	if p.Error() != want {
		t.Errorf("got\n%s\nwant\n%s", p.Error(), want)
	}
	placed := doc.Place(problem.List{{Path: "last.k", Got: "v", Expected: "w"}, p})
	if placed[0].Place() != "f.yaml:8:11" || placed[1] != p {
		t.Errorf("placed %v", placed)
	}
	if doc.Place(nil) != nil {
		t.Error("no problems became some")
	}
	if doc.File() != "f.yaml" {
		t.Error(doc.File())
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ path, parent string }{
		{problem.Key(".", "a"), "."},
		{problem.Key("", "a"), "."},
		{problem.Index(".", 2), "."},
		{problem.Key(".", "a b"), "."},
		{problem.Key(problem.Index(problem.Key(".", "a"), 1), "b"), "a[1]"},
		{problem.Key("a.b", `x"]y`), "a.b"},
		{problem.Index(problem.Key("a", "c.d"), 0), `a["c.d"]`},
		{".", "."},
	} {
		if got := strictyaml.Parent(tc.path); got != tc.parent {
			t.Errorf("%s is in %s, want %s", tc.path, got, tc.parent)
		}
	}
}

// TestExcerpt checks carets under tabs, wide lines and control characters.
func TestExcerpt(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"tab":     {"name:\t7", "     1 | name:\t7\n       |      \t^"},
		"accents": {"größe: 7\nname: n", "     1 | größe: 7\n       | ^"},
		"control": {"name: 7 # \u009b31m", "     1 | name: 7 # \ufffd31m\n       |       ^"},
		"long":    {"name: n\nlist: [" + strings.Repeat("x, ", 60) + "7]", "x, x, 7]\n       |                                                  ^"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := strictyaml.Parse("f.yaml", []byte(tc.in))
			if err != nil {
				t.Fatal(err)
			}
			list := doc.Decode(&sample{})
			if len(list) == 0 || !strings.HasSuffix(list[0].Excerpt, tc.want) {
				t.Errorf("got %v", list)
			}
		})
	}
}

// TestProgramMistakes checks that mistakes in a program are not blamed on a file.
func TestProgramMistakes(t *testing.T) {
	t.Parallel()
	doc, err := strictyaml.Parse("f.yaml", []byte("a: {b: 1}"))
	if err != nil {
		t.Fatal(err)
	}
	for name, into := range map[string]any{
		"no pointer": sample{},
		"nil":        nil,
		"channel": &struct {
			A chan int `yaml:"a"`
		}{},
		"keys": &struct {
			A map[int]int `yaml:"a"`
		}{},
		"option": &struct {
			A string `strict:"requird" yaml:"a"`
		}{},
		"twice": &struct {
			A string `yaml:"a"`
			B string `yaml:"a"`
		}{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_ = doc.Decode(into)
		})
	}
}
