package gluetype

import (
	"cmp"
	"strings"
)

// IntegerFormats returns the formats of the logical type integer of the Open Data
// Contract Standard.
func IntegerFormats() []string {
	return []string{"i8", "i16", "i32", "i64", "i128", "u8", "u16", "u32", "u64", "u128"}
}

// FromIntegerFormat returns the type that holds whole numbers of one of the
// IntegerFormats.
func FromIntegerFormat(format string) (Type, bool) {
	t, known := map[string]Type{
		"i8": {Name: "tinyint"}, "i16": {Name: "smallint"}, "i32": {Name: "int"}, "i64": {Name: "bigint"},
		"u8": {Name: "smallint"}, "u16": {Name: "int"}, "u32": {Name: "bigint"},
		"u64":  {Name: "decimal", Args: []int{20, 0}},
		"i128": {Name: "decimal", Args: []int{38, 0}}, "u128": {Name: "decimal", Args: []int{38, 0}},
	}[format]
	return t, known
}

// FromVectorElement returns the type of a vector whose elements are of a type of the
// Open Data Contract Standard: an array, as the catalog has no lengths.
func FromVectorElement(element string) Type {
	name := map[string]string{"float64": "double", "int8": "tinyint", "uint8": "smallint", "binary": "boolean"}[element]
	return Type{Name: "array", Fields: []Field{{Type: Type{Name: cmp.Or(name, "float")}}}}
}

// FromDateFormat returns the type of a date with a format. Before v3.1 the Open Data
// Contract Standard had neither timestamp nor time: the format says which it is.
func FromDateFormat(format string) Type {
	var outside strings.Builder // of the texts in quotes
	for i, part := range strings.Split(format, "'") {
		if i%2 == 0 {
			outside.WriteString(part)
		}
	}
	letters := outside.String()
	time := strings.ContainsAny(letters, "HhKkSs") || strings.Contains(strings.ToLower(format), "time")
	date := strings.ContainsAny(letters, "yYuMdD")
	switch {
	case time && (date || !strings.ContainsAny(letters, ":HK") && !strings.EqualFold(format, "time")):
		return Type{Name: "timestamp"}
	case time:
		return Type{Name: "string"}
	default:
		return Type{Name: "date"}
	}
}
