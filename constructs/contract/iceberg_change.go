package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

// Change is one difference between two versions of an Iceberg table.
type Change struct {
	Path    string // what differs: columns.value, partition.taken, sortOrder
	Summary string // in words
	// Engine runs DDL: Athena or Spark, Athena where both can; "" when there is
	// nothing that could be run.
	Engine string
	// DDL is the statement that makes the change.
	DDL string
	// Impossible says why no statement makes the change; "" when DDL does.
	Impossible string

	// From and To are the top-level column before and after a statement of Athena, and
	// Type is its type after it: a new column has no From, one that goes has no To, and
	// one that only becomes wider has both alike. They tell whether the statement has
	// run already.
	From, To, Type string
}

// String is the change on one line.
func (c Change) String() string {
	if c.Impossible != "" {
		return fmt.Sprintf("%s: %s: impossible: %s", c.Path, c.Summary, c.Impossible)
	}
	return fmt.Sprintf("%s: %s: run in %s: %s", c.Path, c.Summary, c.Engine, c.DDL)
}

// The engines of changes.
const (
	engineAthena = "Athena"
	engineSpark  = "Spark"
)

// IcebergChanges returns what has to be done to an Iceberg table that was
// created as before, so that it becomes after: the statements of Athena or Spark
// in the order to run them, and the changes that no statement makes. Neither
// tables nor descriptions are looked at elsewhere: it is a pure function of the
// two. Statements name the table without its database.
//
// A column that went and one of the same type that came at its position count as
// renamed; where they are two different columns, drop one and add the other.
// Where a column stands among the others does not matter, because Iceberg knows
// columns by their ids.
//
// Sources: "Evolve Iceberg table schema" in the Athena user guide, "ALTER TABLE"
// of Apache Iceberg's Spark DDL, "Schema Evolution" in the Iceberg specification.
func IcebergChanges(before, after Table) []Change {
	c := changes{before: before, after: after}
	c.whole()
	c.partitions()
	c.columns()
	c.newPartitions()
	c.sortOrder()
	c.properties()
	return c.list
}

// ByAthena reports whether Athena makes the change, so that a workflow can.
func (c Change) ByAthena() bool { return c.Impossible == "" && c.Engine == engineAthena }

// IcebergHistory returns the changes from each version of a table to the next.
func IcebergHistory(versions ...Table) []Change {
	var out []Change
	for i := 1; i < len(versions); i++ {
		out = append(out, IcebergChanges(versions[i-1], versions[i])...)
	}
	return out
}

type changes struct {
	before, after Table
	list          []Change
}

// column is a change of a top-level column, which Athena makes.
func (c *changes) column(name, summary, ddl, from, to, kind string) {
	c.run(engineAthena, "columns."+name, summary, ddl)
	last := &c.list[len(c.list)-1]
	last.From, last.To, last.Type = from, to, kind
}

func (c *changes) run(engine, path, summary, ddl string) {
	c.list = append(c.list, Change{Path: path, Summary: summary, Engine: engine, DDL: "ALTER TABLE " + quoteName(c.before.Name) + " " + ddl})
}

func (c *changes) impossible(path, summary, reason string) {
	c.list = append(c.list, Change{Path: path, Summary: summary, Impossible: reason})
}

func (c *changes) whole() {
	if c.before.Name != c.after.Name {
		c.impossible("name", fmt.Sprintf("%s becomes %s", c.before.Name, c.after.Name), "the Glue catalog does not rename tables; make a new table and copy")
	}
	if c.before.format() != c.after.format() {
		c.impossible("format", fmt.Sprintf("%s becomes %s", c.before.format(), c.after.format()), "make a new table and copy")
	}
	if c.before.Location != c.after.Location {
		c.impossible("location", fmt.Sprintf("%q becomes %q", c.before.Location, c.after.Location), "the files stay where they are; make a new table and copy")
	}
}

// partitions compares the partition fields. They come before the columns,
// because a column that the table is partitioned by cannot be dropped. The field
// of a renamed column follows it.
func (c *changes) partitions() {
	for _, old := range c.before.PartitionColumns() {
		name := old.Name
		if to := c.renamed(name); to != "" {
			name = to
		}
		path, field := "partition."+old.Name, old.Transform.SQL(old.Name)
		now := c.after.Column(name)
		switch {
		case now == nil || now.Partition == 0:
			c.run(engineSpark, path, "no longer a partition field", "DROP PARTITION FIELD "+field)
		case now.Transform.SQL("") != old.Transform.SQL(""):
			c.run(engineSpark, path, "another transform", "REPLACE PARTITION FIELD "+field+" WITH "+now.Transform.SQL(old.Name))
		}
	}
}

// newPartitions come after the columns: a new column is there before the table
// is partitioned by it.
func (c *changes) newPartitions() {
	for _, col := range c.after.PartitionColumns() {
		name := col.Name
		if was := c.renamedFrom(name); was != "" {
			name = was
		}
		if old := c.before.Column(name); old == nil || old.Partition == 0 {
			c.run(engineSpark, "partition."+col.Name, "a new partition field", "ADD PARTITION FIELD "+col.Transform.SQL(col.Name))
		}
	}
}

// renamed returns what a column is called now, "" when it is gone or stays.
func (c *changes) renamed(name string) string {
	i := slices.IndexFunc(c.before.Columns, func(col Column) bool { return col.Name == name })
	if i < 0 || i >= len(c.after.Columns) || c.after.Column(name) != nil {
		return ""
	}
	old, now := c.before.Columns[i], c.after.Columns[i]
	if now.Type != old.Type || c.before.Column(now.Name) != nil {
		return ""
	}
	return now.Name
}

