package personindex

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Options say where the tables are. Names are those of the Glue catalog.
type Options struct {
	// Database is the one of the tables of the index.
	Database string
	// Databases are those of the sources, by Reference.Source: product, or domain.product for
	// one of another domain.
	Databases map[string]string
}

// Statement is one statement of the job, with the table of the index that it writes.
type Statement struct {
	Table        string // name of the table
	SQL          string // in Athena's dialect
	ReadsSources bool   // it reads the sources; others read tables of the index alone
}

const (
	// Rounds are how often groups are joined. Records that hang together by at most so many links
	// from one end to the other are always joined; longer chains mostly are, and fail the job where
	// they are not.
	Rounds = 8

	// MostAlike is how many rows may share the values that a rule compares, so that it links
	// them. What more share identifies nobody: a telephone number of a ward, a default.
	MostAlike = 50

	// MostCompared is the same of a rule that compares by distance too, whose other values only
	// say which rows are compared.
	MostCompared = 5000
)

var databaseName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)

// Statements returns what brings the tables of an index up to date, empty ones too, in the order
// in which it has to run. An index that Contract.Validate refuses gives SQL without meaning.
//
// The error is a problem.List with every database that is missing or no name, and every statement
// that is too long.
// Source: Athena, "MERGE INTO", "INSERT INTO", "DELETE"; Iceberg tables only. No statement of this
// package has run on Athena itself yet.
func Statements(index *contract.PersonIndex, o Options) ([]Statement, error) {
	var list problem.List
	const expected = "the name of a database: lower case letters, digits and _"
	if !databaseName.MatchString(o.Database) {
		list.Addf("Database", fmt.Sprintf("%q", o.Database), expected, "write such a name")
	}
	for i, s := range index.Sources {
		if name := o.Databases[s.From.Source()]; !databaseName.MatchString(name) {
			list.Addf(problem.Index("Sources", i), fmt.Sprintf("%q as the database of %s", name, s.From.Source()), expected, "write it into Databases")
		}
	}
	if err := list.Err(); err != nil {
		return nil, err
	}
	w := writer{index: index, options: o}
	var out []Statement
	add := func(table, sql string) { out = append(out, Statement{Table: table, SQL: verbFirst(sql)}) }
	add(contract.PersonRecordsTable, w.clear(contract.PersonRecordsTable))
	out = append(out, Statement{Table: contract.PersonRecordsTable, SQL: verbFirst(w.records()), ReadsSources: true})
	add(contract.PersonLinksTable, w.clear(contract.PersonLinksTable))
	add(contract.PersonLinksTable, w.links())
	add(contract.PersonLinksTable, w.unlink())
	add(contract.PersonGroupsTable, w.clear(contract.PersonGroupsTable))
	add(contract.PersonGroupsTable, w.groups())
	for range Rounds {
		add(contract.PersonGroupsTable, w.join())
	}
	add(contract.PersonAssignmentsTable, w.assignments())
	add(contract.TokensTable, w.tokens())
	add(contract.PersonsTable, w.persons())
	for i := range out {
		merge.Check(&list, problem.Index("Statements", i), out[i].SQL)
	}
	return out, list.Err()
}

// writer writes the statements of an index.
type writer struct {
	index   *contract.PersonIndex
	options Options
}

func (w *writer) table(name string) string {
	return merge.Quote(w.options.Database) + "." + merge.Quote(name)
}

// fill puts the names of tables of the index into a text, where it has them in braces.
func (w *writer) fill(text string) string {
	var pairs []string
	for _, name := range []string{
		contract.PersonsTable, contract.TokensTable, contract.PersonRecordsTable, contract.PersonLinksTable,
		contract.PersonGroupsTable, contract.PersonAssignmentsTable,
	} {
		pairs = append(pairs, "{"+name+"}", w.table(name))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (w *writer) clear(table string) string { return "DELETE FROM " + w.table(table) }

// text is a value as SQL writes it.
func text(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }

// comment is words for a comment of one line.
func comment(words string) string { return strings.Join(strings.Fields(words), " ") }

// verbFirst puts the comment that a statement begins with behind its first line: Athena tells the
// kind of a statement by its beginning.
func verbFirst(sql string) string {
	var comments []string
	for strings.HasPrefix(sql, "--") {
		line, rest, _ := strings.Cut(sql, "\n")
		comments, sql = append(comments, line), rest
	}
	first, rest, found := strings.Cut(sql, "\n")
	if !found {
		return sql
	}
	return strings.Join(append(append([]string{first}, comments...), rest), "\n")
}
