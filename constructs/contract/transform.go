package contract

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
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

func quoteName(name string) string { return "`" + name + "`" }
