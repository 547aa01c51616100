package access

import (
	"encoding/json"
	"fmt"
	"strings"
)

// glueTypes are the Glue names of Iceberg's primitive types where they differ.
var glueTypes = map[string]string{
	"long":           "bigint",
	"timestamptz":    "timestamp",
	"timestamp_ns":   "timestamp",
	"timestamptz_ns": "timestamp",
	"time":           "string",
	"uuid":           "string",
}

// glueType returns the Glue type of an Iceberg type, which is a name or, for
// structs, lists and maps, an object (or that object's JSON text).
func glueType(in any) string {
	switch t := in.(type) {
	case string:
		if strings.HasPrefix(t, "{") {
			var object map[string]any
			if json.Unmarshal([]byte(t), &object) == nil {
				return glueType(object)
			}
		}
		if name, ok := glueTypes[t]; ok {
			return name
		}
		if strings.HasPrefix(t, "fixed[") {
			return "binary"
		}
		return t // spelt as the catalog does by Normalize
	case map[string]any:
		switch t["type"] {
		case "list":
			return "array<" + glueType(t["element"]) + ">"
		case "map":
			return "map<" + glueType(t["key"]) + "," + glueType(t["value"]) + ">"
		case "struct":
			fields, _ := t["fields"].([]any)
			parts := make([]string, len(fields))
			for i, f := range fields {
				field, _ := f.(map[string]any)
				parts[i] = fmt.Sprint(field["name"]) + ":" + glueType(field["type"])
			}
			return "struct<" + strings.Join(parts, ",") + ">"
		}
	}
	return fmt.Sprint(in)
}
