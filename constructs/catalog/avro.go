package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

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

// avroSchema is the schema that the Avro serde needs beside the columns. Every
// field may be null. Source: "Avro SerDe" in the Athena user guide, "Apache
// Avro Specification".
func avroSchema(table *contract.Table) string {
	record := avroRecord{Type: "record", Name: avroName(table.Name)}
	for _, c := range dataColumns(table) {
		parsed, err := gluetype.Parse(c.Type)
		if err != nil {
			panic(fmt.Errorf("column %s: %w", c.Name, err)) // found by checkTypes
		}
		record.Fields = append(record.Fields, nullable(c.Name, avroType(record.Name+"_"+c.Name, parsed)))
	}
	text, err := json.Marshal(record)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// avroName makes a name start with a letter or _.
func avroName(name string) string {
	if name[0] >= '0' && name[0] <= '9' {
		return "_" + name
	}
	return name
}

func nullable(name string, avro any) avroField {
	return avroField{Name: name, Type: []any{"null", avro}}
}

// avroType renders a type; name is that of a record, which must stand once in
// a schema.
func avroType(name string, t gluetype.Type) any {
	switch t.Name {
	case "struct":
		record := avroRecord{Type: "record", Name: name}
		for _, f := range t.Fields {
			record.Fields = append(record.Fields, nullable(f.Name, avroType(name+"_"+f.Name, f.Type)))
		}
		return record
	case "array":
		return map[string]any{"type": "array", "items": []any{"null", avroType(name+"_element", t.Fields[0].Type)}}
	case "map":
		return map[string]any{"type": "map", "values": []any{"null", avroType(name+"_value", t.Fields[1].Type)}}
	case "decimal":
		return avroLogical{Type: "bytes", Logical: "decimal", Precision: t.Args[0], Scale: t.Args[1]}
	case "date":
		return avroLogical{Type: "int", Logical: "date"}
	case "timestamp":
		return avroLogical{Type: "long", Logical: "timestamp-millis"}
	case "tinyint", "smallint", "int":
		return "int"
	case "bigint":
		return "long"
	case "binary":
		return "bytes"
	case "char", "varchar":
		return "string"
	default: // boolean, float, double and string have the same names
		return t.Name
	}
}
