package gluetype

import (
	"slices"
	"strconv"
	"strings"
)

// Open reports whether the type is an array, a map or a struct that does not say
// of what.
func (t Type) Open() bool {
	return len(t.Fields) == 0 && (t.Name == "array" || t.Name == "map" || t.Name == "struct")
}

// HasOpen reports whether the type or one in it is Open.
func (t Type) HasOpen() bool {
	return t.Open() || slices.ContainsFunc(t.Fields, func(f Field) bool { return f.Type.HasOpen() })
}

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

// IndexOf is where the type has the field of a name; -1 is nowhere.
func (t Type) IndexOf(field string) int {
	return slices.IndexFunc(t.Fields, func(f Field) bool { return f.Name == field })
}

// maxDepth bounds nesting; no engine reads types that are nearly as deep.
const maxDepth = 50

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
