package gluetype

import "slices"

// scalar says what a type without an inside is called elsewhere; "" is by the name
// that the catalog has.
type scalar struct {
	stored      string // by the catalog, in an Iceberg table
	iceberg     string // in the Iceberg specification
	trino       string // in queries of Athena, engine version 3
	avro        string // in an Avro schema
	avroLogical string // the logicalType beside it
}

// scalars are the types without an inside, in one table for every mapping.
// Sources: Amazon Athena, "Data types in Amazon Athena" and "Avro SerDe"; the Iceberg
// specification, "Appendix C: JSON serialization"; the Apache Avro Specification.
var scalars = map[string]scalar{
	"boolean":   {},
	"tinyint":   {stored: "int", avro: "int"},
	"smallint":  {stored: "int", avro: "int"},
	"int":       {trino: "integer"},
	"bigint":    {iceberg: "long", avro: "long"},
	"float":     {trino: "real"},
	"double":    {},
	"decimal":   {avro: "bytes", avroLogical: "decimal"},
	"string":    {trino: "varchar"},
	"char":      {stored: "string", avro: "string"},
	"varchar":   {stored: "string", avro: "string"},
	"binary":    {trino: "varbinary", avro: "bytes"},
	"date":      {avro: "int", avroLogical: "date"},
	"timestamp": {trino: "timestamp(6)", avro: "long", avroLogical: "timestamp-millis"},
}

// IsText reports whether the values of the type are texts.
func (t Type) IsText() bool { return slices.Contains([]string{"string", "char", "varchar"}, t.Name) }

// IsWhole reports whether the values of the type are whole numbers; a decimal is not.
func (t Type) IsWhole() bool {
	return slices.Contains([]string{"tinyint", "smallint", "int", "bigint"}, t.Name)
}

// IsNumber reports whether the values of the type are numbers.
func (t Type) IsNumber() bool {
	return t.IsWhole() || slices.Contains([]string{"float", "double", "decimal"}, t.Name)
}

// IsTime reports whether the values of the type are dates or timestamps.
func (t Type) IsTime() bool { return t.Name == "date" || t.Name == "timestamp" }

// WidensTo reports whether Iceberg (format version 2) can turn a column of the type
// into one of the wider type.
func (t Type) WidensTo(wider Type) bool {
	switch t.Name + " " + wider.Name {
	case "int bigint", "float double":
		return true
	case "decimal decimal":
		return t.Args[1] == wider.Args[1] && t.Args[0] < wider.Args[0]
	default:
		return false
	}
}
