package gluetype

import "strings"

// Trino is the type as queries of Athena (engine version 3) spell it, in a CAST for
// example. Names of fields are quoted; a timestamp has microseconds, as those of
// Iceberg tables have.
// Source: Amazon Athena, "Data types in Amazon Athena".
func (t Type) Trino() string {
	inner := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		inner[i] = f.Type.Trino()
		if t.Name == "struct" {
			inner[i] = `"` + strings.ReplaceAll(f.Name, `"`, `""`) + `" ` + inner[i]
		}
	}
	switch t.Name {
	case "string":
		return "varchar"
	case "int":
		return "integer"
	case "float":
		return "real"
	case "binary":
		return "varbinary"
	case "timestamp":
		return "timestamp(6)"
	case "struct":
		return "row(" + strings.Join(inner, ", ") + ")"
	case "array", "map":
		return t.Name + "(" + strings.Join(inner, ", ") + ")"
	default:
		return t.String()
	}
}
