package gluetype

import (
	"fmt"
	"strconv"
	"strings"
)

// Type is a type of the catalog. Make it with Parse.
type Type struct {
	Name   string  // lower case
	Args   []int   // precision and scale of a decimal, length of a varchar or char
	Fields []Field // of a struct; the element of an array; key and value of a map
}

// Field is one part of a nested type; only fields of a struct have a name.
type Field struct {
	Name string // "" but in a struct
	Type Type   // what the part holds
}

// maxDepth bounds nesting; no engine reads types that are nearly as deep.
const maxDepth = 50

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

// String renders the type for the catalog.
func (t Type) String() string {
	inner := make([]string, 0, len(t.Fields))
	for _, f := range t.Fields {
		if t.Name == "struct" {
			inner = append(inner, f.Name+":"+f.Type.String())
			continue
		}
		inner = append(inner, f.Type.String())
	}
	switch {
	case len(inner) > 0:
		return t.Name + "<" + strings.Join(inner, ",") + ">"
	case len(t.Args) > 0:
		args := make([]string, len(t.Args))
		for i, a := range t.Args {
			args[i] = strconv.Itoa(a)
		}
		return t.Name + "(" + strings.Join(args, ",") + ")"
	default:
		return t.Name
	}
}

// Primitive reports whether a value of the type is one scalar.
func (t Type) Primitive() bool { return len(t.Fields) == 0 }
