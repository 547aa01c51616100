package gluetype

import (
	"cmp"
	"strings"
)

// Trino is the type as queries of Athena (engine version 3) spell it, in a CAST for
// example. Names of fields are quoted; a timestamp has microseconds, as those of
// Iceberg tables have.
// Source: Amazon Athena, "Data types in Amazon Athena".
func (t Type) Trino() string {
	inner := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		inner[i] = f.Type.Trino()
		if t.Name == "struct" {
			inner[i] = `"` + f.Name + `" ` + inner[i]
		}
	}
	switch t.Name {
	case "struct":
		return "row(" + strings.Join(inner, ", ") + ")"
	case "array", "map":
		return t.Name + "(" + strings.Join(inner, ", ") + ")"
	default:
		return cmp.Or(scalars[t.Name].trino, t.String())
	}
}

// CastNested is the expression that gives a value of an Iceberg table's column its
// own type, where that has an inside: Athena has been seen to work on a MERGE of
// nested values without the cast until its time is over. A value of another type
// stays as it is.
func CastNested(value, columnType string) string {
	if t, err := Parse(columnType); err == nil && !t.Primitive() {
		return "CAST(" + value + " AS " + t.Iceberg().Trino() + ")"
	}
	return value
}