func (c *changes) renamedFrom(name string) string {
	for _, col := range c.before.Columns {
		if now := c.renamed(col.Name); now != "" && now == name {
			return col.Name
		}
	}
	return ""
}

func (c *changes) columns() {
	for _, old := range c.before.Columns {
		path := "columns." + old.Name
		now := c.after.Column(old.Name)
		if to := c.renamed(old.Name); to != "" {
			c.column(old.Name, "renamed to "+to, fmt.Sprintf("CHANGE COLUMN %s %s %s", quoteName(old.Name), quoteName(to), old.Type), old.Name, to, old.Type)
			now = c.after.Column(to)
		}
		if now == nil {
			c.column(old.Name, "gone", "DROP COLUMN "+quoteName(old.Name), old.Name, "", "")
			continue
		}
		if old.Required != now.Required {
			c.required(path, now)
		}
		before, err1 := gluetype.Parse(old.Type)
		after, err2 := gluetype.Parse(now.Type)
		if err1 == nil && err2 == nil {
			c.types(path, []string{now.Name}, before, after)
		}
	}
	for _, now := range c.after.Columns {
		if c.before.Column(now.Name) != nil || c.renamedFrom(now.Name) != "" {
			continue
		}
		if now.Required {
			c.impossible("columns."+now.Name, "a new required column", "the rows that are there have no value; add it as optional")
			continue
		}
		c.column(now.Name, "new", fmt.Sprintf("ADD COLUMNS (%s %s)", quoteName(now.Name), now.Type), "", now.Name, now.Type)
	}
}

func (c *changes) required(path string, now *Column) {
	if now.Required {
		c.impossible(path, "required from now on", "rows that are there may have no value; keep it optional and check it with a quality rule")
		return
	}
	c.run(engineSpark, path, "no longer required", "ALTER COLUMN "+quoteName(now.Name)+" DROP NOT NULL")
}

// types compares two types at a path of fields.
func (c *changes) types(path string, steps []string, before, after gluetype.Type) {
	if before.String() == after.String() {
		return
	}
	if before.Name == after.Name && !before.Primitive() {
		c.nested(path, steps, before, after)
		return
	}
	summary := fmt.Sprintf("%s becomes %s", before, after)
	switch {
	case !before.WidensTo(after):
		c.impossible(path, summary, "Iceberg widens int to bigint, float to double and the precision of a decimal; add a column of the new type")
	case len(steps) == 1:
		c.column(steps[0], summary, fmt.Sprintf("CHANGE COLUMN %[1]s %[1]s %[2]s", quoteName(steps[0]), after), steps[0], steps[0], after.String())
	default:
		c.run(engineSpark, path, summary, fmt.Sprintf("ALTER COLUMN %s TYPE %s", quotePath(steps), after))
	}
}

func (c *changes) nested(path string, steps []string, before, after gluetype.Type) {
	if before.Name != "struct" {
		parts := map[string][]string{"array": {"element"}, "map": {"key", "value"}}[before.Name]
		for i, part := range parts {
			c.types(path+"."+part, append(slices.Clone(steps), part), before.Fields[i].Type, after.Fields[i].Type)
		}
		return
	}
	for _, f := range before.Fields {
		at, in := path+"."+f.Name, append(slices.Clone(steps), f.Name)
		if i := after.IndexOf(f.Name); i >= 0 {
			c.types(at, in, f.Type, after.Fields[i].Type)
		} else {
			c.run(engineSpark, at, "gone", "DROP COLUMN "+quotePath(in))
		}
	}
	for _, f := range after.Fields {
		if before.IndexOf(f.Name) < 0 {
			c.run(engineSpark, path+"."+f.Name, "new", fmt.Sprintf("ADD COLUMN %s %s", quotePath(append(slices.Clone(steps), f.Name)), f.Type))
		}
	}
}

func (c *changes) sortOrder() {
	before, after := sortSQL(c.before.SortOrder), sortSQL(c.after.SortOrder)
	switch {
	case before == after:
	case after == "":
		c.run(engineSpark, "sortOrder", "no longer sorted", "WRITE UNORDERED")
	default:
		c.run(engineSpark, "sortOrder", "another order", "WRITE ORDERED BY "+after)
	}
}

func sortSQL(fields []SortField) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		direction, nulls := f.Order()
		parts[i] = fmt.Sprintf("%s %s %s", f.Transform.SQL(f.Column), strings.ToUpper(direction), strings.ToUpper(strings.ReplaceAll(nulls, "-", " ")))
	}
	return strings.Join(parts, ", ")
}

func (c *changes) properties() {
	for _, name := range slices.Sorted(maps.Keys(c.before.Properties)) {
		if _, stays := c.after.Properties[name]; !stays {
			c.run(engineSpark, "tableProperties."+name, "gone", fmt.Sprintf("UNSET TBLPROPERTIES ('%s')", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.after.Properties)) {
		value := c.after.Properties[name]
		if old, was := c.before.Properties[name]; !was || old != value {
			c.run(engineSpark, "tableProperties."+name, "becomes "+value, fmt.Sprintf("SET TBLPROPERTIES ('%s'='%s')", name, value))
		}
	}
}

func quotePath(steps []string) string {
	quoted := make([]string, len(steps))
	for i, s := range steps {
		quoted[i] = quoteName(s)
	}
	return strings.Join(quoted, ".")
}
