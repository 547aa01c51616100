package contract

import "github.com/lakemesh/lakemesh/constructs/strictyaml"

// odcsElement is what tables and columns have in common.
type odcsElement struct {
	ID           stableID         `strict:"since=v3.1.0" yaml:"id"`
	PhysicalName string           `yaml:"physicalName"`
	PhysicalType string           `yaml:"physicalType"`
	Description  string           `yaml:"description"`
	BusinessName string           `yaml:"businessName"`
	Authorities  []odcsAuthority  `yaml:"authoritativeDefinitions"`
	Tags         []string         `yaml:"tags"`
	Custom       customProperties `yaml:"customProperties"`
	Quality      []odcsQuality    `yaml:"quality"`
	Synonyms     []odcsSynonym    `strict:"since=v3.2.0" yaml:"synonyms"`
	Deprecated   bool             `strict:"since=v3.2.0" yaml:"deprecated"`
}

// odcsSynonym is another name of a table or column.
type odcsSynonym struct {
	ID          stableID         `yaml:"id"`
	Synonym     string           `strict:"required" yaml:"synonym"`
	Description string           `yaml:"description"`
	Locale      string           `yaml:"locale"`
	Source      string           `yaml:"source"`
	Status      string           `yaml:"status"`
	Custom      customProperties `yaml:"customProperties"`
}

// odcsObject is one object of the schema: a table.
type odcsObject struct {
	odcsElement

	Name          string               `strict:"required,nonempty" yaml:"name"`
	LogicalType   string               `strict:"enum=object" yaml:"logicalType"`
	Granularity   string               `yaml:"dataGranularityDescription"`
	Properties    []odcsProperty       `yaml:"properties"`
	Relationships []objectRelationship `strict:"since=v3.1.0" yaml:"relationships"`
	Context       *odcsContext         `strict:"since=v3.2.0" yaml:"context"`
}

// odcsProperty is one property of an object: a column or a field of one.
type odcsProperty struct {
	odcsValue

	Name string `strict:"required,nonempty" yaml:"name"`
}

// odcsItem is what an array holds. Its name is optional and has no use.
type odcsItem struct {
	odcsValue

	Name string `yaml:"name"`
}

type odcsValue struct {
	odcsElement

	PrimaryKey           bool                   `yaml:"primaryKey"`
	PrimaryKeyPosition   *int                   `yaml:"primaryKeyPosition"`
	LogicalType          string                 `strict:"enum=string|date|timestamp@v3.1.0|time@v3.1.0|number|integer|object|array|boolean|map@v3.2.0|vector@v3.2.0" yaml:"logicalType"`
	Options              odcsOptions            `yaml:"logicalTypeOptions"`
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
	Enum                 []odcsEnum             `strict:"since=v3.2.0,nonempty" yaml:"enum"`
	Map                  *odcsMap               `strict:"since=v3.2.0" yaml:"map"`
	Properties           []odcsProperty         `yaml:"properties"`
	Items                *odcsItem              `yaml:"items"`
}

// odcsMap is what a map holds.
type odcsMap struct {
	Key   odcsItem `strict:"required" yaml:"key"`
	Value odcsItem `strict:"required" yaml:"value"`
}

// odcsEnum is a value that a property may have.
type odcsEnum struct {
	ID          stableID         `yaml:"id"`
	Value       any              `strict:"required,spelled" yaml:"value"`
	Label       string           `yaml:"label"`
	Description string           `yaml:"description"`
	Tags        []string         `yaml:"tags"`
	Custom      customProperties `yaml:"customProperties"`
	Authorities []odcsAuthority  `yaml:"authoritativeDefinitions"`
}

// odcsOptions are the options of every logical type together; which belong to
// which is in optionsOf.
type odcsOptions struct {
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

	given bool
}

// DecodeStrict notes that there are options.
func (o *odcsOptions) DecodeStrict(n strictyaml.Node) {
	type plain odcsOptions
	n.Decode((*plain)(o))
	o.given = true
}

// optionsOf lists the options that each logical type has.
func optionsOf(logicalType string) []string {
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

// allOptions are the keys of odcsOptions.
func allOptions() []string {
	return []string{
		"minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
		"multipleOf", "timezone", "defaultTimezone", "maxProperties", "minProperties", "required", "maxItems",
		"minItems", "uniqueItems",
		"dimensions", "elementType", "distanceMetric", "embeddingModel", "embeddingModelVersion", "normalized",
	}
}
