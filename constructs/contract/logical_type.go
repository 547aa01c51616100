package contract

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// typeOf returns the catalog type of a value: what its physical type maps to
// exactly, else what the logical type stands for.
func (b *builder) typeOf(v *odcs.Value, at string) gluetype.Type {
	b.checkOptions(v, at)
	b.checkShape(v, at)
	// Inner values are built in any case, so that their mistakes are found.
	logical := b.logicalType(v, at)
	if v.PhysicalType == "" {
		return logical
	}
	p := physical{b: b, v: v, at: at, path: problem.Key(at, "physicalType"), logical: logical}
	return p.resolve()
}

// logicalType returns the catalog type that the logical type stands for.
func (b *builder) logicalType(v *odcs.Value, at string) gluetype.Type {
	inside := v.LogicalType
	switch {
	case inside != "":
	case len(v.Properties) > 0:
		inside = "object"
	case v.Items != nil:
		inside = "array"
	case v.Map != nil:
		inside = "map"
	case v.PhysicalType == "":
		b.warn(at, "neither logicalType nor physicalType", "a type", "give it one; until then it counts as a string")
	}
	switch inside {
	case "boolean", "timestamp":
		return gluetype.Type{Name: inside}
	case "date":
		return gluetype.FromDateFormat(v.Options.Format)
	case "integer":
		return b.integerType(v, at)
	case "number":
		return b.floatType(v, at)
	case "object":
		return b.structType(v, at)
	case "array":
		return b.arrayType(v, at)
	case "map":
		return b.mapType(v, at)
	case "vector":
		return b.vectorType(v, at)
	default: // string, time and nothing at all
		return gluetype.Type{Name: "string"}
	}
}

// mapType is a map, whose keys are single values.
func (b *builder) mapType(v *odcs.Value, at string) gluetype.Type {
	path := problem.Key(at, "map")
	if v.Map == nil && b.before(odcs.V320) { // which has no maps: reported where it was read
		return gluetype.Type{Name: "string"}
	}
	if v.Map == nil {
		b.problem(path, "nothing", "the key map of a value with the logical type map", "say what its key and value are")
		return gluetype.Type{Name: "map", Fields: []gluetype.Field{{Type: gluetype.Type{Name: "string"}}, {Type: gluetype.Type{Name: "string"}}}}
	}
	key := b.typeOf(&v.Map.Key.Value, problem.Key(path, "key"))
	value := b.typeOf(&v.Map.Value.Value, problem.Key(path, "value"))
	if !key.Primitive() {
		b.problem(problem.Key(path, "key"), "a key of type "+brief(key.String()), "a key of single values", "use another type")
		key = gluetype.Type{Name: "string"}
	}
	return gluetype.Type{Name: "map", Fields: []gluetype.Field{{Type: key}, {Type: value}}}
}

// vectorType is an array of what the elements of a vector are; the catalog has no
// lengths.
func (b *builder) vectorType(v *odcs.Value, at string) gluetype.Type {
	if v.Options.Dimensions == nil || *v.Options.Dimensions < 1 {
		b.problem(problem.Key(problem.Key(at, "logicalTypeOptions"), "dimensions"), "nothing", "the number of elements of a vector, from 1", "add it")
	}
	return gluetype.FromVectorElement(v.Options.ElementType)
}

func (b *builder) integerType(v *odcs.Value, at string) gluetype.Type {
	format := cmp.Or(v.Options.Format, "i64")
	t, ok := gluetype.FromIntegerFormat(format)
	formatPath := problem.Key(problem.Key(at, "logicalTypeOptions"), "format")
	switch {
	case !ok:
		names := gluetype.IntegerFormats()
		b.problem(formatPath, fmt.Sprintf("the format %q", format), problem.OneOf(names), suggest(format, names))
		return gluetype.Type{Name: "bigint"}
	case strings.HasSuffix(format, "128") && v.PhysicalType == "":
		b.warn(formatPath, fmt.Sprintf("the format %s, of up to 39 digits", format), "at most 38 digits", "nothing, if decimal(38,0) is enough")
	}
	return t
}

func (b *builder) floatType(v *odcs.Value, at string) gluetype.Type {
	switch v.Options.Format {
	case "f32":
		return gluetype.Type{Name: "float"}
	case "", "f64":
	default:
		b.problem(problem.Key(problem.Key(at, "logicalTypeOptions"), "format"), fmt.Sprintf("the format %q", v.Options.Format),
			"one of f32, f64", suggest(v.Options.Format, []string{"f32", "f64"}))
	}
	return gluetype.Type{Name: "double"}
}

func (b *builder) structType(v *odcs.Value, at string) gluetype.Type {
	t := gluetype.Type{Name: "struct"}
	seen := map[string]bool{}
	for i := range v.Properties {
		p := &v.Properties[i]
		path := problem.Index(problem.Key(at, "properties"), i)
		name := cmp.Or(p.PhysicalName, p.Name)
		inner := b.typeOf(&p.Value, path)
		if name == "" {
			continue // reported when it was read
		}
		if f := checkName(name); f != nil {
			b.problem(b.field(path, fieldName), f.got, f.expected, f.fix)
			continue
		}
		if seen[name] {
			b.problem(b.field(path, fieldName), fmt.Sprintf("the name %q a second time", name), "a name of its own for each property", "rename one of them")
			continue
		}
		seen[name] = true
		t.Fields = append(t.Fields, gluetype.Field{Name: name, Type: inner})
	}
	if len(t.Fields) == 0 {
		if len(v.Properties) == 0 && !hasInside(v.PhysicalType) {
			b.warn(at, "an object without properties", "its properties", "list them; until then it counts as a string with JSON in it")
		}
		return gluetype.Type{Name: "string"}
	}
	return t
}

func (b *builder) arrayType(v *odcs.Value, at string) gluetype.Type {
	element := gluetype.Type{Name: "string"}
	if v.Items != nil {
		element = b.typeOf(&v.Items.Value, problem.Key(at, "items"))
	} else if !hasInside(v.PhysicalType) {
		b.warn(at, "an array without items", "the type of its items", "add items; until then they count as strings")
	}
	return gluetype.Type{Name: "array", Fields: []gluetype.Field{{Type: element}}}
}

// hasInside reports whether a physical type says what is inside.
func hasInside(physicalType string) bool { return strings.ContainsAny(physicalType, "<([") }

// checkShape reports properties and items where the logical type has none.
func (b *builder) checkShape(v *odcs.Value, at string) {
	if v.LogicalType == "" {
		return
	}
	if len(v.Properties) > 0 && v.LogicalType != "object" {
		b.problem(problem.Key(at, "properties"), "properties of a value with the logical type "+v.LogicalType, "logicalType: object", "correct logicalType, or remove the properties")
	}
	if v.Items != nil && v.LogicalType != "array" {
		b.problem(problem.Key(at, "items"), "items of a value with the logical type "+v.LogicalType, "logicalType: array", "correct logicalType, or remove the items")
	}
	if v.Map != nil && v.LogicalType != "map" {
		b.problem(problem.Key(at, "map"), "the key map of a value with the logical type "+v.LogicalType, "logicalType: map", "correct logicalType, or remove map")
	}
}
