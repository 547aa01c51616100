package contract

import (
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Contract is a data product as its ODCS file describes it. It can be loaded
// from a file or written as a Go value.
type Contract struct {
	File        string // where it was loaded from; "" for a Go value
	APIVersion  string // v3.0.0 … v3.1.0
	ID          string
	Name        string // name of the data product
	Version     string // semantic version of the contract
	Status      string // proposed, draft, active, deprecated or retired
	Domain      string // the domain the contract says it belongs to; "" when it does not say
	Tenant      string
	Description string // description.purpose
	Owner       string // the team member whose role is owner, else the first; an e-mail address or user name
	Tags        []string

	// Sensitivity is the most sensitive data that the product may hold, from the
	// custom property "sensitivity". Where it is not declared it is the most
	// sensitive of the columns.
	Sensitivity ontology.Sensitivity
	// Zone is the zone of the lake that the tables stand in, from the custom
	// property "zone"; Curated where it is not declared.
	Zone ontology.Zone

	Tables []Table
	SLA    SLA

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
	CSV      CSV // how CSV files are read; only used with FormatCSV
	Quality  []QualityRule

	// Path is the table's place in the contract, for messages: schema[0].
	Path string
}

// CSV says how text files are read; the zero value is a comma between
// values, double quotes around them where needed and no header line.
type CSV struct {
	Delimiter string // one character; "" is a comma
	Header    bool   // the first line of each file names the columns
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
	PrimaryKey     int // position in the primary key from 1; 0 is not part of it
	Partition      int // position in the partition key from 1; 0 is not part of it

	// Path is the column's place in the contract, for messages: schema[0].properties[3].
	Path string
}

// QualityRule is one expectation about a table or a column.
type QualityRule struct {
	Name        string
	Description string
	Column      string // "" when the rule is about the whole table
	Type        string // library, sql, text or custom
	Metric      string // rule or metric of the library: nullValues, duplicateValues, rowCount, …
	Query       string // of an sql rule
	Engine      string // of a custom rule

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
