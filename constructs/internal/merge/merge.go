package merge

import (
	"fmt"
	"strings"
)

// Statement is a MERGE INTO for Athena (engine version 3).
type Statement struct {
	Database string
	Table    string
	Columns  []string // of the table, in its order
	Keys     []string // the columns of its primary key: at least one
	// With is a WITH clause that ends in a new line, whose relation "new" has the rows
	// that the table shall have: the columns under their names, and no key that is null.
	With string
}

// gone flags rows that the query no longer gives; no column of the catalog has a
// space in its name.
const gone = "lakemesh gone"

// SQL brings the table up to date, an empty one too: new rows come in, changed ones
// change, and rows that With no longer gives are deleted, in one commit. It reads
// With twice: once for the new rows, once to find those that are gone.
// Source: Athena, "MERGE INTO".
func (s Statement) SQL() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	target := Quote(s.Database) + "." + Quote(s.Table)
	line("MERGE INTO %s AS \"t\"", target)
	line("USING (")
	b.WriteString(s.With)
	line("  SELECT %s, false AS %s", List("n", s.Columns), Quote(gone))
	line("  FROM \"new\" AS \"n\"")
	line("  UNION ALL")
	line("  SELECT %s, true AS %s", List("o", s.Columns), Quote(gone))
	line("  FROM %s AS \"o\"", target)
	line("  WHERE NOT EXISTS (SELECT 1 FROM \"new\" AS \"n\" WHERE %s)", s.sameKey("n", "o"))
	line(") AS \"u\"")
	line("ON (%s)", s.sameKey("t", "u"))
	line("WHEN MATCHED AND \"u\".%s THEN DELETE", Quote(gone))
	if changes := s.changes(); len(changes) > 0 {
		differ, set := make([]string, len(changes)), make([]string, len(changes))
		for i, c := range changes {
			differ[i] = fmt.Sprintf("\"t\".%[1]s IS DISTINCT FROM \"u\".%[1]s", Quote(c))
			set[i] = fmt.Sprintf("%[1]s = \"u\".%[1]s", Quote(c))
		}
		line("WHEN MATCHED AND (\n  %s\n) THEN UPDATE SET\n  %s", strings.Join(differ, "\n  OR "), strings.Join(set, ",\n  "))
	}
	quoted := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		quoted[i] = Quote(c)
	}
	line("WHEN NOT MATCHED THEN INSERT (%s)", strings.Join(quoted, ", "))
	b.WriteString("VALUES (" + List("u", s.Columns) + ")")
	return b.String()
}

// changes are the columns that a run may change in a row: all but its key.
func (s Statement) changes() []string {
	keys := map[string]bool{}
	for _, k := range s.Keys {
		keys[k] = true
	}
	var out []string
	for _, c := range s.Columns {
		if !keys[c] {
			out = append(out, c)
		}
	}
	return out
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
