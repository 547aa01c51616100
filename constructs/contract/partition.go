package contract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// What one statement of Athena can write.
const (
	// maxOpenPartitions is how many partitions of an Iceberg table one statement
	// writes: "Exceeded limit of 100 open writers for partitions".
	maxOpenPartitions = 100
	// maxMergeColumns is how many columns a MERGE takes. Engine version 3 was seen to
	// fail from 295 and 321 columns on (trinodb/trino 15848, apache/iceberg 10294).
	maxMergeColumns = 250
)

// checkJobLimits checks what one MERGE can write. The first run writes every
// partition that there is, so a partition for each day fails it, however few come
// later.
func checkJobLimits(f *findings, t *Table) {
	if !t.isMaterialized() || t.format() != FormatIceberg {
		return
	}
	if n := len(t.Columns); n > maxMergeColumns {
		f.table(fmt.Sprintf("%d columns in a table that a job merges into", n), fmt.Sprintf("at most %d, as Athena fails above", maxMergeColumns),
			"split the table in two with the same primary key", fieldProperties)
	}
	product := 1
	var named []int
	for i, c := range t.Columns {
		if c.Partition == 0 {
			continue
		}
		most, fine := partitionsOf(c)
		if fine {
			f.column(i, fmt.Sprintf("a partition for each %s in a table that a job makes", partWord(c)), fmt.Sprintf("at most %d partitions in one statement, as Athena fails above", maxOpenPartitions),
				"set partitionTransform to year, or to bucket[16], or leave the partition out: the first run writes every one", partitionStep(c))
			continue
		}
		if most > 1 {
			product *= most
			named = append(named, i)
		}
	}
	if product > maxOpenPartitions {
		last := named[len(named)-1]
		f.column(last, fmt.Sprintf("%d partitions in a table that a job makes", product), fmt.Sprintf("at most %d in one statement, as Athena fails above", maxOpenPartitions),
			"choose fewer buckets, or leave one of the partitions out", partitionStep(t.Columns[last]))
	}
}

// partitionsOf returns how many partitions a column makes, where that is known
// beforehand, else 1; fine is that every day or every row has one of its own.
func partitionsOf(c Column) (most int, fine bool) {
	name, number, ok := c.Transform.Parts()
	if !ok {
		return 1, false
	}
	typ, err := gluetype.Parse(c.Type)
	switch {
	case name == string(TransformDay), name == string(TransformHour):
		return 1, true
	case name == "bucket":
		return number, false
	case name != string(TransformIdentity) || err != nil:
		return 1, false
	case slices.Contains([]string{"date", "timestamp", "float", "double", "decimal", "binary"}, typ.Name), c.Unique:
		return 1, true
	}
	return max(1, len(c.Enum)), false
}

func partWord(c Column) string {
	if name, _, _ := c.Transform.Parts(); name != string(TransformIdentity) {
		return name
	}
	return "value of a " + c.Type
}

// partitionStep is the key that a finding about a partition belongs to.
func partitionStep(c Column) string {
	if c.Transform != "" {
		return customTransform
	}
	return fieldPartitioned
}

// finePartition warns of an Iceberg table with a partition for each value of a
// column that has a new one in nearly every row. Of a table that a job makes it is
// an error.
func (b *builder) finePartition(t *Table, c *Column, typ gluetype.Type) {
	name, _, _ := c.Transform.Parts()
	if t.format() != FormatIceberg || c.Partition == 0 || name != string(TransformIdentity) || t.isMaterialized() {
		return
	}
	at := problem.Key(c.Path, fieldPartitioned)
	switch {
	case typ.Name == "timestamp":
		b.warn(at, "a partition for each microsecond", "partitionTransform: day, or year, month or hour", "set the custom property partitionTransform of the column")
	case typ.Name == "float" || typ.Name == "double":
		b.warn(at, "a partition for each value of a "+typ.Name, "a column with few values", "partition by another column")
	case c.Unique:
		b.warn(at, "a partition for each row, as the column is unique", "a column with few values", "set the custom property partitionTransform of the column to bucket[16], or partition by another column")
	}
}

// checkTransform checks a transform of a column; steps is where it stands.
func (f *findings) checkTransform(column int, t Transform, of Column, steps ...string) {
	if _, _, ok := t.Parts(); !ok {
		f.column(column, strconv.Quote(string(t)), problem.OneOf(transformNames()), suggest(string(t), transformNames()), steps...)
		return
	}
	typ, err := gluetype.Parse(of.Type)
	takes := t.takes()
	if err != nil || takes == nil || slices.Contains(takes, typ.Iceberg().Name) {
		return
	}
	f.column(column, fmt.Sprintf("%s of the column %s, which is %s", t, of.Name, brief(of.Type)), "a column of type "+strings.Join(takes, ", "),
		"choose another transform", steps...)
}

func checkTransforms(f *findings, t *Table) {
	names := map[string]bool{}
	for _, c := range t.Columns {
		names[c.Name] = true
	}
	for i, c := range t.Columns {
		if c.Transform == "" {
			continue
		}
		if t.format() != FormatIceberg {
			f.column(i, fmt.Sprintf("a partition transform with the format %s", t.format()), "an Iceberg table", "remove it, or set the format iceberg", customTransform)
			continue
		}
		if c.Partition == 0 {
			f.column(i, "a partition transform of a column that is no partition key", "partitioned: true", "add it, or remove the transform", customTransform)
		}
		f.checkTransform(i, c.Transform, c, customTransform)
		if name := c.Transform.FieldName(c.Name); name != c.Name && names[name] {
			f.column(i, fmt.Sprintf("the transform %s, whose partition field %s is also a column", c.Transform, name), "a partition field with a name of its own",
				"rename the column "+name, customTransform)
		}
	}
}

func columnNames(t *Table) []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}
