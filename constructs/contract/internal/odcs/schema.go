package odcs

import (
	"cmp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// Element is what tables and columns have in common.
type Element struct {
	ID           stableID         `strict:"since=v3.1.0" yaml:"id"`
	PhysicalName string           `yaml:"physicalName"`
	PhysicalType string           `yaml:"physicalType"`
	Description  string           `yaml:"description"`
	BusinessName string           `yaml:"businessName"`
	Authorities  []Authority      `yaml:"authoritativeDefinitions"`
	Tags         []string         `yaml:"tags"`
	Custom       CustomProperties `yaml:"customProperties"`
	Quality      []Quality        `yaml:"quality"`
	Synonyms     []Synonym        `strict:"since=v3.2.0" yaml:"synonyms"`
	Deprecated   bool             `strict:"since=v3.2.0" yaml:"deprecated"`
}

// Synonym is another name of a table or column.
type Synonym struct {
	ID          stableID         `yaml:"id"`
	Synonym     string           `strict:"required" yaml:"synonym"`
	Description string           `yaml:"description"`
	Locale      string           `yaml:"locale"`
	Source      string           `yaml:"source"`
	Status      string           `yaml:"status"`
	Custom      CustomProperties `yaml:"customProperties"`
}

// Object is one object of the schema: a table.
type Object struct {
	Element

	Name          string               `strict:"required,nonempty" yaml:"name"`
	LogicalType   string               `strict:"enum=object" yaml:"logicalType"`
	Granularity   string               `yaml:"dataGranularityDescription"`
	Properties    []Property           `yaml:"properties"`
	Relationships []objectRelationship `strict:"since=v3.1.0" yaml:"relationships"`
	Context       *Context             `strict:"since=v3.2.0" yaml:"context"`
}

// Property is one property of an object: a column or a field of one.
type Property struct {
	Value

	Name string `strict:"required,nonempty" yaml:"name"`
}

// Item is what an array holds. Its name is optional and has no use.
type Item struct {
	Value

	Name string `yaml:"name"`
}

// Value is what columns, their fields, and what arrays and maps hold have in common.
type Value struct {
	Element

	PrimaryKey           bool                   `yaml:"primaryKey"`
	PrimaryKeyPosition   *int                   `yaml:"primaryKeyPosition"`
	LogicalType          string                 `strict:"enum=string|date|timestamp@v3.1.0|time@v3.1.0|number|integer|object|array|boolean|map@v3.2.0|vector@v3.2.0" yaml:"logicalType"`
	Options              Options                `yaml:"logicalTypeOptions"`
	Required             bool                   `yaml:"required"`
	Unique               bool                   `yaml:"unique"`
	Partitioned          bool                   `yaml:"partitioned"`
	PartitionKeyPosition *int                   `yaml:"partitionKeyPosition"`
	Classification       string                 `yaml:"classification"`
	EncryptedName        string                 `yaml:"encryptedName"`
	TransformSources     []string               `yaml:"transformSourceObjects"`
	TransformLogic       string                 `yaml:"transformLogic"`
	TransformDescription string                 `yaml:"transformDescription"`
	Examples             []any                  `yaml:"examples"`
	Critical             bool                   `yaml:"criticalDataElement"`
	Relationships        []propertyRelationship `strict:"since=v3.1.0" yaml:"relationships"`
	SemanticType         string                 `strict:"since=v3.2.0,enum=column|measure|dimension" yaml:"semanticType"`
	Enum                 []Enum                 `strict:"since=v3.2.0,nonempty" yaml:"enum"`
	Map                  *Map                   `strict:"since=v3.2.0" yaml:"map"`
	Properties           []Property             `yaml:"properties"`
	Items                *Item                  `yaml:"items"`
}

// Part is a value inside another one.
type Part struct {
	// Value is the value inside.
	*Value
	// Path is its place in the file.
	Path string
	// Name is its name in the catalog; "" is that of an array's elements.
	Name string
}

// Inside returns what stands directly inside the value at a place: properties, the
// items of an array, the key and the value of a map.
func (v *Value) Inside(at string) []Part {
	var out []Part
	for i := range v.Properties {
		p := &v.Properties[i]
		out = append(out, Part{&p.Value, problem.Index(problem.Key(at, "properties"), i), cmp.Or(p.PhysicalName, p.Name)})
	}
	if v.Items != nil {
		out = append(out, Part{&v.Items.Value, problem.Key(at, "items"), ""})
	}
	if v.Map != nil {
		path := problem.Key(at, "map")
		out = append(out, Part{&v.Map.Key.Value, problem.Key(path, "key"), "key"}, Part{&v.Map.Value.Value, problem.Key(path, "value"), "value"})
	}
	return out
}

// Walk calls visit for every value inside the value, outermost first, with the way
// to it as transformSourceObjects writes it: address.postalcode. A step through an
// array has no name.
func (v *Value) Walk(at, field string, visit func(inner *Value, at, field string)) {
	for _, part := range v.Inside(at) {
		way := field
		if part.Name != "" {
			way = strings.TrimPrefix(field+"."+part.Name, ".")
		}
		visit(part.Value, part.Path, way)
		part.Walk(part.Path, way, visit)
	}
}

// Map is what a map holds.
type Map struct {
	Key   Item `strict:"required" yaml:"key"`
	Value Item `strict:"required" yaml:"value"`
}

// Enum is a value that a property may have.
type Enum struct {
	ID          stableID         `yaml:"id"`
	Value       any              `strict:"required,spelled" yaml:"value"`
	Label       string           `yaml:"label"`
	Description string           `yaml:"description"`
	Tags        []string         `yaml:"tags"`
	Custom      CustomProperties `yaml:"customProperties"`
	Authorities []Authority      `yaml:"authoritativeDefinitions"`
}

// Options are the options of every logical type together; which belong to
// which is in OptionsOf.
type Options struct {
	MinLength        *uint64  `yaml:"minLength"`
	MaxLength        *uint64  `yaml:"maxLength"`
	Pattern          string   `yaml:"pattern"`
	Format           string   `yaml:"format"`
	Minimum          any      `yaml:"minimum"`
	Maximum          any      `yaml:"maximum"`
	ExclusiveMinimum any      `yaml:"exclusiveMinimum"`
	ExclusiveMaximum any      `yaml:"exclusiveMaximum"`
	MultipleOf       *float64 `yaml:"multipleOf"`
	Timezone         bool     `strict:"since=v3.1.0" yaml:"timezone"`
	DefaultTimezone  string   `strict:"since=v3.1.0" yaml:"defaultTimezone"`
	MaxProperties    *uint64  `yaml:"maxProperties"`
	MinProperties    *uint64  `yaml:"minProperties"`
	Required         []string `strict:"nonempty" yaml:"required"`
	MaxItems         *uint64  `yaml:"maxItems"`
	MinItems         *uint64  `yaml:"minItems"`
	UniqueItems      bool     `yaml:"uniqueItems"`

	Dimensions            *uint64 `strict:"since=v3.2.0" yaml:"dimensions"`
	ElementType           string  `strict:"since=v3.2.0,enum=bfloat16|binary|float16|float32|float64|int8|uint8" yaml:"elementType"`
	DistanceMetric        string  `strict:"since=v3.2.0,enum=cosine|dotProduct|euclidean|hamming|manhattan" yaml:"distanceMetric"`
	EmbeddingModel        string  `strict:"since=v3.2.0" yaml:"embeddingModel"`
	EmbeddingModelVersion string  `strict:"since=v3.2.0" yaml:"embeddingModelVersion"`
	Normalized            bool    `strict:"since=v3.2.0" yaml:"normalized"`

	Other map[string]any `strict:"rest"` // what the standard does not know

	// Given reports whether the value has options.
	Given bool
}

// DecodeStrict notes that there are options.
func (o *Options) DecodeStrict(n strictyaml.Node) {
	type plain Options
	n.Decode((*plain)(o))
	o.Given = true
}

// OptionsOf lists the options that each logical type has.
func OptionsOf(logicalType string) []string {
	temporal := []string{
		"format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "timezone", "defaultTimezone",
	}
	switch logicalType {
	case "string":
		return []string{"minLength", "maxLength", "pattern", "format"}
	case "date", "timestamp", "time":
		return temporal
	case "vector":
		return []string{"dimensions", "elementType", "distanceMetric", "embeddingModel", "embeddingModelVersion", "normalized"}
	case "integer", "number":
		return []string{"format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
	case "object":
		return []string{"maxProperties", "minProperties", "required"}
	case "array":
		return []string{"maxItems", "minItems", "uniqueItems"}
	default: // a boolean has none
		return nil
	}
}

// AllOptions are the keys of Options.
func AllOptions() []string {
	return []string{
		"minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
		"multipleOf", "timezone", "defaultTimezone", "maxProperties", "minProperties", "required", "maxItems",
		"minItems", "uniqueItems",
		"dimensions", "elementType", "distanceMetric", "embeddingModel", "embeddingModelVersion", "normalized",
	}
}
