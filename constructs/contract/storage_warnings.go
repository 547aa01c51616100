package contract

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// storageWarnings says of a table what AWS takes, and what is seldom meant.
func (b *builder) storageWarnings(t *Table) {
	if t.View != nil {
		return
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		typ, err := gluetype.Parse(c.Type)
		if err != nil {
			continue
		}
		if t.format() == FormatCSV && t.CSV.Serde != SerdeLazySimple {
			b.openCSV(c, typ)
		}
		b.finePartition(t, c, typ)
	}
	b.avroShows(t)
}

// openCSV warns of types that OpenCSVSerde reads otherwise than people write them.
// Those that it does not read at all are errors. Source: Athena, "Open CSV SerDe
// for processing CSV".
func (b *builder) openCSV(c *Column, typ gluetype.Type) {
	at := b.field(c.Path, fieldType)
	switch typ.Name {
	case "date":
		b.warn(at, "a date in a file that OpenCSVSerde reads", "the number of days since 1970-01-01 in the file",
			"nothing, if the file has numbers; else make it a string, or set serde: "+SerdeLazySimple+", which reads 2026-01-31")
	case "timestamp":
		b.warn(at, "a timestamp in a file that OpenCSVSerde reads", "the number of milliseconds since 1970-01-01 in the file",
			"nothing, if the file has numbers; else make it a string, or set serde: "+SerdeLazySimple+", which reads 2026-01-31 13:00:00")
	case "int", "bigint", "double":
		if !c.Required && c.Partition == 0 {
			b.warn(at, "a number that may be empty in a file that OpenCSVSerde reads", "required: true, as an empty number fails the query",
				"add it, make the column a string, or set serde: "+SerdeLazySimple)
		}
	}
}

// finePartition warns of an Iceberg table with a partition for each value of a
// column that has a new one in nearly every row. Of a table that a job makes it is
// an error.
func (b *builder) finePartition(t *Table, c *Column, typ gluetype.Type) {
	name, _, _ := c.Transform.Parts()
	if t.format() != FormatIceberg || c.Partition == 0 || name != string(TransformIdentity) || t.IsMaterialized() {
		return
	}
	at := strictyaml.Key(c.Path, fieldPartitioned)
	switch {
	case typ.Name == "timestamp":
		b.warn(at, "a partition for each microsecond", "partitionTransform: day, or year, month or hour", "set the custom property partitionTransform of the column")
	case typ.Name == "float" || typ.Name == "double":
		b.warn(at, "a partition for each value of a "+typ.Name, "a column with few values", "partition by another column")
	case c.Unique:
		b.warn(at, "a partition for each row, as the column is unique", "a column with few values", "set the custom property partitionTransform of the column to bucket[16], or partition by another column")
	}
}

// avroShows warns that the schema of Avro files stands in the table's parameters,
// which Lake Formation filters for nobody.
func (b *builder) avroShows(t *Table) {
	if t.format() != FormatAvro {
		return
	}
	levels := map[string]bool{}
	for _, c := range t.Columns {
		levels[string(c.Sensitivity)] = true
	}
	if len(levels) > 1 {
		b.warn(cmp.Or(b.custom[strictyaml.Key(t.Path, customFormat)], t.Path), fmt.Sprintf("an Avro table with columns of %d levels", len(levels)), "columns of one level",
			"nothing, if everybody who may describe the table may see the names and types of all its columns, which Athena needs in its parameters; else store it as parquet, or split it")
	}
}

// openCSVReads lists the types that OpenCSVSerde turns texts into.
func openCSVReads(typ gluetype.Type) bool {
	return slices.Contains([]string{"boolean", "int", "bigint", "double", "string", "varchar", "char", "date", "timestamp"}, typ.Name)
}
