package contract

import (
	"fmt"
	"math"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Retention is how long the rows of a table are kept, from the retention in slaProperties
// whose element names the table: table.column for an Iceberg table, whose column tells how
// old a row is, or the table alone for one of other files, which are as old as S3 says.
type Retention struct {
	Period Period // how long they are kept
	Column string `json:",omitempty"` // a date or a time; "" for the age of the files
}

// Kept is the condition that a row is not older than its period, in Athena's SQL. column
// is the quoted column. A row without a date is kept: nobody knows how old it is.
func (r Retention) Kept(column string, isTime bool) string {
	since := r.since()
	if isTime {
		since = "CAST(" + since + " AS timestamp)"
	}
	return "(" + column + " IS NULL OR " + column + " >= " + since + ")"
}

// since is the first day, in UTC, of which rows are kept: of whole years, months, weeks and
// days by the calendar, of others never a later one.
func (r Retention) since() string {
	unit, n := r.Period.Unit, r.Period.Value
	switch unit {
	case unitYear, unitMonth, unitWeek, unitDay:
		if n == math.Trunc(n) {
			return fmt.Sprintf("date_add('%s', -%d, current_date)", unit, int(n))
		}
	}
	return fmt.Sprintf("date_add('day', -%d, current_date)", r.Days())
}

// Days are how many days an object is kept: of a year 366 and of a month 31, so that
// nothing is kept for less than the period.
func (r Retention) Days() int {
	if r.Period.Unit == unitYear {
		return int(math.Ceil(r.Period.Value * 366))
	}
	return r.Period.Days()
}

// DeleteOld is the statement, for Athena, that deletes rows of an Iceberg table which are
// older than its retention; "" for a table without a column that tells.
func (t *Table) DeleteOld(database string) string {
	if t.Retention == nil || t.Retention.Column == "" {
		return ""
	}
	return "DELETE FROM " + merge.Quote(database) + "." + merge.Quote(t.Name) + "\nWHERE NOT " + t.kept(merge.Quote(t.Retention.Column))
}

// kept is the condition that a row of the table is kept.
func (t *Table) kept(column string) string {
	return t.Retention.Kept(column, t.timeColumn(t.Retention.Column) == "timestamp")
}

// timeColumn is the type of a column that tells how old a row is; "" of none.
func (t *Table) timeColumn(name string) string {
	for _, c := range t.Columns {
		if parsed, err := gluetype.Parse(c.Type); c.Name == name && err == nil && (parsed.Name == "date" || parsed.Name == "timestamp") {
			return parsed.Name
		}
	}
	return ""
}

// retention reads how long the rows of which tables are kept. What nothing can be deleted
// by is a warning: what is kept too long is seen by who reads it, and no data is lost.
func (b *builder) retention(c *Contract) {
	for i := range b.raw.SLA {
		raw, at := &b.raw.SLA[i], problem.Index("slaProperties", i)
		if !isRetention(raw) || raw.Element == "" {
			continue
		}
		period, wrong := periodOf(raw)
		if wrong != nil || period.Value <= 0 { // said before
			continue
		}
		for element := range strings.SplitSeq(raw.Element, ",") {
			b.retain(c, strings.ToLower(strings.TrimSpace(element)), problem.Key(at, "element"), period)
		}
	}
}

func (b *builder) retain(c *Contract, element, at string, period Period) {
	name, column, _ := strings.Cut(element, ".")
	t := c.Table(name)
	warn := func(got, expected, fix string) { b.warn(at, got, expected, fix) }
	const nothing = "; until then nothing is deleted"
	switch {
	case t == nil:
		warn(fmt.Sprintf("%q, which is no table of the contract", element), "table.column, or the name of a table of files", "correct it"+nothing)
		return
	case t.View != nil || t.Location != "" || len(t.Locations) > 0:
		warn(fmt.Sprintf("a retention of %s, whose rows are not the lake's own", name), "a table of the lake", "agree on it with who keeps the rows: the lake only reads them")
		return
	case t.Deidentify != nil:
		warn(fmt.Sprintf("a retention of %s, which is made by de-identification", name), "a retention of the table that it is made from", "say it there: a row leaves this table with the one that it is made from")
		return
	case t.Format != FormatIceberg && column != "":
		warn(fmt.Sprintf("%q, a column of files in which no row can be deleted", element), "the name of the table alone", "write element: "+name+", for files that are older than the period, or make it an Iceberg table"+nothing)
		return
	case t.Format == FormatIceberg && t.timeColumn(column) == "":
		warn(fmt.Sprintf("%q", element), "table.column, the column being a date or a timestamp", "name the column that tells how old a row is"+nothing)
		return
	}
	if before := t.Retention; before == nil || before.Period.minutes() < period.minutes() { // the strictest is the longest
		t.Retention = &Retention{Period: period, Column: column}
	}
}

// promisesRetention reports whether a retention names no table: of what is old then, nobody
// says what tells.
func (b *builder) promisesRetention() bool {
	for i := range b.raw.SLA {
		if raw := &b.raw.SLA[i]; isRetention(raw) && raw.Element == "" {
			return true
		}
	}
	return false
}

func isRetention(raw *odcs.SLA) bool {
	switch strings.ToLower(strings.TrimSpace(raw.Property)) {
	case "retention", "re":
		return true
	}
	return false
}
