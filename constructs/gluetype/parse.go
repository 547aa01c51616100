package gluetype

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parser reads a type from the front of rest.
type parser struct{ rest string }

func (p *parser) skip() { p.rest = strings.TrimLeft(p.rest, " \t\n\r") }

// take removes the sign from the front when it is there.
func (p *parser) take(sign string) bool {
	p.skip()
	after, ok := strings.CutPrefix(p.rest, sign)
	if ok {
		p.rest = after
	}
	return ok
}

func (p *parser) word() string {
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

func (p *parser) parse(depth int) (Type, error) {
	if depth > maxDepth {
		return Type{}, fmt.Errorf("it nests more than %d deep", maxDepth)
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
		return Type{Name: name}, nil
	case "integer":
		return Type{Name: "int"}, nil
	case "long":
		return Type{Name: "bigint"}, nil
	case "bool":
		return Type{Name: "boolean"}, nil
	case "":
		return Type{}, errors.New("a type is missing")
	}
	if _, known := scalars[name]; !known {
		return Type{}, fmt.Errorf("the catalog has no type %q", name)
	}
	return Type{Name: name}, nil
}

func (p *parser) nested(name string, depth int) (Type, error) {
	if !p.take("<") {
		return Type{}, fmt.Errorf("%s does not say of what: write %s<…>", name, name)
	}
	t := Type{Name: name}
	seen := map[string]bool{}
	for {
		var f Field
		if name == "struct" {
			f.Name = p.word()
			if f.Name == "" || !p.take(":") {
				return Type{}, errors.New("a struct needs fields as name:type, of letters, digits and _")
			}
			if seen[f.Name] {
				return Type{}, fmt.Errorf("the struct has two fields %q", f.Name)
			}
			seen[f.Name] = true
		}
		var err error
		if f.Type, err = p.parse(depth + 1); err != nil {
			return Type{}, err
		}
		t.Fields = append(t.Fields, f)
		if !p.take(",") {
			break
		}
	}
	if !p.take(">") {
		return Type{}, fmt.Errorf("the > of %s is missing", name)
	}
	if wrong := t.wrongInside(); wrong != "" {
		return Type{}, errors.New(wrong)
	}
	return t, nil
}

// wrongInside says what is wrong with the inside of a nested type; "" is nothing.
func (t Type) wrongInside() string {
	switch {
	case t.Name == "array" && len(t.Fields) != 1:
		return "an array has one type of elements"
	case t.Name == "map" && len(t.Fields) != 2:
		return "a map has a type of keys and a type of values"
	case t.Name == "map" && !t.Fields[0].Type.Primitive():
		return "the keys of a map cannot be nested"
	}
	return ""
}

// decimal is decimal(10,0) where the contract gives no precision, as in Hive.
func (p *parser) decimal() (Type, error) {
	args, err := p.arguments()
	if err != nil {
		return Type{}, err
	}
	switch len(args) {
	case 0:
		args = []int{10, 0}
	case 1:
		args = append(args, 0)
	}
	if len(args) != 2 || args[0] < 1 || args[0] > 38 || args[1] < 0 || args[1] > args[0] {
		return Type{}, errors.New("a decimal has a precision from 1 to 38 and a scale from 0 to the precision")
	}
	return Type{Name: "decimal", Args: args}, nil
}

func (p *parser) sized(name string, most int) (Type, error) {
	args, err := p.arguments()
	if err != nil {
		return Type{}, err
	}
	if len(args) != 1 || args[0] < 1 || args[0] > most {
		return Type{}, fmt.Errorf("%s has a length from 1 to %d", name, most)
	}
	return Type{Name: name, Args: args}, nil
}

// arguments reads "(1, 2)", or nothing.
func (p *parser) arguments() ([]int, error) {
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

// Normalize returns a type as the Glue catalog spells it, in lower case and
// without spaces: "Decimal(10, 2)" is decimal(10,2), "INTEGER" is int. The
// error says what is wrong with a text that is no type of the catalog.
func Normalize(s string) (string, error) {
	t, err := Parse(s)
	if err != nil {
		return "", err
	}
	return t.String(), nil
}

// Parse reads a type of the catalog. The error says in words what is wrong.
func Parse(s string) (Type, error) {
	p := parser{rest: strings.ToLower(strings.TrimSpace(s))}
	t, err := p.parse(0)
	if err != nil {
		return Type{}, err
	}
	if p.skip(); p.rest != "" {
		return Type{}, fmt.Errorf("unexpected %q after the type", p.rest)
	}
	return t, nil
}
