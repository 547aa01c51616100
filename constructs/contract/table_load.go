package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// table builds a table; external is what the contract's servers give.
func (b *builder) table(raw *odcs.Object, at string, external places) Table {
	t := Table{
		Name: cmp.Or(raw.PhysicalName, raw.Name), Title: raw.BusinessName, Description: raw.Description, Path: at,
	}
	b.tableCustom(&t, raw)
	if t.Location == "" && !b.inLake(raw) {
		t.place(external, raw.Name)
	}
	b.query(&t, raw)
	if t.View == nil {
		t.Format = t.format()
	}
	columns := b.columns(raw, at)
	for _, c := range columns {
		t.Columns = append(t.Columns, b.column(c.raw, c.path, t.Format))
	}
	if len(columns) == 0 {
		b.warn(at, "an object without properties", "at least one column", "list its properties; the catalog cannot create the table")
	}
	if n := utf8.RuneCountInString(t.Description); n > maxTableDescription {
		b.tooLong(problem.Key(at, "description"), n, maxTableDescription)
	}
	b.keys(&t, columns)
	b.storageWarnings(&t)
	t.Quality = b.tableQuality(raw, at, columns, t.Columns)
	return t
}

// inLake reports a table that a job makes, or a view: neither stands where a server
// says.
func (b *builder) inLake(raw *odcs.Object) bool {
	return strings.EqualFold(raw.PhysicalType, physicalView) || raw.Custom.Find(customSQL) != nil || raw.Custom.Find(customDeidentify) != nil
}

// tableCustom reads format, location, delimiter and header, and how files are
// stored.
func (b *builder) tableCustom(t *Table, raw *odcs.Object) {
	b.places(raw.Custom, onTable)
	t.LFTags = b.lfTags(raw.Custom)
	b.tableStorage(t, raw.Custom)
	b.deidentify(t, raw.Custom)
	if p := raw.Custom.Find(customFormat); p != nil {
		if s, ok := b.text(p); ok {
			if format := Format(strings.ToLower(s)); format.Valid() {
				t.Format = format
			} else {
				b.badWord(p, s, words(Formats()))
			}
		}
	}
	if p := raw.Custom.Find(customLocation); p != nil {
		if s, ok := b.text(p); ok {
			s = b.resolve(s, problem.Key(p.Path, "value"))
			location, err := tableLocation(s, raw.Name)
			if err != nil {
				b.problem(problem.Key(p.Path, "value"), fmt.Sprintf("the location %q, %s", s, err), "s3://bucket/prefix/", "write the prefix that the files of the table are under")
			}
			t.Location = location
		}
	}
	if p := raw.Custom.Find(customDelimiter); p != nil {
		if s, ok := b.text(p); ok {
			if utf8.RuneCountInString(s) == 1 {
				t.CSV.Delimiter = s
			} else {
				b.problem(problem.Key(p.Path, "value"), fmt.Sprintf("the delimiter %q", s), "one character", `write it in double quotes; a tab is "\t"`)
			}
		}
	}
	if p := raw.Custom.Find(customHeader); p != nil {
		header, ok := truth(p.Value)
		if !ok {
			b.problem(problem.Key(p.Path, "value"), fmt.Sprintf("%v as the value of header", p.Value), "true or false", "say whether files start with a line of names")
		}
		t.CSV.Header = header
	}
}

// keys fills the positions of the partition and primary keys.
func (b *builder) keys(t *Table, columns []rawColumn) {
	partition, primary := make([]keyPart, len(columns)), make([]keyPart, len(columns))
	for i, c := range columns {
		partition[i] = keyPart{i, c.raw.Partitioned, c.raw.PartitionKeyPosition, "partitioned", problem.Key(c.path, "partitionKeyPosition")}
		primary[i] = keyPart{i, c.raw.PrimaryKey, c.raw.PrimaryKeyPosition, "primaryKey", problem.Key(c.path, "primaryKeyPosition")}
	}
	for i, position := range b.positions(partition) {
		t.Columns[i].Partition = position
	}
	for i, position := range b.positions(primary) {
		t.Columns[i].PrimaryKey = position
	}
}

// keyPart is what a column says about its part in a key.
type keyPart struct {
	column       int
	in           bool
	position     *int
	flag         string // the key that says that it is part
	positionPath string
}

// positions numbers the columns of a key from 1: those with a position first,
// in its order, then the others in the order of the file.
func (b *builder) positions(parts []keyPart) map[int]int {
	const unset = -1 // the standard's default
	var in []keyPart
	taken := map[int]bool{}
	for _, p := range parts {
		given := p.position != nil && *p.position != unset
		switch {
		case given && *p.position < 1:
			b.problem(p.positionPath, strconv.Itoa(*p.position), "a position from 1", "number the columns of the key from 1")
		case given && !p.in:
			b.warn(p.positionPath, fmt.Sprintf("position %d without %s: true", *p.position, p.flag), p.flag+": true", "add it, or remove the position")
		case given && taken[*p.position]:
			b.problem(p.positionPath, fmt.Sprintf("position %d a second time", *p.position), "a position of its own for each column", "number the columns of the key from 1")
		}
		if !p.in {
			continue
		}
		if given {
			taken[*p.position] = true
		}
		in = append(in, p)
	}
	slices.SortStableFunc(in, func(x, y keyPart) int { return cmp.Compare(x.order(), y.order()) })
	out := map[int]int{}
	for i, p := range in {
		out[p.column] = i + 1
	}
	return out
}

func (p keyPart) order() int {
	const last = int(^uint(0) >> 1)
	if p.position == nil || *p.position < 1 {
		return last
	}
	return *p.position
}
