package gluetype

import (
	"cmp"
	"strings"
)

// avroRecord is a struct in an Avro schema; every field may be null.
type avroRecord struct {
	Type   string      `json:"type"`
	Name   string      `json:"name"`
	Fields []avroField `json:"fields"`
}

type avroField struct {
	Name    string `json:"name"`
	Type    []any  `json:"type"`
	Default any    `json:"default"`
}

type avroLogical struct {
	Type      string `json:"type"`
	Logical   string `json:"logicalType"`
	Precision int    `json:"precision,omitempty"`
	Scale     int    `json:"scale,omitempty"`
}

// Avro is the type in an Avro schema, for its JSON. The name is that of a record,
// which must stand once in a schema; records inside have names that start with it.
// Source: "Avro SerDe" in the Athena user guide, "Apache Avro Specification".
func (t Type) Avro(name string) any {
	switch t.Name {
	case "struct":
		record := avroRecord{Type: "record", Name: name}
		for _, f := range t.Fields {
			record.Fields = append(record.Fields, avroField{Name: f.Name, Type: nullable(f.Type.Avro(name + "_" + f.Name))})
		}
		return record
	case "array":
		return map[string]any{"type": "array", "items": nullable(t.Fields[0].Type.Avro(name + "_element"))}
	case "map":
		return map[string]any{"type": "map", "values": nullable(t.Fields[1].Type.Avro(name + "_value"))}
	}
	s := scalars[t.Name]
	if s.avroLogical == "" {
		return cmp.Or(s.avro, t.Name)
	}
	logical := avroLogical{Type: s.avro, Logical: s.avroLogical}
	if t.Name == "decimal" {
		logical.Precision, logical.Scale = t.Args[0], t.Args[1]
	}
	return logical
}

func nullable(avro any) []any { return []any{"null", avro} }

// HasAvro reports whether an Avro schema can say the type: the keys of maps are
// strings, and names of fields start with a letter or _.
func (t Type) HasAvro() bool {
	if t.Name == "map" && t.Fields[0].Type.Name != "string" {
		return false
	}
	for _, f := range t.Fields {
		if strings.IndexAny(f.Name, "0123456789") == 0 || !f.Type.HasAvro() {
			return false
		}
	}
	return true
}
