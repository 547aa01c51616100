package contract

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

// Transform makes the value that an Iceberg table is partitioned or sorted by
// from a column's value, spelled as in the Iceberg specification: identity,
// year, month, day, hour, bucket[16], truncate[10]. The zero value is identity.
type Transform string

// The transforms without a number.
const (
	TransformIdentity Transform = "identity"
	TransformYear     Transform = "year"
	TransformMonth    Transform = "month"
	TransformDay      Transform = "day"
	TransformHour     Transform = "hour"
)

var transformPattern = regexp.MustCompile(`^(bucket|truncate)\[([0-9]{1,10})\]$`)

func transformNames() []string {
	return []string{"identity", "year", "month", "day", "hour", "bucket[n]", "truncate[w]"}
}

// Parts returns the transform's name and its number, which is 0 for those
// without one, and whether it is a transform. Numbers are from 1 to 2147483647.
func (t Transform) Parts() (name string, number int, ok bool) {
	switch t {
	case "":
		return string(TransformIdentity), 0, true
	case TransformIdentity, TransformYear, TransformMonth, TransformDay, TransformHour:
		return string(t), 0, true
	}
	m := transformPattern.FindStringSubmatch(string(t))
	if m == nil {
		return "", 0, false
	}
	number, err := strconv.Atoi(m[2])
	return m[1], number, err == nil && number > 0 && number <= math.MaxInt32
}

// FieldName is the name of the partition field that the transform makes of a
// column, as Iceberg's own builder names it: the column's for identity,
// taken_day, id_bucket, code_trunc.
func (t Transform) FieldName(column string) string {
	name, _, _ := t.Parts()
	switch name {
	case "identity":
		return column
	case "truncate":
		return column + "_trunc"
	default:
		return column + "_" + name
	}
}

// SQL is the transform as Spark's DDL writes it: days(taken), bucket(16, id).
func (t Transform) SQL(column string) string {
	quoted := quoteName(column)
	switch name, number, _ := t.Parts(); name {
	case "identity":
		return quoted
	case "bucket", "truncate":
		return fmt.Sprintf("%s(%d, %s)", name, number, quoted)
	default:
		return name + "s(" + quoted + ")"
	}
}

// takes lists the types of the catalog that each transform takes, beside
// identity, which takes every type of single values.
func (t Transform) takes() []string {
	switch name, _, _ := t.Parts(); name {
	case "year", "month", "day":
		return []string{"date", "timestamp"}
	case "hour":
		return []string{"timestamp"}
	case "bucket":
		return []string{"int", "bigint", "decimal", "date", "timestamp", "string", "binary"}
	case "truncate":
		return []string{"int", "bigint", "decimal", "string", "binary"}
	default:
		return nil
	}
}

// checkTransform checks a transform of a column; steps is where it stands.
func (f *findings) checkTransform(column int, t Transform, of Column, steps ...string) {
	if _, _, ok := t.Parts(); !ok {
		f.column(column, strconv.Quote(string(t)), oneOf(transformNames()), suggest(string(t), transformNames()), steps...)
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

func checkSortOrder(f *findings, t *Table) {
	if len(t.SortOrder) == 0 {
		return
	}
	if t.format() != FormatIceberg {
		f.table(fmt.Sprintf("a sort order with the format %s", t.format()), "an Iceberg table", "remove it, or set the format iceberg", customSortOrder)
		return
	}
	seen := map[string]bool{}
	for i, s := range t.SortOrder {
		at := strconv.Itoa(i)
		f.word(-1, s.Direction, []string{"asc", "desc"}, customSortOrder, at, "direction")
		f.word(-1, s.NullOrder, []string{"nulls-first", "nulls-last"}, customSortOrder, at, "nullOrder")
		c := t.Column(s.Column)
		if c == nil {
			f.table(fmt.Sprintf("the column %q", s.Column), "a column of the table", suggest(s.Column, columnNames(t)), customSortOrder, at, "column")
			continue
		}
		if typ, err := gluetype.Parse(c.Type); err == nil && !typ.Primitive() {
			f.table(fmt.Sprintf("the column %s, which is %s", c.Name, brief(c.Type)), "a column of single values", "sort by another column", customSortOrder, at, "column")
			continue
		}
		if seen[s.Column] {
			f.table(fmt.Sprintf("the column %s a second time", c.Name), "each column once", "keep one of them", customSortOrder, at, "column")
		}
		seen[s.Column] = true
		f.checkTransform(-1, s.Transform, *c, customSortOrder, at, "transform")
	}
}

func columnNames(t *Table) []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

func quoteName(name string) string { return "`" + name + "`" }
