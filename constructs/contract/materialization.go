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
// Rows without a primary key are left out, and those that are older than the Retention of
// the table; rows that the query no longer gives are deleted: in one commit, so readers see the table before or after.
type Materialization struct {
	// Table is the table with the TransformLogic.
	Table *Table
	// Database is the one of the table, in the Glue catalog.
	Database string
	// Databases are those of what the query names in braces, by Reference.Source: by the
	// name of the product, as domain.product for one of another domain, and by
	// FhirStoreReference for the FHIR store, whose database is the resource link to its
	// tables. Of a product in another account too it is the resource link.
	Databases map[string]string
}

// MaxStatements is how many statements one job runs, all of them in one state machine.
const MaxStatements = 20

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
	return merge.Fit(m.path(), statement.SQL(), "split the table, or shorten the query")
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
		if name := m.Databases[r.Source()]; !databaseName.MatchString(name) && !slices.Contains(seen, r.Source()) {
			list.Addf(fmt.Sprintf("Databases[%q]", r.Source()), fmt.Sprintf("%q", name), expected+", as the query reads "+r.String(), "say where it is, or correct the query")
		}
		seen = append(seen, r.Source())
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
	if r := m.Table.Retention; r != nil && r.Column != "" {
		present = append(present, m.Table.kept(`"r".`+merge.Quote(r.Column)))
	}
	query := m.Table.ExpandTransformLogic(func(r Reference) string {
		return merge.Quote(m.Databases[r.Source()]) + "." + merge.Quote(r.Table)
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
