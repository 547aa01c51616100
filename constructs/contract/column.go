package contract

import "github.com/lakemesh/lakemesh/constructs/ontology"

// Column is one property of a table.
type Column struct {
	Name           string               // catalog name: physicalName, else name; lower case letters, digits and _, in Parquet files outside the lake also . and -
	Type           string               // Glue type, for example decimal(10,2) or array<struct<code:string>>
	Description    string               // what the column holds, in words
	Classification string               // as the contract writes it; "" when it does not say
	Sensitivity    ontology.Sensitivity // "" is the level that the classification names, PHI where it names none; see Level
	Identifier     ontology.Identifier  // the Safe Harbor identifier it holds; "" for none
	Required       bool                 // it has a value in every row
	Unique         bool                 // no two rows have the same value
	// Enum is the values that the column may have, as the contract spells them, from
	// the standard's enum; nil is any.
	Enum []string `json:",omitempty"`
	// Examples are values that the column may have, as the contract spells them.
	Examples   []string `json:",omitempty"`
	PrimaryKey int      // position in the primary key from 1; 0 is not part of it
	Partition  int      // position in the partition key from 1; 0 is not part of it

	// Projection says which values a partition column of an external table has,
	// from the custom property "projection"; nil is that partitions are registered.
	Projection *Projection `json:",omitempty"`
	// Transform makes the partition value of an Iceberg table's column, from the
	// custom property "partitionTransform": identity, year, month, day, hour,
	// bucket[n] or truncate[w]; "" is identity.
	Transform Transform `json:",omitempty"`
	// LFTags are the column's own.
	LFTags []LFTag `json:",omitempty"`

	// Derivation says how the column is made from columns of other tables; nil is
	// that the contract does not say.
	Derivation *Derivation `json:",omitempty"`

	// Path is the column's place in the contract, for messages: schema[0].properties[3].
	Path string
}

// Derivation says how a column is made from columns of another table.
type Derivation struct {
	// Sources are the columns it is made from, as table.column, from the
	// standard's transformSourceObjects. Fields inside a column follow after more
	// points, and a step through an array takes its first element:
	// patient.address.postalcode.
	Sources []string `json:",omitempty"`
	// Logic is the standard's transformLogic.
	Logic string `json:",omitempty"`
	// Method is how the value is de-identified, from the custom property
	// "deidentify"; "" is the default for what the source holds.
	Method ontology.Method `json:",omitempty"`
	// Values are those that the method generalize lets through, from the custom
	// property "deidentifyValues".
	Values []string `json:",omitempty"`
}
