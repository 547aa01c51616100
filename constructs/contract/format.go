package contract

import "slices"

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

// Formats returns every format, the default of the lake's own tables first.
func Formats() []Format {
	return []Format{FormatIceberg, FormatParquet, FormatORC, FormatAvro, FormatJSON, FormatCSV, FormatText}
}

// Valid reports whether f is one of Formats.
func (f Format) Valid() bool { return slices.Contains(Formats(), f) }
