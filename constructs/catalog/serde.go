package catalog

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

// serde is how Hive-compatible engines read a file format.
type serde struct {
	library        string
	input          string
	output         string
	classification string
	parameters     map[string]string
}

const (
	textInput  = "org.apache.hadoop.mapred.TextInputFormat"
	textOutput = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
)

// serdeOf returns the serializer that AWS documents for the format. Source:
// "Choose a SerDe for your data" in the Athena user guide.
func serdeOf(table *contract.Table) serde {
	switch table.Format {
	case contract.FormatORC:
		return serde{
			library:        "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
			input:          "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
			output:         "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
			classification: "orc",
		}
	case contract.FormatAvro:
		return serde{
			library:        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
			input:          "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
			output:         "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
			classification: "avro",
			parameters:     map[string]string{"avro.schema.literal": avroSchema(table)},
		}
	case contract.FormatJSON:
		return serde{
			library: "org.openx.data.jsonserde.JsonSerDe", input: textInput, output: textOutput, classification: "json",
			parameters: jsonParameters(table.JSON),
		}
	case contract.FormatCSV:
		if table.CSV.Serde == contract.SerdeLazySimple {
			return lazySimple(table.CSV, ",", "csv")
		}
		return serde{
			library:        "org.apache.hadoop.hive.serde2.OpenCSVSerde",
			input:          textInput,
			output:         textOutput,
			classification: "csv",
			parameters: map[string]string{
				"separatorChar": cmp.Or(table.CSV.Delimiter, ","),
				"quoteChar":     cmp.Or(table.CSV.Quote, `"`),
				"escapeChar":    cmp.Or(table.CSV.Escape, `\`),
			},
		}
	case contract.FormatText:
		return lazySimple(table.CSV, "\x01", "text")
	default:
		return serde{
			library:        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
			input:          "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
			output:         "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
			classification: "parquet",
			parameters:     map[string]string{"serialization.format": "1"},
		}
	}
}

// lazySimple reads delimited values without quotes. It wants the delimiter
// under two names.
func lazySimple(dialect contract.CSV, delimiter, classification string) serde {
	delimiter = cmp.Or(dialect.Delimiter, delimiter)
	parameters := map[string]string{"field.delim": delimiter, "serialization.format": delimiter}
	if dialect.Escape != "" {
		parameters["escape.delim"] = dialect.Escape
	}
	if dialect.NullFormat != "" {
		parameters["serialization.null.format"] = dialect.NullFormat
	}
	return serde{
		library: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", input: textInput, output: textOutput,
		classification: classification, parameters: parameters,
	}
}

func jsonParameters(dialect contract.JSON) map[string]string {
	parameters := map[string]string{}
	if dialect.CaseSensitive {
		parameters["case.insensitive"] = "FALSE"
	}
	if dialect.IgnoreMalformed {
		parameters["ignore.malformed.json"] = "TRUE"
	}
	return parameters
}

// avroSchema is the schema that the Avro serde needs beside the columns, as JSON.
func avroSchema(table *contract.Table) string {
	row := gluetype.Type{Name: "struct"}
	for _, c := range table.DataColumns() {
		row.Fields = append(row.Fields, gluetype.Field{Name: c.Name, Type: typeOf(c)})
	}
	name := table.Name
	if name[0] >= '0' && name[0] <= '9' { // a record's name starts with a letter or _
		name = "_" + name
	}
	text, err := json.Marshal(row.Avro(name))
	if err != nil {
		panic(err)
	}
	return string(text)
}

// typeOf is the type of a column that checkTypes or checkIceberg has found to have one.
func typeOf(c contract.Column) gluetype.Type {
	t, err := gluetype.Parse(c.Type)
	if err != nil {
		panic(fmt.Errorf("column %s: %w", c.Name, err))
	}
	return t
}
