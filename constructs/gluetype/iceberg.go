package gluetype

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Iceberg returns the nearest type that an Iceberg table has and that holds
// every value of this one.
func (t Type) Iceberg() Type {
	if stored := scalars[t.Name].stored; stored != "" {
		return Type{Name: stored}
	}
	fields := slices.Clone(t.Fields)
	for i := range fields {
		fields[i].Type = fields[i].Type.Iceberg()
	}
	t.Fields = fields
	return t
}

// StoredByIceberg is the type that the catalog shows of a column that an Iceberg
// table stores: a smallint, for example, is an int there. What is no type of the
// catalog stays as it is.
func StoredByIceberg(columnType string) string {
	t, err := Parse(columnType)
	if err != nil {
		return columnType
	}
	return t.Iceberg().String()
}

type icebergList struct {
	Type     string `json:"type"`
	ID       int    `json:"element-id"`
	Required bool   `json:"element-required"`
	Element  any    `json:"element"`
}

type icebergMap struct {
	Type     string `json:"type"`
	KeyID    int    `json:"key-id"`
	Key      any    `json:"key"`
	ValueID  int    `json:"value-id"`
	Required bool   `json:"value-required"`
	Value    any    `json:"value"`
}

type icebergStruct struct {
	Type   string         `json:"type"`
	Fields []icebergField `json:"fields"`
}

type icebergField struct {
	ID       int    `json:"id"`
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Type     any    `json:"type"`
}

// IcebergSchema is the text that Glue takes for the type of an Iceberg field: the
// name of a primitive type, or the JSON object of the Iceberg specification
// ("Appendix C: JSON serialization") for a nested one. Every field of a table, also
// a nested one, has an id of its own: lastID is the last one taken.
func (t Type) IcebergSchema(lastID *int) string {
	schema := t.Iceberg().icebergNode(lastID)
	if name, primitive := schema.(string); primitive {
		return name
	}
	text, err := json.Marshal(schema)
	if err != nil {
		panic(err) // names, numbers and truths are always JSON
	}
	return string(text)
}

// icebergNode gives the ids of a level before those of the levels below it, as
// Iceberg itself numbers a new schema.
func (t Type) icebergNode(lastID *int) any {
	next := func() int {
		*lastID++
		return *lastID
	}
	switch t.Name {
	case "array":
		list := icebergList{Type: "list", ID: next()}
		list.Element = t.Fields[0].Type.icebergNode(lastID)
		return list
	case "map":
		m := icebergMap{Type: "map", KeyID: next(), ValueID: next()}
		m.Key = t.Fields[0].Type.icebergNode(lastID)
		m.Value = t.Fields[1].Type.icebergNode(lastID)
		return m
	case "struct":
		out := icebergStruct{Type: "struct"}
		for _, f := range t.Fields {
			out.Fields = append(out.Fields, icebergField{ID: next(), Name: f.Name})
		}
		for i, f := range t.Fields {
			out.Fields[i].Type = f.Type.icebergNode(lastID)
		}
		return out
	case "decimal":
		// With the space, as Iceberg writes it: Glue compares types as text.
		return fmt.Sprintf("decimal(%d, %d)", t.Args[0], t.Args[1])
	default:
		return cmp.Or(scalars[t.Name].iceberg, t.Name)
	}
}

// FromIceberg returns the type of the catalog for an Iceberg type, which is a name
// or, for structs, lists and maps, an object (or that object's JSON text). What is
// no Iceberg type is returned as text.
func FromIceberg(schema any) string {
	switch t := schema.(type) {
	case string:
		var object map[string]any
		if strings.HasPrefix(t, "{") && json.Unmarshal([]byte(t), &object) == nil {
			return FromIceberg(object)
		}
		if strings.HasPrefix(t, "fixed[") {
			return "binary"
		}
		if p, err := FromPhysical(t, Common, false); err == nil {
			return p.Type.String()
		}
		return t
	case map[string]any:
		switch t["type"] {
		case "list":
			return "array<" + FromIceberg(t["element"]) + ">"
		case "map":
			return "map<" + FromIceberg(t["key"]) + "," + FromIceberg(t["value"]) + ">"
		case "struct":
			fields, _ := t["fields"].([]any)
			parts := make([]string, len(fields))
			for i, f := range fields {
				field, _ := f.(map[string]any)
				parts[i] = fmt.Sprint(field["name"]) + ":" + FromIceberg(field["type"])
			}
			return "struct<" + strings.Join(parts, ",") + ">"
		}
	}
	return fmt.Sprint(schema)
}
