package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

// fieldIDs hands out the ids of an Iceberg schema; every field of a table, also
// a nested one, has an id of its own.
type fieldIDs struct{ last int }

func (ids *fieldIDs) next() int {
	ids.last++
	return ids.last
}

// icebergType renders a Glue type as the text that Glue takes for the type of an
// Iceberg field: the name of a primitive type, or the JSON object of the Iceberg
// specification ("Appendix C: JSON serialization") for a nested one.
func icebergType(glue string, ids *fieldIDs) (string, error) {
	parsed, err := gluetype.Parse(glue)
	if err != nil {
		return "", err
	}
	rendered := icebergNode(parsed.Iceberg(), ids)
	if name, primitive := rendered.(string); primitive {
		return name, nil
	}
	text, err := json.Marshal(rendered)
	return string(text), err
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

// icebergNode gives the ids of a level before those of the levels below it, as
// Iceberg itself numbers a new schema.
func icebergNode(t gluetype.Type, ids *fieldIDs) any {
	switch t.Name {
	case "array":
		list := icebergList{Type: "list", ID: ids.next()}
		list.Element = icebergNode(t.Fields[0].Type, ids)
		return list
	case "map":
		m := icebergMap{Type: "map", KeyID: ids.next(), ValueID: ids.next()}
		m.Key = icebergNode(t.Fields[0].Type, ids)
		m.Value = icebergNode(t.Fields[1].Type, ids)
		return m
	case "struct":
		out := icebergStruct{Type: "struct"}
		for _, f := range t.Fields {
			out.Fields = append(out.Fields, icebergField{ID: ids.next(), Name: f.Name})
		}
		for i, f := range t.Fields {
			out.Fields[i].Type = icebergNode(f.Type, ids)
		}
		return out
	case "bigint":
		return "long"
	case "decimal":
		// With the space, as Iceberg writes it: Glue compares types as text.
		return fmt.Sprintf("decimal(%d, %d)", t.Args[0], t.Args[1])
	default:
		return t.Name
	}
}
