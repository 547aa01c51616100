package contract

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
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

// ByJob reports whether a job makes the rows of the table: by its query, or by
// de-identification.
func (t *Table) ByJob() bool { return t.Query != "" || t.Deidentify != nil }

// checkJobLimits checks what one MERGE can write. The first run writes every
// partition that there is, so a partition for each day fails it, however few come
// later.
func checkJobLimits(f *findings, t *Table) {
	if !t.ByJob() || t.format() != FormatIceberg {
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
