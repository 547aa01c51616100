package contract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

func checkProjections(f *findings, t *Table) {
	if !t.Projected() {
		return
	}
	for i, c := range t.Columns {
		switch {
		case c.Projection == nil && c.Partition > 0 && t.format() != FormatIceberg:
			f.column(i, "a partition column without a projection, beside one with", "a projection of every partition column or of none",
				"add it: the type injected takes any value that a query names", customProjection)
		case c.Projection == nil:
		case t.format() == FormatIceberg:
			f.column(i, "the projection of an Iceberg table", "none", "remove it: Iceberg knows its own partitions", customProjection)
		case c.Partition == 0:
			f.column(i, "the projection of a column that is no partition key", "partitioned: true", "add it, or remove the projection", customProjection)
		default:
			checkProjection(f, i, c)
		}
	}
}

func checkProjection(f *findings, i int, c Column) {
	p := c.Projection
	if p.Type == "" {
		f.column(i, "nothing", problem.OneOf(projectionTypes()), "say how the values are found", customProjection, keyType)
		return
	}
	if !f.word(i, string(p.Type), projectionTypes(), customProjection, keyType) {
		return
	}
	if typ, err := gluetype.Parse(c.Type); err == nil && !slices.Contains(projects(p.Type), typ.Name) {
		f.column(i, fmt.Sprintf("the projection %s of a column of type %s", p.Type, brief(c.Type)), "a column of type "+strings.Join(projects(p.Type), ", "),
			"change the type of the column or of the projection", customProjection, keyType)
	}
	foreign(f, i, p)
	switch p.Type {
	case ProjectEnum:
		checkEnum(f, i, p)
	case ProjectInteger:
		checkIntegerRange(f, i, p)
	case ProjectDate:
		checkDateRange(f, i, p)
	case ProjectInjected:
	}
	f.columnIf(p.Interval < 0, i, strconv.Itoa(p.Interval), "a whole number from 1", "write one, or leave it out", customProjection, keyInterval)
	f.columnIf(p.Digits < 0, i, strconv.Itoa(p.Digits), "a whole number from 1", "write one, or leave it out", customProjection, keyDigits)
}

// foreign reports keys that the type of projection does not have.
func foreign(f *findings, i int, p *Projection) {
	has := map[ProjectionType][]string{
		ProjectEnum:    {keyValues},
		ProjectInteger: {keyRange, keyInterval, keyDigits},
		ProjectDate:    {keyRange, keyFormat, keyInterval, keyUnit},
	}[p.Type]
	for _, key := range []struct {
		name string
		set  bool
	}{
		{keyValues, len(p.Values) > 0}, {keyRange, p.Range != ""}, {keyFormat, p.Format != ""}, {keyInterval, p.Interval != 0},
		{keyUnit, p.IntervalUnit != ""}, {keyDigits, p.Digits != 0},
	} {
		if key.set && !slices.Contains(has, key.name) {
			expected := "no other keys"
			if len(has) > 0 {
				expected = problem.OneOf(has)
			}
			f.column(i, fmt.Sprintf("%s with the type %s", key.name, p.Type), expected, "remove it, or correct the type", customProjection, key.name)
		}
	}
}

func checkEnum(f *findings, i int, p *Projection) {
	if len(p.Values) == 0 {
		f.column(i, "nothing", "at least one value", "list the values", customProjection, keyValues)
	}
	seen := map[string]bool{}
	for j, v := range p.Values {
		at := strconv.Itoa(j)
		switch {
		case v == "" || strings.Contains(v, ","):
			f.column(i, strconv.Quote(v), "a value without commas", "correct it: Athena separates the values with commas", customProjection, keyValues, at)
		case seen[v]:
			f.column(i, strconv.Quote(v)+" a second time", "each value once", "keep one of them", customProjection, keyValues, at)
		}
		seen[v] = true
	}
}

