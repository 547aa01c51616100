package contract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

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

func (f *findings) tableIf(wrong bool, got, expected, fix string, steps ...string) {
	if wrong {
		f.table(got, expected, fix, steps...)
	}
}

func (f *findings) columnIf(wrong bool, i int, got, expected, fix string, steps ...string) {
	if wrong {
		f.column(i, got, expected, fix, steps...)
	}
}

func (f *findings) column(i int, got, expected, fix string, steps ...string) {
	*f = append(*f, storageFinding{finding{got, expected, fix}, i, steps})
}

// filePath is the place in a contract's file.
func (f storageFinding) filePath(at func(base, part string) string, base string) string {
	path := at(base, f.steps[0])
	for _, step := range f.steps[1:] {
		if i, err := strconv.Atoi(step); err == nil {
			path = problem.Index(path, i)
		} else {
			path = problem.Key(path, step)
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

// word checks an optional word.
func (f *findings) word(column int, got string, allowed []string, steps ...string) bool {
	if got == "" || slices.Contains(allowed, got) {
		return true
	}
	f.column(column, strconv.Quote(got), problem.OneOf(allowed), suggest(got, allowed), steps...)
	return false
}

// checker collects the findings about a contract.
type checker struct {
	at   func(base, part string) string
	list problem.List
}

func (k *checker) add(base, part, got, expected, fix string) {
	k.list.Addf(k.at(base, part), got, expected, fix)
}

func (k *checker) word(path, got string, allowed []string) {
	k.list.Addf(path, fmt.Sprintf("%q", got), problem.OneOf(allowed), suggest(got, allowed))
}
