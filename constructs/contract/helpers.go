package contract

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Table returns the table with the catalog name, or nil.
func (c *Contract) Table(name string) *Table {
	for i := range c.Tables {
		if c.Tables[i].Name == name {
			return &c.Tables[i]
		}
	}
	return nil
}

// Column returns the column with the catalog name, or nil.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// DataColumns returns the columns that are not part of the partition key, in
// the contract's order.
func (t *Table) DataColumns() []Column {
	return slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return c.Partition > 0 })
}

// PartitionColumns returns the columns of the partition key, in its order.
func (t *Table) PartitionColumns() []Column {
	return t.keyed(func(c Column) int { return c.Partition })
}

// PrimaryKeyColumns returns the columns of the primary key, in its order.
func (t *Table) PrimaryKeyColumns() []Column {
	return t.keyed(func(c Column) int { return c.PrimaryKey })
}

func (t *Table) keyed(position func(Column) int) []Column {
	out := slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return position(c) < 1 })
	slices.SortStableFunc(out, func(a, b Column) int { return cmp.Compare(position(a), position(b)) })
	return out
}

// IsZero reports whether the period is not promised.
func (p Period) IsZero() bool { return p == Period{} }

// Duration returns the period with months of 31 and years of 365 days.
func (p Period) Duration() time.Duration { return time.Duration(p.minutes() * float64(time.Minute)) }

// Days returns the period in days, rounded up: a year has 365 days and a month
// 31, so that what is kept for the period is never kept for less.
func (p Period) Days() int {
	perUnit := map[string]float64{
		unitYear: 365, unitMonth: 31, unitWeek: 7, unitDay: 1, unitHour: 1. / 24, unitMinute: 1. / (24 * 60),
	}
	return int(math.Ceil(p.Value * perUnit[p.Unit]))
}
