package contract

import (
	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// APIVersions returns the versions of the standard that are read, oldest first.
// Each is read by its own rules: a key that only another version has is unknown.
func APIVersions() []string { return odcs.Versions() }

// Contract is a data product as its ODCS file describes it. It can be loaded
// from a file or written as a Go value.
type Contract struct {
	File        string // where it was loaded from; "" for a Go value
	APIVersion  string // v3.0.0 … v3.1.0
	ID          string
	Name        string // name of the data product: custom property product, else dataProduct, else name
	Version     string // semantic version of the contract
	Status      string // proposed, draft, active, deprecated or retired
	Domain      string // the domain the contract says it belongs to; "" when it does not say
	Tenant      string
	Description string // description.purpose
	// Owner is who answers for the product: the team member whose role is owner, else
	// the first; an e-mail address or user name. A contract has no clock: an owner who
	// leaves on some day counts where no other one stays. See OwnerAt.
	Owner string
	Team  []Member `json:",omitempty"`
	Tags  []string

	// Sensitivity is the most sensitive data that the product may hold, from the
	// custom property "sensitivity". Where it is not declared it is the most
	// sensitive of the columns.
	Sensitivity ontology.Sensitivity
	// Zone is the zone of the lake that the tables stand in, from the custom
	// property "zone"; Curated where it is not declared.
	Zone ontology.Zone

	// LFTags hold for every table that has no value of its own for the key.
	LFTags []LFTag `json:",omitempty"`

	Tables []Table
	SLA    SLA

	// NamePath is the key of the file that Name stands at, for messages; "" for a Go
	// value, and where the file's name is taken.
	NamePath string `json:"-"`

	// Warnings are findings that do not stop a load, for example a column
	// without a classification, which then counts as PHI.
	Warnings problem.List
}

// Table is one object of the contract's schema.
type Table struct {
	Name        string // catalog name: physicalName, else name; lower case letters, digits and _
	Title       string // businessName
	Description string
	Columns     []Column // every column in the contract's order, partition keys among them
	Format      Format
	// Location is where the table's files are, as an s3:// URI ending in "/", when
	// they are not in the lake of the domain: from the schema's custom property
	// "location", else from the contract's S3 server. "" is the table's own
	// prefix in its zone.
	Location string
	// Locations are the places in each environment, in lower case, where several
	// servers of the contract say them; "" is that of every other. Location is then
	// one of them.
	Locations map[string]string `json:",omitempty"`
	CSV       CSV               // how the files of FormatCSV and FormatText are read
	// JSON is how the files of FormatJSON are read.
	JSON JSON `json:",omitzero"`
	// LocationTemplate is where the files of one partition are, with ${column} for
	// each partition column, from the custom property "storage.location.template";
	// only with projection. Without s3:// it is below the table's location. "" is
	// location/column=value/.
	LocationTemplate string `json:",omitempty"`
	// SortOrder is how engines sort an Iceberg table's files, from the custom
	// property "sortOrder"; nil is not at all.
	SortOrder []SortField `json:",omitempty"`
	// Properties are those of an Iceberg table, from the custom property
	// "tableProperties": only what TableProperties names.
	Properties map[string]string `json:",omitempty"`
	// View is the query of a view; nil is a table with files of its own.
	View *View `json:",omitempty"`
	// TransformLogic is the SELECT that makes the rows of a table, which a job keeps it
	// up to date with (Materialization), from the custom property "sql" of a
	// physicalType table; "" is a table that somebody else writes. It names the tables
	// it reads as {product.table}: see Reference. The table is an Iceberg table of the
	// domain's lake with a primary key.
	TransformLogic string `json:",omitempty"`
	// LFTags hold for every column that has no value of its own for the key.
	LFTags  []LFTag `json:",omitempty"`
	Quality []QualityRule

	// Deidentify says what the table is made from; nil is that it is not made by
	// de-identification.
	Deidentify *Deidentify `json:",omitempty"`

	// Path is the table's place in the contract, for messages: schema[0].
	Path string
}

// CSV says how delimited files are read; the zero value is a comma between
// values, double quotes around them where needed and no header line.
type CSV struct {
	Delimiter string // one character; "" is a comma, with FormatText the control character U+0001
	Header    bool   // the first line of each file names the columns

	// Serde reads the files of FormatCSV: SerdeOpenCSV or SerdeLazySimple; "" is
	// SerdeOpenCSV. FormatText is always read by LazySimpleSerDe.
	Serde string `json:",omitempty"`
	// Quote stands around values, one character; "" is a double quote. Only
	// OpenCSVSerde knows quotes.
	Quote string `json:",omitempty"`
	// Escape stands before a delimiter that belongs to the value, one character;
	// "" is a backslash for OpenCSVSerde and none for LazySimpleSerDe.
	Escape string `json:",omitempty"`
	// NullFormat is the text that means null; "" is the serde's own, \N. Only
	// LazySimpleSerDe knows it.
	NullFormat string `json:",omitempty"`
}

// The serdes of CSV files, by the names that AWS gives them.
const (
	SerdeOpenCSV    = "OpenCSVSerde"
	SerdeLazySimple = "LazySimpleSerDe"
)

// JSON says how files of JSON lines are read; the zero value is the default of
// the OpenX serde: keys match in any case, a malformed line fails the query.
type JSON struct {
	CaseSensitive   bool `json:",omitzero"` // keys must be spelled like the columns
	IgnoreMalformed bool `json:",omitzero"` // a malformed line is a row of nulls
}

// Format is how a table's files are written.
type Format string

// The formats of tables. Iceberg is the default of tables in the domain's own
// lake, Parquet of tables with a Location of their own.
const (
	FormatIceberg Format = "iceberg"
	FormatParquet Format = "parquet"
	FormatORC     Format = "orc"
	FormatAvro    Format = "avro"
	FormatJSON    Format = "json"
	FormatCSV     Format = "csv"
	FormatText    Format = "text"
)

// Column is one property of a table.
type Column struct {
	Name           string // catalog name: physicalName, else name
	Type           string // Glue type, for example decimal(10,2) or array<struct<code:string>>
	Description    string
	Classification string               // as the contract writes it; "" when it does not say
	Sensitivity    ontology.Sensitivity // the level the classification names; PHI where it names none
	Identifier     ontology.Identifier  // the Safe Harbor identifier it holds; "" for none
	Required       bool
	Unique         bool
	// Enum is the values that the column may have, as the contract spells them, from
	// the standard's enum; nil is any.
	Enum       []string `json:",omitempty"`
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

// QualityRule is one expectation about a table or a column.
type QualityRule struct {
	Name        string
	Description string
	Column      string // "" when the rule is about the whole table
	// Field is what the rule is about inside the column, with a point before each
	// step: address.postalcode; "" is the column itself.
	Field  string `json:",omitempty"`
	Type   string // library, sql, text or custom
	Metric string // rule or metric of the library: nullValues, duplicateValues, rowCount, …
	Query  string // of an sql rule
	Engine string // of a custom rule

	// Implementation is a custom rule in the language of its engine; where the
	// contract has it as YAML, it is JSON.
	Implementation string
	// Arguments are those of a library metric: validValues and pattern of
	// invalidValues, missingValues, properties of duplicateValues.
	Arguments map[string][]string

	Operator string // mustBe, mustBeGreaterThan, mustBeBetween, …; "" when the rule has none
	Values   []string
	Unit     string // rows or percent
	Severity string
	Schedule string

	// Path is the rule's place in the contract, for messages: schema[0].quality[1].
	Path string
}

// SLA is what the owner promises about the whole product.
type SLA struct {
	Retention Period // how long data is kept
	Freshness Period // how old the newest data may be
	Frequency Period // how often new data arrives
}

// Period is a number of calendar units; the zero value is "not promised".
type Period struct {
	Value float64
	Unit  string // year, month, week, day, hour or minute
}
