package contract

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// glueType is a parsed type of the Glue catalog (Hive's grammar).
type glueType struct {
	name   string      // lower case
	args   []int       // of decimal, varchar and char
	fields []glueField // of struct; the element of an array; key and value of a map
}

type glueField struct {
	name string
	typ  glueType
}

// maxTypeDepth bounds nesting; no engine reads types that are nearly as deep.
const maxTypeDepth = 50

// NormalizeType returns a type as the Glue catalog spells it, in lower case and
// without spaces: "Decimal(10, 2)" is decimal(10,2), "INTEGER" is int. The
// error says what is wrong with a text that is no type of the catalog.
func NormalizeType(s string) (string, error) {
	t, err := parseGlueType(s)
	if err != nil {
		return "", err
	}
	return t.String(), nil
}

func parseGlueType(s string) (glueType, error) {
	if len(s) > maxType {
		return glueType{}, fmt.Errorf("it has %d characters and the catalog takes %d", len(s), maxType)
	}
	p := typeParser{rest: strings.ToLower(strings.TrimSpace(s))}
	t, err := p.parse(0)
	if err != nil {
		return glueType{}, err
	}
	if p.skip(); p.rest != "" {
		return glueType{}, fmt.Errorf("unexpected %q after the type", p.rest)
	}
	return t, nil
}

// String renders the type for the catalog.
func (t glueType) String() string {
	inner := make([]string, 0, len(t.fields))
	for _, f := range t.fields {
		if t.name == "struct" {
			inner = append(inner, f.name+":"+f.typ.String())
			continue
		}
		inner = append(inner, f.typ.String())
	}
	switch {
	case len(inner) > 0:
		return t.name + "<" + strings.Join(inner, ",") + ">"
	case len(t.args) > 0:
		args := make([]string, len(t.args))
		for i, a := range t.args {
			args[i] = strconv.Itoa(a)
		}
		return t.name + "(" + strings.Join(args, ",") + ")"
	default:
		return t.name
	}
}

// primitive reports whether a value of the type is one scalar.
func (t glueType) primitive() bool { return len(t.fields) == 0 }

// iceberg returns the nearest type that an Iceberg table has and that holds
// every value of this one.
func (t glueType) iceberg() glueType {
	switch t.name {
	case "tinyint", "smallint":
		return glueType{name: "int"}
	case "char", "varchar":
		return glueType{name: "string"}
	}
	fields := slices.Clone(t.fields)
	for i := range fields {
		fields[i].typ = fields[i].typ.iceberg()
	}
	t.fields = fields
	return t
}

// typeParser reads a type from the front of rest.
type typeParser struct{ rest string }

func (p *typeParser) skip() { p.rest = strings.TrimLeft(p.rest, " \t\n\r") }

// take removes the sign from the front when it is there.
func (p *typeParser) take(sign string) bool {
	p.skip()
	after, ok := strings.CutPrefix(p.rest, sign)
	if ok {
		p.rest = after
	}
	return ok
}

func (p *typeParser) word() string {
	p.skip()
	end := strings.IndexFunc(p.rest, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
	})
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return word
}

func (p *typeParser) parse(depth int) (glueType, error) {
	if depth > maxTypeDepth {
		return glueType{}, fmt.Errorf("it nests more than %d deep", maxTypeDepth)
	}
	name := p.word()
	switch name {
	case "array", "map", "struct":
		return p.nested(name, depth)
	case "decimal", "dec", "numeric":
		return p.decimal()
	case "varchar":
		return p.sized(name, 65535)
	case "char":
		return p.sized(name, 255)
	case "double":
		if rest := p.rest; p.word() != "precision" {
			p.rest = rest
		}
		return glueType{name: name}, nil
	case "integer":
		return glueType{name: "int"}, nil
	case "long":
		return glueType{name: "bigint"}, nil
	case "bool":
		return glueType{name: "boolean"}, nil
	case "boolean", "tinyint", "smallint", "int", "bigint", "float", "string", "binary", "date", "timestamp":
		return glueType{name: name}, nil
	case "":
		return glueType{}, errors.New("a type is missing")
	default:
		return glueType{}, fmt.Errorf("the catalog has no type %q", name)
	}
}

func (p *typeParser) nested(name string, depth int) (glueType, error) {
	if !p.take("<") {
		return glueType{}, fmt.Errorf("%s does not say of what: write %s<…>", name, name)
	}
	t := glueType{name: name}
	seen := map[string]bool{}
	for {
		var f glueField
		if name == "struct" {
			f.name = p.word()
			if f.name == "" || !p.take(":") {
				return glueType{}, errors.New("a struct needs fields as name:type, of letters, digits and _")
			}
			if seen[f.name] {
				return glueType{}, fmt.Errorf("the struct has two fields %q", f.name)
			}
			seen[f.name] = true
		}
		var err error
		if f.typ, err = p.parse(depth + 1); err != nil {
			return glueType{}, err
		}
		t.fields = append(t.fields, f)
		if !p.take(",") {
			break
		}
	}
	if !p.take(">") {
		return glueType{}, fmt.Errorf("the > of %s is missing", name)
	}
	switch {
	case name == "array" && len(t.fields) != 1:
		return glueType{}, errors.New("an array has one type of elements")
	case name == "map" && len(t.fields) != 2:
		return glueType{}, errors.New("a map has a type of keys and a type of values")
	case name == "map" && !t.fields[0].typ.primitive():
		return glueType{}, errors.New("the keys of a map cannot be nested")
	}
	return t, nil
}

// decimal is decimal(10,0) where the contract gives no precision, as in Hive.
func (p *typeParser) decimal() (glueType, error) {
	args, err := p.arguments()
	if err != nil {
		return glueType{}, err
	}
	switch len(args) {
	case 0:
		args = []int{10, 0}
	case 1:
		args = append(args, 0)
	}
	if len(args) != 2 || args[0] < 1 || args[0] > 38 || args[1] < 0 || args[1] > args[0] {
		return glueType{}, errors.New("a decimal has a precision from 1 to 38 and a scale from 0 to the precision")
	}
	return glueType{name: "decimal", args: args}, nil
}

func (p *typeParser) sized(name string, most int) (glueType, error) {
	args, err := p.arguments()
	if err != nil {
		return glueType{}, err
	}
	if len(args) != 1 || args[0] < 1 || args[0] > most {
		return glueType{}, fmt.Errorf("%s has a length from 1 to %d", name, most)
	}
	return glueType{name: name, args: args}, nil
}

// arguments reads "(1, 2)", or nothing.
func (p *typeParser) arguments() ([]int, error) {
	if !p.take("(") {
		return nil, nil
	}
	inner, after, ok := strings.Cut(p.rest, ")")
	if !ok {
		return nil, errors.New("a ) is missing")
	}
	p.rest = after
	var args []int
	for part := range strings.SplitSeq(inner, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("%q is no number", strings.TrimSpace(part))
		}
		args = append(args, n)
	}
	return args, nil
}
