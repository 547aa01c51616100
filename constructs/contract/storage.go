package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// View is the query of a view.
type View struct {
	// SQL is a SELECT or WITH statement in Athena's dialect, without a semicolon
	// at its end, from the custom property "sql".
	SQL string
}

// SortField is one part of an Iceberg table's sort order.
type SortField struct {
	Column    string
	Transform Transform `json:",omitempty"` // "" is identity
	Direction string    `json:",omitempty"` // asc or desc; "" is asc
	// NullOrder is nulls-first or nulls-last; "" is nulls-first for asc and
	// nulls-last for desc, as in Iceberg itself.
	NullOrder string `json:",omitempty"`
}

// StorageProblems reports what is wrong with how the table is stored, beyond
// names and types: serde, projection, partition transforms, sort order, table
// properties and the query of a view or of a table that is made by one. Paths are those of the Go value:
// Columns[0].Projection.Range. The loader reports the same with its place in
// the file.
func (t *Table) StorageProblems() problem.List {
	var list problem.List
	for _, f := range storageFindings(t) {
		list.Addf(f.goPath(t), f.got, f.expected, f.fix)
	}
	return list
}

// storageFinding is a finding about a custom property of a table or column.
type storageFinding struct {
	finding

	column int      // -1 is the table
	steps  []string // the custom property, then keys and indexes inside its value
}

// findings collects storageFindings about one table.
type findings []storageFinding

func (f *findings) table(got, expected, fix string, steps ...string) {
	*f = append(*f, storageFinding{finding{got, expected, fix}, -1, steps})
}

func (f *findings) column(i int, got, expected, fix string, steps ...string) {
	*f = append(*f, storageFinding{finding{got, expected, fix}, i, steps})
}

func storageFindings(t *Table) findings {
	var f findings
	if t.View != nil {
		checkView(&f, t)
		return f
	}
	if t.TransformLogic != "" {
		checkQuery(&f, t)
	}
	checkJobLimits(&f, t)
	checkText(&f, t)
	checkAvro(&f, t)
	checkProjections(&f, t)
	checkTemplate(&f, t)
	checkTransforms(&f, t)
	checkSortOrder(&f, t)
	checkTableProperties(&f, t)
	return f
}

// filePath is the place in a contract's file.
func (f storageFinding) filePath(at func(base, part string) string, base string) string {
	path := at(base, f.steps[0])
	for _, step := range f.steps[1:] {
		if i, err := strconv.Atoi(step); err == nil {
			path = strictyaml.Index(path, i)
		} else {
			path = strictyaml.Key(path, step)
		}
	}
	return path
}

// goPath is the place in a Table.
func (f storageFinding) goPath(t *Table) string {
	names := map[string]string{
		customSerde: "CSV.Serde", customQuote: "CSV.Quote", customEscape: "CSV.Escape", customNullFormat: "CSV.NullFormat",
		customDelimiter: "CSV.Delimiter", customHeader: "CSV.Header",
		customCaseSensitive: "JSON.CaseSensitive", customIgnoreMalformed: "JSON.IgnoreMalformed",
		customTemplate: "LocationTemplate", customSortOrder: "SortOrder", customTableProps: "Properties", customSQL: "TransformLogic",
		customProjection: "Projection", customTransform: "Transform", fieldType: "Type", fieldFormat: "Format",
		fieldLocation: "Location", fieldPartition: "Partition", fieldName: "Name",
		fieldProperties: "Columns", fieldPartitioned: "Partition",
	}
	if t.View != nil {
		names[customSQL] = "View.SQL"
	}
	path := names[f.steps[0]]
	for _, step := range f.steps[1:] {
		switch _, err := strconv.Atoi(step); {
		case err == nil:
			path += "[" + step + "]"
		case f.steps[0] == customTableProps:
			path += "[" + strconv.Quote(step) + "]"
		case step == keyUnit:
			path += ".IntervalUnit"
		default:
			path += "." + strings.ToUpper(step[:1]) + step[1:]
		}
	}
	if f.column >= 0 {
		path = fmt.Sprintf("Columns[%d].%s", f.column, path)
	}
	return path
}

var selectPattern = regexp.MustCompile(`(?is)^\s*(select|with)\b`)

// maxSQL keeps the encoded view below the 409,600 characters of Glue's
// ViewOriginalText, with room for its columns.
const maxSQL = 200_000

func checkView(f *findings, t *Table) {
	checkSelect(f, t.View.SQL, "view", "CREATE VIEW")
	if t.Format != "" {
		f.table("the format "+string(t.Format)+" of a view", "no format", "remove it: a view has no files", fieldFormat)
	}
	if t.Location != "" {
		f.table("the location of a view", "no location", "remove it: a view has no files", fieldLocation)
	}
	if len(t.SortOrder) > 0 {
		f.table("the sort order of a view", "no sort order", "write ORDER BY in the query", customSortOrder)
	}
	if len(t.Properties) > 0 {
		f.table("table properties of a view", "none", "remove them", customTableProps)
	}
	for i, c := range t.Columns {
		if c.Partition > 0 {
			f.column(i, "a partition key of a view", "no partition keys", "partition the tables below it", fieldPartition)
		}
		if c.Projection != nil {
			f.column(i, "the projection of a view", "none", "remove it", customProjection)
		}
		if c.Transform != "" {
			f.column(i, "the partition transform of a view", "none", "remove it", customTransform)
		}
	}
}

func oneOf(allowed []string) string { return "one of " + strings.Join(allowed, ", ") }

// word checks an optional word.
func (f *findings) word(column int, got string, allowed []string, steps ...string) bool {
	if got == "" || slices.Contains(allowed, got) {
		return true
	}
	f.column(column, strconv.Quote(got), oneOf(allowed), suggest(got, allowed), steps...)
	return false
}