func checkIntegerRange(f *findings, i int, p *Projection) {
	if p.Range == "" {
		f.column(i, "nothing", "a range such as 0,99", "write the least and the greatest value", customProjection, keyRange)
		return
	}
	least, most, two := strings.Cut(p.Range, ",")
	from, err1 := strconv.ParseInt(strings.TrimSpace(least), 10, 64)
	to, err2 := strconv.ParseInt(strings.TrimSpace(most), 10, 64)
	switch {
	case !two || err1 != nil || err2 != nil:
		f.column(i, strconv.Quote(p.Range), "two whole numbers of at most 64 bits and a comma between them", "write for example 0,99", customProjection, keyRange)
	case from > to:
		f.column(i, strconv.Quote(p.Range), "the least value first", "swap them", customProjection, keyRange)
	case p.Digits == 0 && (padded(least) || padded(most)):
		f.column(i, strconv.Quote(p.Range)+", with zeros in front", "digits, which says how many digits the values have", fmt.Sprintf("add digits: %d", len(strings.TrimSpace(most))), customProjection, keyRange)
	}
}

// padded reports a number that is written with zeros in front.
func padded(number string) bool {
	number = strings.TrimSpace(number)
	return len(number) > 1 && number[0] == '0'
}

func checkDateRange(f *findings, i int, p *Projection) {
	var pattern *datePattern
	if p.Format == "" {
		f.column(i, "nothing", "a format such as yyyy-MM-dd", "write how the dates are written", customProjection, keyFormat)
	} else {
		var err error
		if pattern, err = parseDateFormat(p.Format); err != nil {
			f.column(i, fmt.Sprintf("%q: %s", p.Format, err), "a pattern such as yyyy-MM-dd or yyyy/MM/dd/HH", "correct it", customProjection, keyFormat)
		}
	}
	checkInterval(f, i, p, pattern)
	if p.Range == "" {
		f.column(i, "nothing", "a range such as 2020-01-01,NOW", "write the first and the last date", customProjection, keyRange)
		return
	}
	first, last, two := strings.Cut(p.Range, ",")
	if !two || strings.Contains(last, ",") {
		f.column(i, strconv.Quote(p.Range), "two dates and a comma between them", "write for example 2020-01-01,NOW", customProjection, keyRange)
		return
	}
	if pattern == nil {
		return
	}
	from, fromDate := f.bound(i, p, pattern, first)
	to, toDate := f.bound(i, p, pattern, last)
	if fromDate && toDate && from.After(to) {
		f.column(i, strconv.Quote(p.Range), "the first date first", "swap them", customProjection, keyRange)
	}
}

// bound checks one end of a range; it is a date, or relative to NOW.
func (f *findings) bound(i int, p *Projection, pattern *datePattern, text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if nowPattern.MatchString(text) {
		return time.Time{}, false
	}
	at, ok := pattern.parse(text)
	if !ok {
		f.column(i, fmt.Sprintf("%q in the range", text), "a date written "+p.Format+", or NOW, NOW-3YEARS, NOW+1DAY", "correct it", customProjection, keyRange)
	}
	return at, ok
}

// checkInterval asks for an interval where the format is not written to the day
// or the month.
func checkInterval(f *findings, i int, p *Projection, pattern *datePattern) {
	f.word(i, p.IntervalUnit, intervalUnits(), customProjection, keyUnit)
	if p.IntervalUnit != "" && p.Interval == 0 {
		f.column(i, "nothing, with a unit", "a whole number from 1", "write how many "+p.IntervalUnit+" are between two values", customProjection, keyInterval)
		return
	}
	if pattern == nil || pattern.finest == 'd' || pattern.finest == 'M' {
		return
	}
	f.columnIf(p.Interval == 0, i, "nothing, with a format that is not written to the day or the month", "a whole number from 1", "say how far two values are apart", customProjection, keyInterval)
	f.columnIf(p.IntervalUnit == "", i, "nothing, with a format that is not written to the day or the month", problem.OneOf(intervalUnits()), "say what the interval counts", customProjection, keyUnit)
}
