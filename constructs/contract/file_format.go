package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// checkText checks how delimited and JSON files are read.
func checkText(f *findings, t *Table) {
	format := t.format()
	f.word(-1, t.CSV.Serde, []string{SerdeOpenCSV, SerdeLazySimple}, customSerde)
	f.tableIf(t.CSV.Serde != "" && format != FormatCSV, fmt.Sprintf("a serde with the format %s", format), "the format csv", "remove it: the format says how files are read", customSerde)
	lazy := format == FormatText || format == FormatCSV && t.CSV.Serde == SerdeLazySimple
	open := format == FormatCSV && !lazy
	single(f, t.CSV.Quote, customQuote)
	single(f, t.CSV.Escape, customEscape)
	f.tableIf(t.CSV.Quote != "" && !open, "a quote character without OpenCSVSerde", "the format csv with OpenCSVSerde", "remove it, or choose that serde", customQuote)
	f.tableIf(t.CSV.Escape != "" && !open && !lazy, fmt.Sprintf("an escape character with the format %s", format), "the format csv or text", "remove it", customEscape)
	f.tableIf(t.CSV.NullFormat != "" && !lazy, "a null format without LazySimpleSerDe", "the format text, or csv with LazySimpleSerDe", "remove it, or choose that serde", customNullFormat)
	f.tableIf(t.CSV.Header && format != FormatCSV && format != FormatText, fmt.Sprintf("a header line with the format %s", format), "the format csv or text", "remove it", customHeader)
	if q := t.CSV.Quote; open && q != "" && q == t.CSV.Delimiter {
		f.table(strconv.Quote(q)+", which is also the delimiter", "two different characters", "choose another quote character", customQuote)
	}
	f.tableIf(t.JSON.CaseSensitive && format != FormatJSON, fmt.Sprintf("caseSensitive with the format %s", format), "the format json", "remove it", customCaseSensitive)
	f.tableIf(t.JSON.IgnoreMalformed && format != FormatJSON, fmt.Sprintf("ignoreMalformed with the format %s", format), "the format json", "remove it", customIgnoreMalformed)
	if open {
		checkOpenCSV(f, t)
	}
}

// checkOpenCSV reports types that OpenCSVSerde cannot read.
func checkOpenCSV(f *findings, t *Table) {
	for i, c := range t.Columns {
		typ, err := gluetype.Parse(c.Type)
		switch {
		case err != nil || c.Partition > 0:
		case !typ.Primitive():
			f.column(i, fmt.Sprintf("the type %s in a file that OpenCSVSerde reads", brief(c.Type)), "a type of single values",
				"keep it as a string, or store the table as json or parquet", fieldType)
		case !openCSVReads(typ):
			f.column(i, fmt.Sprintf("the type %s in a file that OpenCSVSerde reads", c.Type), "string, boolean, int, bigint or double",
				"make it a string, or set serde: "+SerdeLazySimple, fieldType)
		}
	}
}

func single(f *findings, s, part string) {
	if s != "" && (utf8.RuneCountInString(s) != 1 || len(s) != 1) {
		f.table(strconv.Quote(s), "one ASCII character", "write one character", part)
	}
}

// checkAvro reports what an Avro schema cannot say.
func checkAvro(f *findings, t *Table) {
	if t.format() != FormatAvro {
		return
	}
	for i, c := range t.Columns {
		f.columnIf(strings.IndexAny(c.Name, "0123456789") == 0, i, fmt.Sprintf("the name %q in an Avro file", c.Name), "a name that starts with a letter or _", "rename it", fieldName)
		if typ, err := gluetype.Parse(c.Type); err == nil && !typ.HasAvro() {
			f.column(i, fmt.Sprintf("the type %s in an Avro file", brief(c.Type)), "maps with keys of type string, and fields whose names start with a letter or _",
				"change it, or store the table in another format", fieldType)
		}
	}
}

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
		b.warn(cmp.Or(b.custom[problem.Key(t.Path, customFormat)], t.Path), fmt.Sprintf("an Avro table with columns of %d levels", len(levels)), "columns of one level",
			"nothing, if everybody who may describe the table may see the names and types of all its columns, which Athena needs in its parameters; else store it as parquet, or split it")
	}
}

// openCSVReads lists the types that OpenCSVSerde turns texts into.
func openCSVReads(typ gluetype.Type) bool {
	return slices.Contains([]string{"boolean", "int", "bigint", "double", "string", "varchar", "char", "date", "timestamp"}, typ.Name)
}
