package contract

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Materialization writes the SQL that makes the rows of a table by its
// TransformLogic: one MERGE INTO for Athena (engine version 3), which works on
// Iceberg tables.
//
// The query says what rows the table shall have, all of them. Its columns are taken
// by the names of the contract's: their order does not matter, every column of the
// contract must be there, others are left out. Each value is cast to the contract's
// type; one that does not fit becomes null, because the error of a failed cast would
// stand in the query history with the value in it. Fields inside structs are taken by
// name as well: what the query has too much is left out, what it lacks is null. That
// is how nested columns of a FHIR store, which has more fields than a contract names,
// can be passed as they are.
//
// Rows without a primary key are left out, and rows that the query no longer gives
// are deleted: in one commit, so readers see the table before or after.
type Materialization struct {
	// Table is the table with the TransformLogic.
	Table *Table
	// Database is the one of the table, in the Glue catalog.
	Database string
	// Databases are those of what the query names in braces: by the name of the
	// product, and by FhirStoreReference for the FHIR store, whose database is the
	// resource link to its tables.
	Databases map[string]string
}

var databaseName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)

// SQL returns the statement that brings the table up to date, an empty one too. It
// runs twice without harm. Two rows of the query with one primary key fail it, once
// the table has that key, and nothing is changed then.
//
// The error is a problem.List with everything that is wrong at once: a table without a
// query or a primary key, a database that is missing or no name, a statement that is
// too long. Paths are those of the table and of the Materialization. What the query
// itself says is for Athena to check: the SQL is not parsed.
// Source: Athena, "MERGE INTO"; Trino, "JSON functions: cast from JSON". No statement
// that it writes has run on Athena itself yet.
func (m Materialization) SQL() (string, error) {
	if err := m.problems().Err(); err != nil {
		return "", err
	}
	statement := merge.Statement{Database: m.Database, Table: m.Table.Name, With: m.with()}
	for _, c := range m.Table.Columns {
		statement.Columns = append(statement.Columns, merge.Column{Name: c.Name, Type: c.Type})
	}
	for _, c := range m.Table.PrimaryKeyColumns() {
		statement.Keys = append(statement.Keys, c.Name)
	}
	sql := statement.SQL()
	if n := merge.Length(sql); n > merge.MaxStatement {
		var tooLong problem.List
		tooLong.Addf(m.path(), fmt.Sprintf("a statement of %d bytes", n), fmt.Sprintf("at most %d, which is what Athena and a workflow take", merge.MaxStatement), "split the table, or shorten the query")
		return "", tooLong
	}
	return sql, nil
}

func (m Materialization) path() string { return cmp.Or(m.Table.Path, "table") }

func (m Materialization) problems() problem.List {
	var list problem.List
	if m.Table.TransformLogic == "" {
		list.Addf(m.path()+".TransformLogic", "nothing", "a SELECT or WITH statement", "say what makes the table")
	}
	if len(m.Table.PrimaryKeyColumns()) == 0 {
		list.Addf(m.path(), "no primary key", "primaryKey: true on the columns that tell rows apart", "mark them")
	}
	const expected = "the name of a database: lower case letters, digits and _"
	if !databaseName.MatchString(m.Database) {
		list.Addf("Database", fmt.Sprintf("%q", m.Database), expected, "write such a name")
	}
	var seen []string
	for _, r := range m.Table.References() {
		if name := m.Databases[r.Product]; !databaseName.MatchString(name) && !slices.Contains(seen, r.Product) {
			list.Addf(fmt.Sprintf("Databases[%q]", r.Product), fmt.Sprintf("%q", name), expected+", as the query reads "+r.String(), "say where it is, or correct the query")
		}
		seen = append(seen, r.Product)
	}
	return list
}

// with is the rows that the table shall have, each column cast to its type. The
// query stands in lines of its own and is not moved to the right: a text in it may
// have several lines.
func (m Materialization) with() string {
	columns := make([]string, len(m.Table.Columns))
	for i, c := range m.Table.Columns {
		columns[i] = cast(`"q".`+merge.Quote(c.Name), c.Type) + " AS " + merge.Quote(c.Name)
	}
	keys := m.Table.PrimaryKeyColumns()
	present := make([]string, len(keys))
	for i, c := range keys {
		present[i] = `"r".` + merge.Quote(c.Name) + " IS NOT NULL"
	}
	query := m.Table.ExpandTransformLogic(func(r Reference) string {
		return merge.Quote(m.Databases[r.Product]) + "." + merge.Quote(r.Table)
	})
	return fmt.Sprintf("  WITH \"new\" AS (\n    SELECT \"r\".*\n    FROM (\n      SELECT\n        %s\n      FROM (\n%s\n      ) AS \"q\"\n    ) AS \"r\"\n    WHERE %s\n  )\n",
		strings.Join(columns, ",\n        "), query, strings.Join(present, " AND "))
}

// cast makes a value one of the contract's type. A struct goes through JSON, which
// takes its fields by name and not by position.
func cast(value, kind string) string {
	t, err := gluetype.Parse(kind)
	if err != nil {
		return value // the contract's own check says so
	}
	if t = t.Iceberg(); has(t, "struct") && !has(t, "date", "timestamp", "binary") {
		value = "CAST(" + value + " AS json)"
	}
	return "TRY_CAST(" + value + " AS " + t.Trino() + ")"
}

// has reports whether a type is or holds one of the names. JSON has neither dates
// nor binary values, so a struct with such a field is taken by position.
func has(t gluetype.Type, names ...string) bool {
	return slices.Contains(names, t.Name) || slices.ContainsFunc(t.Fields, func(f gluetype.Field) bool { return has(f.Type, names...) })
}

// What one statement of Athena can write.
const (
	// maxOpenPartitions is how many partitions of an Iceberg table one statement
	// writes: "Exceeded limit of 100 open writers for partitions".
	maxOpenPartitions = 100
	// maxMergeColumns is how many columns a MERGE takes. Engine version 3 was seen to
	// fail from 295 and 321 columns on (trinodb/trino 15848, apache/iceberg 10294).
	maxMergeColumns = 250
)

// IsMaterialized reports whether a job makes the rows of the table: by its query, or by
// de-identification.
func (t *Table) IsMaterialized() bool { return t.TransformLogic != "" || t.Deidentify != nil }

// checkJobLimits checks what one MERGE can write. The first run writes every
// partition that there is, so a partition for each day fails it, however few come
// later.
func checkJobLimits(f *findings, t *Table) {
	if !t.IsMaterialized() || t.format() != FormatIceberg {
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
