package contract

// odcsElement is what tables and columns have in common.
type odcsElement struct {
	ID           stableID         `yaml:"id"`
	PhysicalName string           `yaml:"physicalName"`
	PhysicalType string           `yaml:"physicalType"`
	Description  string           `yaml:"description"`
	BusinessName string           `yaml:"businessName"`
	Authorities  []odcsAuthority  `yaml:"authoritativeDefinitions"`
	Tags         []string         `yaml:"tags"`
	Custom       customProperties `yaml:"customProperties"`
	Quality      []odcsQuality    `yaml:"quality"`
}

// odcsObject is one object of the schema: a table.
type odcsObject struct {
	odcsElement

	Name          string               `strict:"required,nonempty" yaml:"name"`
	LogicalType   string               `strict:"enum=object" yaml:"logicalType"`
	Granularity   string               `yaml:"dataGranularityDescription"`
	Properties    []odcsProperty       `yaml:"properties"`
	Relationships []objectRelationship `yaml:"relationships"`
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
	LogicalType          string                 `strict:"enum=string|date|timestamp|time|number|integer|object|array|boolean" yaml:"logicalType"`
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
	Relationships        []propertyRelationship `yaml:"relationships"`
	Properties           []odcsProperty         `yaml:"properties"`
	Items                *odcsItem              `yaml:"items"`
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
	Timezone         bool     `yaml:"timezone"`
	DefaultTimezone  string   `yaml:"defaultTimezone"`
	MaxProperties    *uint64  `yaml:"maxProperties"`
	MinProperties    *uint64  `yaml:"minProperties"`
	Required         []string `strict:"nonempty" yaml:"required"`
	MaxItems         *uint64  `yaml:"maxItems"`
	MinItems         *uint64  `yaml:"minItems"`
	UniqueItems      bool     `yaml:"uniqueItems"`
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
	}
}
