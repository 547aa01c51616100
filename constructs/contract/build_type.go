package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// typeOf returns the catalog type of a value: its physical type where the
// catalog has it, else what the logical type stands for.
func (b *builder) typeOf(v *odcsValue, at string) gluetype.Type {
	b.checkOptions(v, at)
	b.checkShape(v, at)
	// Inner values are built in any case, so that their mistakes are found.
	logical := b.logicalType(v, at)
	if v.PhysicalType == "" {
		return logical
	}
	physicalPath := strictyaml.Key(at, "physicalType")
	t, err := gluetype.Parse(v.PhysicalType)
	switch {
	case err == nil:
		if bare := strings.ToLower(strings.TrimSpace(v.PhysicalType)); t.Name == "decimal" && !strings.Contains(bare, "(") {
			b.warn(physicalPath, fmt.Sprintf("%q without a precision, which is %s", v.PhysicalType, t), "decimal(precision,scale)", "say how many digits it has; as it is, fractions are lost")
		}
		return t
	case isContainerWord(v.PhysicalType) && (logical.Name != "string" || v.LogicalType != ""):
		return logical
	}
	if unbalanced(v.PhysicalType) {
		b.problem(physicalPath, fmt.Sprintf("%q: %s", brief(v.PhysicalType), err), "a type of the Glue catalog", "close every <")
		return logical
	}
	if number, ok := numberType(v); ok {
		logical = number
	}
	b.warn(physicalPath, fmt.Sprintf("%q: %s", brief(v.PhysicalType), err), "a type of the Glue catalog",
		fmt.Sprintf("nothing, if %s is right; else write a type of the catalog", brief(logical.String())))
	return logical
}

// brief keeps messages readable.
func brief(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// unbalanced reports a nested type whose brackets do not match: in no database
// is that a type.
func unbalanced(s string) bool { return strings.Count(s, "<") != strings.Count(s, ">") }

// isContainerWord reports names that databases have for values with an inside,
// which say no more than the logical type.
func isContainerWord(s string) bool {
	return slices.Contains([]string{"array", "list", "struct", "row", "record", "object", "json", "map"}, strings.ToLower(strings.TrimSpace(s)))
}

// numberType keeps the precision of NUMBER(10,2), which a double would lose.
func numberType(v *odcsValue) (gluetype.Type, bool) {
	if v.LogicalType != "number" && v.LogicalType != "integer" {
		return gluetype.Type{}, false
	}
	rest, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(v.PhysicalType)), "number")
	if !ok || !strings.HasPrefix(strings.TrimSpace(rest), "(") {
		return gluetype.Type{}, false
	}
	t, err := gluetype.Parse("decimal" + rest)
	if err != nil || v.LogicalType == "integer" && t.Args[0] <= 18 {
		return gluetype.Type{}, false
	}
	return t, true
}

// logicalType returns the catalog type that the logical type stands for.
func (b *builder) logicalType(v *odcsValue, at string) gluetype.Type {
	inside := v.LogicalType
	switch {
	case inside != "":
	case len(v.Properties) > 0:
		inside = "object"
	case v.Items != nil:
		inside = "array"
	case v.PhysicalType == "":
		b.warn(at, "neither logicalType nor physicalType", "a type", "give it one; until then it counts as a string")
	}
	switch inside {
	case "boolean", "timestamp":
		return gluetype.Type{Name: inside}
	case "date":
		// Before v3.1 the standard had no timestamp.
		if strings.Contains(v.Options.Format, "H") || strings.Contains(v.Options.Format, "h") {
			return gluetype.Type{Name: "timestamp"}
		}
		return gluetype.Type{Name: "date"}
	case "integer":
		return b.integerType(v, at)
	case "number":
		return b.floatType(v, at)
	case "object":
		return b.structType(v, at)
	case "array":
		return b.arrayType(v, at)
	default: // string, time and nothing at all
		return gluetype.Type{Name: "string"}
	}
}

func (b *builder) integerType(v *odcsValue, at string) gluetype.Type {
	types := map[string]gluetype.Type{
		"i8": {Name: "tinyint"}, "i16": {Name: "smallint"}, "i32": {Name: "int"}, "i64": {Name: "bigint"},
		"u8": {Name: "smallint"}, "u16": {Name: "int"}, "u32": {Name: "bigint"},
		"u64":  {Name: "decimal", Args: []int{20, 0}},
		"i128": {Name: "decimal", Args: []int{38, 0}}, "u128": {Name: "decimal", Args: []int{38, 0}},
	}
	format := cmp.Or(v.Options.Format, "i64")
	t, ok := types[format]
	formatPath := strictyaml.Key(strictyaml.Key(at, "logicalTypeOptions"), "format")
	switch {
	case !ok:
		names := []string{"i8", "i16", "i32", "i64", "i128", "u8", "u16", "u32", "u64", "u128"}
		b.problem(formatPath, fmt.Sprintf("the format %q", format), "one of "+strings.Join(names, ", "), suggest(format, names))
		return types["i64"]
	case strings.HasSuffix(format, "128") && v.PhysicalType == "":
		b.warn(formatPath, fmt.Sprintf("the format %s, of up to 39 digits", format), "at most 38 digits", "nothing, if decimal(38,0) is enough")
	}
	return t
}

func (b *builder) floatType(v *odcsValue, at string) gluetype.Type {
	switch v.Options.Format {
	case "f32":
		return gluetype.Type{Name: "float"}
	case "", "f64":
	default:
		b.problem(strictyaml.Key(strictyaml.Key(at, "logicalTypeOptions"), "format"), fmt.Sprintf("the format %q", v.Options.Format),
			"one of f32, f64", suggest(v.Options.Format, []string{"f32", "f64"}))
	}
	return gluetype.Type{Name: "double"}
}

func (b *builder) structType(v *odcsValue, at string) gluetype.Type {
	t := gluetype.Type{Name: "struct"}
	seen := map[string]bool{}
	for i := range v.Properties {
		p := &v.Properties[i]
		path := strictyaml.Index(strictyaml.Key(at, "properties"), i)
		name := cmp.Or(p.PhysicalName, p.Name)
		inner := b.typeOf(&p.odcsValue, path)
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

func (b *builder) arrayType(v *odcsValue, at string) gluetype.Type {
	element := gluetype.Type{Name: "string"}
	if v.Items != nil {
		element = b.typeOf(&v.Items.odcsValue, strictyaml.Key(at, "items"))
	} else if !hasInside(v.PhysicalType) {
		b.warn(at, "an array without items", "the type of its items", "add items; until then they count as strings")
	}
	return gluetype.Type{Name: "array", Fields: []gluetype.Field{{Type: element}}}
}

// hasInside reports whether a physical type says what is inside.
func hasInside(physicalType string) bool { return strings.Contains(physicalType, "<") }

// checkShape reports properties and items where the logical type has none.
func (b *builder) checkShape(v *odcsValue, at string) {
	if v.LogicalType == "" {
		return
	}
	if len(v.Properties) > 0 && v.LogicalType != "object" {
		b.problem(strictyaml.Key(at, "properties"), "properties of a value with the logical type "+v.LogicalType, "logicalType: object", "correct logicalType, or remove the properties")
	}
	if v.Items != nil && v.LogicalType != "array" {
		b.problem(strictyaml.Key(at, "items"), "items of a value with the logical type "+v.LogicalType, "logicalType: array", "correct logicalType, or remove the items")
	}
}
