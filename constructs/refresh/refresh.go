package refresh

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Options say where the tables are.
type Options struct {
	// Database is the one of the table itself, in the Glue catalog.
	Database string
	// Databases are those of what the query names in braces: by the name of the
	// product, and by contract.FhirStoreReference for the FHIR store, whose database is
	// the resource link to its tables.
	Databases map[string]string
}

// MaxStatement is the longest statement that is written, in bytes of a JSON text:
// Athena takes 262,144 bytes, and a workflow a little less.
const MaxStatement = merge.MaxStatement

var databaseName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)

// Merge returns the statement that brings the table up to date, an empty one too. It
// runs twice without harm. Two rows of the query with one primary key fail it, once
// the table has that key, and nothing is changed then.
//
// The error is a problem.List with everything that is wrong at once: a table without a
// query or a primary key, a database that is missing or no name, a statement that is
// too long. Paths are those of the table and of the options. What the query itself
// says is for Athena to check: the SQL is not parsed.
// Source: Athena, "MERGE INTO"; Trino, "JSON functions: cast from JSON". No statement
// of this package has run on Athena itself yet.
func Merge(t *contract.Table, o Options) (string, error) {
	if err := problems(t, o).Err(); err != nil {
		return "", err
	}
	statement := merge.Statement{Database: o.Database, Table: t.Name, With: with(t, o)}
	for _, c := range t.Columns {
		statement.Columns = append(statement.Columns, merge.Column{Name: c.Name, Type: c.Type})
	}
	for _, c := range t.PrimaryKeyColumns() {
		statement.Keys = append(statement.Keys, c.Name)
	}
	sql := statement.SQL()
	if n := merge.Length(sql); n > MaxStatement {
		var tooLong problem.List
		tooLong.Addf(at(t), fmt.Sprintf("a statement of %d bytes", n), fmt.Sprintf("at most %d, which is what Athena and a workflow take", MaxStatement), "split the table, or shorten the query")
		return "", tooLong
	}
	return sql, nil
}

func at(t *contract.Table) string { return cmp.Or(t.Path, "table") }

func problems(t *contract.Table, o Options) problem.List {
	var list problem.List
	if t.Query == "" {
		list.Addf(at(t)+".Query", "nothing", "a SELECT or WITH statement", "say what makes the table")
	}
	if len(t.PrimaryKeyColumns()) == 0 {
		list.Addf(at(t), "no primary key", "primaryKey: true on the columns that tell rows apart", "mark them")
	}
	const expected = "the name of a database: lower case letters, digits and _"
	if !databaseName.MatchString(o.Database) {
		list.Addf("Database", fmt.Sprintf("%q", o.Database), expected, "write such a name")
	}
	var seen []string
	for _, r := range t.References() {
		if name := o.Databases[r.Product]; !databaseName.MatchString(name) && !slices.Contains(seen, r.Product) {
			list.Addf(fmt.Sprintf("Databases[%q]", r.Product), fmt.Sprintf("%q", name), expected+", as the query reads "+r.String(), "say where it is, or correct the query")
		}
		seen = append(seen, r.Product)
	}
	return list
}

// with is the rows that the table shall have, each column cast to its type. The
// query stands in lines of its own and is not moved to the right: a text in it may
// have several lines.
func with(t *contract.Table, o Options) string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = cast(`"q".`+merge.Quote(c.Name), c.Type) + " AS " + merge.Quote(c.Name)
	}
	keys := t.PrimaryKeyColumns()
	present := make([]string, len(keys))
	for i, c := range keys {
		present[i] = `"r".` + merge.Quote(c.Name) + " IS NOT NULL"
	}
	query := t.ExpandQuery(func(r contract.Reference) string {
		return merge.Quote(o.Databases[r.Product]) + "." + merge.Quote(r.Table)
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
