package contract

import (
	"cmp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// QualityRule is one expectation about a table or a column.
type QualityRule struct {
	Name        string // short name of the rule; "" where it has none
	Description string // what the rule is for
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
	// invalidValues, missingValues, properties of duplicateValues. A null among them is left
	// out: it is a value of none of them, and missing in any case.
	Arguments map[string][]string

	Operator string   // mustBe, mustBeGreaterThan, mustBeBetween, …; "" when the rule has none
	Values   []string // what the operator compares with
	Unit     string   // rows or percent
	Severity string   // how bad a failure is, in the words of the contract
	// Dimension is what kind of quality the rule is about: accuracy, completeness, conformity,
	// consistency, coverage, timeliness or uniqueness; "" where the contract does not say.
	Dimension string `json:",omitempty"`
	Schedule  string // when the rule is checked, in the words of the contract

	// Path is the rule's place in the contract, for messages: schema[0].quality[1].
	Path string
}

// Table is one object of the contract's schema.
type Table struct {
	Name        string   // catalog name: physicalName, else name; lower case letters, digits and _
	Title       string   // businessName
	Description string   // the schema's description
	Columns     []Column // every column in the contract's order, partition keys among them
	Format      Format   // how the files are written; "" is the default, see Resolve
	// Location is where the table's files are, as an s3:// URI ending in "/", when
	// they are not in the lake of the domain: from the schema's custom property
	// "location", else from the contract's S3 server. "" is the table's own
	// prefix in its zone.
	Location string
	// Locations are the places in each environment, in lower case, where several
	// servers of the contract say them; "" is that of every other. Location is then
	// one of them.
	Locations map[string]string `json:",omitempty"`
	// Registered is the folder that is registered with Lake Formation for the table, as an
	// s3:// URI ending in "/", where the places of several tables are below one; no file
	// says it. "" is Location.
	Registered string `json:",omitempty"`
	CSV        CSV    // how the files of FormatCSV and FormatText are read
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
	// Retention is how long rows are kept, from slaProperties; nil is that nothing is
	// deleted for its age.
	Retention *Retention `json:",omitempty"`
	// LFTags hold for every column that has no value of its own for the key.
	LFTags  []LFTag       `json:",omitempty"`
	Quality []QualityRule // what is expected of the table and its columns

	// Deidentify says what the table is made from; nil is that it is not made by
	// de-identification.
	Deidentify *Deidentify `json:",omitempty"`

	// PersonIndex says which records are one person, on the table of a person index that has
	// them (PersonIndexTables); nil on every other.
	PersonIndex *PersonIndex `json:",omitempty"`

	// Path is the table's place in the contract, for messages: schema[0].
	Path string
}

// Deidentify says that a table is made from another one by removing what
// identifies patients, from the table's custom property "deidentify". Package
// deidentify writes the SQL.
type Deidentify struct {
	// From is the table that it is made from, which stands in the domain of this one.
	From Reference
	// Standard is safe-harbor or expert-determination; "" is safe-harbor.
	Standard ontology.DeidentifyStandard `json:",omitempty"`
	// Person is the column of the source that tells patients apart. Only the
	// method shift needs it: all dates of a person move by the same days.
	Person string `json:",omitempty"`
}

// Column returns the column with the catalog name, or nil.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// DataColumns returns the columns that are not part of the partition key, in
// the contract's order.
func (t *Table) DataColumns() []Column {
	return slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return c.Partition > 0 })
}

// PartitionColumns returns the columns of the partition key, in its order.
func (t *Table) PartitionColumns() []Column {
	return t.keyed(func(c Column) int { return c.Partition })
}

// PrimaryKeyColumns returns the columns of the primary key, in its order.
func (t *Table) PrimaryKeyColumns() []Column {
	return t.keyed(func(c Column) int { return c.PrimaryKey })
}

func (t *Table) keyed(position func(Column) int) []Column {
	out := slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return position(c) < 1 })
	slices.SortStableFunc(out, func(a, b Column) int { return cmp.Compare(position(a), position(b)) })
	return out
}

// Order returns the direction and the place of nulls with their defaults.
func (s SortField) Order() (direction, nulls string) {
	direction, nulls = s.Direction, s.NullOrder
	if direction == "" {
		direction = "asc"
	}
	if nulls == "" {
		nulls = map[string]string{"asc": "nulls-first", "desc": "nulls-last"}[direction]
	}
	return direction, nulls
}

// isMaterialized reports whether a job makes the rows of the table: by its query, or by
// de-identification.
func (t *Table) isMaterialized() bool { return t.TransformLogic != "" || t.Deidentify != nil }

// Projected reports whether the partitions of the table are projected.
func (t *Table) Projected() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Projection != nil })
}

// View is the query of a view.
type View struct {
	// SQL is a SELECT or WITH statement in Athena's dialect, without a semicolon
	// at its end, from the custom property "sql".
	SQL string
}

// SortField is one part of an Iceberg table's sort order.
type SortField struct {
	Column    string    // the column that is sorted by
	Transform Transform `json:",omitempty"` // "" is identity
	Direction string    `json:",omitempty"` // asc or desc; "" is asc
	// NullOrder is nulls-first or nulls-last; "" is nulls-first for asc and
	// nulls-last for desc, as in Iceberg itself.
	NullOrder string `json:",omitempty"`
}
