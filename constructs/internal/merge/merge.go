package merge

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// MaxStatement is the longest statement that a job runs, in bytes of a JSON text:
// Athena takes 262,144 bytes, but a workflow's data is limited to as many, and what
// Athena says of a query repeats the query.
// Source: Athena and Step Functions, "Service quotas"; "GetQueryExecution".
const MaxStatement = 250_000

// Length is the length of a statement as a JSON text, in bytes.
func Length(sql string) int {
	text, err := json.Marshal(sql)
	if err != nil {
		return len(sql) // a text is always JSON
	}
	return len(text)
}

// Fit returns a statement that a job runs. A longer one is an error at the path.
func Fit(path, sql, fix string) (string, error) {
	if n := Length(sql); n > MaxStatement {
		return "", problem.List{{
			Path: path, Got: fmt.Sprintf("a statement of %d bytes", n),
			Expected: fmt.Sprintf("at most %d, which is what Athena and a workflow take", MaxStatement), Fix: fix,
		}}
	}
	return sql, nil
}

// Check reports a statement that no job runs.
func Check(list *problem.List, path, sql string) {
	got := "nothing"
	if sql != "" {
		if Length(sql) <= MaxStatement {
			return
		}
		got = fmt.Sprintf("%d bytes", Length(sql))
	}
	list.Addf(path, got, fmt.Sprintf("a statement of at most %d bytes as a JSON text", MaxStatement), "split or shorten it")
}

// Column is a column of a table, with its type as the catalog spells it.
type Column struct {
	Name string // of the column
	Type string // as Glue spells it
}

// Statement is a MERGE INTO for Athena (engine version 3).
type Statement struct {
	Database string   // of the table
	Table    string   // that the statement writes
	Columns  []Column // of the table, in its order
	Keys     []string // the columns of its primary key: at least one
	// With is a WITH clause that ends in a new line, whose relation "new" has the rows
	// that the table shall have: the columns under their names, and no key that is null.
	With string
}

// removedFlag flags rows that the query no longer gives; no column of the catalog has a
// space in its name.
const removedFlag = "lakemesh gone"

// SQL brings the table up to date, an empty one too: new rows come in, changed ones
// change, and rows that With no longer gives are deleted, in one commit. It reads
// With twice: once for the new rows, once to find those that are gone.
//
// Arrays, maps and structs are cast to their own type wherever they are compared or
// set: without that Athena has been seen to work on a MERGE until its time is over.
// Source: Athena, "MERGE INTO"; what Athena's team answered in issue 3018 of
// aws-sdk-pandas.
func (s Statement) SQL() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	target := Quote(s.Database) + "." + Quote(s.Table)
	names := s.names()
	line("MERGE INTO %s AS \"t\"", target)
	line("USING (")
	b.WriteString(s.With)
	line("  SELECT %s, false AS %s", List("n", names), Quote(removedFlag))
	line("  FROM \"new\" AS \"n\"")
	line("  UNION ALL")
	line("  SELECT %s, true AS %s", List("o", names), Quote(removedFlag))
	line("  FROM %s AS \"o\"", target)
	line("  WHERE NOT EXISTS (SELECT 1 FROM \"new\" AS \"n\" WHERE %s)", s.sameKey("n", "o"))
	line(") AS \"u\"")
	line("ON (%s)", s.sameKey("t", "u"))
	line("WHEN MATCHED AND \"u\".%s THEN DELETE", Quote(removedFlag))
	if changes := s.changes(); len(changes) > 0 {
		differ, set := make([]string, len(changes)), make([]string, len(changes))
		for i, c := range changes {
			differ[i] = c.Value("t") + " IS DISTINCT FROM " + c.Value("u")
			set[i] = Quote(c.Name) + " = " + c.Value("u")
		}
		line("WHEN MATCHED AND (\n  %s\n) THEN UPDATE SET\n  %s", strings.Join(differ, "\n  OR "), strings.Join(set, ",\n  "))
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = Quote(name)
	}
	line("WHEN NOT MATCHED THEN INSERT (%s)", strings.Join(quoted, ", "))
	b.WriteString("VALUES (" + List("u", names) + ")")
	return b.String()
}

// changes are the columns that a run may change in a row: all but its key.
func (s Statement) changes() []Column {
	keys := map[string]bool{}
	for _, k := range s.Keys {
		keys[k] = true
	}
	var out []Column
	for _, c := range s.Columns {
		if !keys[c.Name] {
			out = append(out, c)
		}
	}
	return out
}

func (s Statement) names() []string {
	out := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		out[i] = c.Name
	}
	return out
}

// Value is the column of a relation, cast to its own type where that is nested.
func (c Column) Value(relation string) string {
	return gluetype.CastNested(Quote(relation)+"."+Quote(c.Name), c.Type)
}

// sameKey compares the primary keys of two relations.
func (s Statement) sameKey(a, b string) string {
	out := make([]string, len(s.Keys))
	for i, c := range s.Keys {
		out[i] = fmt.Sprintf("%s.%s = %s.%s", Quote(a), Quote(c), Quote(b), Quote(c))
	}
	return strings.Join(out, " AND ")
}

// List is columns of a relation, between commas.
func List(relation string, columns []string) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = Quote(relation) + "." + Quote(c)
	}
	return strings.Join(out, ", ")
}

// Quote makes a name one that Trino takes as it is.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
