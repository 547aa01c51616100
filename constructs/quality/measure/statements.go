package measure

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/internal/merge"
)

const (
	// maxRules are measured in one scan: each is a column of it and two cases of its rows.
	maxRules = 100

	// A statement measures so many scans, of so many bytes together.
	maxScans = 10
	maxBytes = 100_000
)

// Measured is a table of a product where it stands.
type Measured struct {
	Database string // that the table stands in
	Table           // what is measured of it
}

// Product is a data product whose rules are measured together.
type Product struct {
	Name    string     // of the product
	Results string     // database of the table quality_results
	Tables  []Measured // that have rules
}

// Rules is how many rules the product has.
func (p Product) Rules() int {
	n := 0
	for _, t := range p.Tables {
		n += len(t.Rules)
	}
	return n
}

// HasErrors reports whether a rule of the product stops what is made from it.
func (p Product) HasErrors() bool {
	for _, t := range p.Tables {
		for _, r := range t.Rules {
			if r.Severity == SeverityError {
				return true
			}
		}
	}
	return false
}

// Inserts are the statements that measure the rules, one after another, and insert a row for
// each rule that the execution has not inserted yet: run twice they insert nothing twice. Each
// has two parameters, texts: the name of the execution, and when it began in ISO 8601. None is
// longer than a job runs, but where one rule alone is.
func (p Product) Inserts() []string {
	var out, scans []string
	bytes := 0
	flush := func() {
		if len(scans) > 0 {
			out = append(out, p.insert(scans))
		}
		scans, bytes = nil, 0
	}
	for _, t := range p.Tables {
		for rules := t.Rules; len(rules) > 0; {
			n, scan := t.fit(rules)
			rules = rules[n:]
			if len(scans) == maxScans || bytes+merge.Length(scan) > maxBytes {
				flush()
			}
			scans, bytes = append(scans, scan), bytes+merge.Length(scan)
		}
	}
	flush()
	return out
}

// fit is the scan for as many rules as one takes, and how many these are.
func (t Measured) fit(rules []Rule) (n int, scan string) {
	for n = min(len(rules), maxRules); ; n = max(1, n/2) {
		scan = t.scan(rules[:n])
		if n == 1 || merge.Length(scan) <= maxBytes {
			return n, scan
		}
	}
}

// resultColumns are those of quality_results, in their order.
var resultColumns = []string{"product", "table_name", "column_name", "rule", "dimension", "severity", "value", "passed", "evaluated_at", "execution"}

func (p Product) results() string { return from(p.Results, ResultsTable) }

func (p Product) insert(scans []string) string {
	return fmt.Sprintf(`INSERT INTO %s (%s)
WITH "run" AS (
  SELECT CAST(? AS varchar) AS "execution", CAST(from_iso8601_timestamp(?) AS timestamp(6)) AS "evaluated_at"
),
"measured" AS (
%s
)
SELECT %s, "m"."table_name", "m"."column_name", "m"."rule", "m"."dimension", "m"."severity", "m"."value", "m"."passed", "run"."evaluated_at", "run"."execution"
FROM "measured" AS "m" CROSS JOIN "run"
WHERE NOT EXISTS (
  SELECT 1 FROM %s AS "q"
  WHERE "q"."product" = %s AND "q"."execution" = "run"."execution" AND "q"."evaluated_at" = "run"."evaluated_at"
    AND "q"."table_name" = "m"."table_name" AND coalesce("q"."column_name", '') = coalesce("m"."column_name", '') AND "q"."rule" = "m"."rule"
)`,
		p.results(), `"`+strings.Join(resultColumns, `", "`)+`"`, strings.Join(scans, "\n  UNION ALL\n"), text(p.Name), p.results(), text(p.Name))
}

// scan measures rules of a table: all aggregates in one scan, and each query on its own.
func (t Measured) scan(rules []Rule) string {
	var aggregates, queries, rows, values, passes []string
	for i, r := range rules {
		n := strconv.Itoa(i + 1)
		name := merge.Quote("m" + n)
		if r.query != "" {
			queries = append(queries, fmt.Sprintf("  CROSS JOIN (SELECT CAST((\n%s\n  ) AS double) AS %s) AS %s", r.query, name, merge.Quote("q"+n)))
		} else {
			aggregates = append(aggregates, r.aggregate+" AS "+name)
		}
		column := "CAST(NULL AS varchar)"
		if r.Column != "" {
			column = text(r.Column)
		}
		rows = append(rows, fmt.Sprintf("(%s, %s, %s, %s, %s)", n, column, text(r.Name), text(r.Dimension), text(r.Severity)))
		shown := name
		if !r.Shown {
			shown = "CAST(NULL AS double)"
		}
		values = append(values, "WHEN "+n+" THEN "+shown)
		passes = append(passes, "WHEN "+n+" THEN "+r.test(name))
	}
	source := "  FROM (SELECT 1 AS \"one\") AS \"s\""
	if len(aggregates) > 0 {
		source = fmt.Sprintf("  FROM (SELECT\n    %s\n    FROM %s) AS \"s\"", strings.Join(aggregates, ",\n    "), from(t.Database, t.Name))
	}
	sql := fmt.Sprintf(`  SELECT %s AS "table_name", "r"."column_name", "r"."rule", nullif("r"."dimension", '') AS "dimension", "r"."severity",
    CASE "r"."number" %s END AS "value",
    coalesce(CASE "r"."number" %s END, false) AS "passed"
%s
  CROSS JOIN (VALUES
    %s
  ) AS "r" ("number", "column_name", "rule", "dimension", "severity")`,
		text(t.Name), strings.Join(values, " "), strings.Join(passes, " "), strings.Join(append([]string{source}, queries...), "\n"), strings.Join(rows, ",\n    "))
	return strings.ReplaceAll(sql, tableMark, from(t.Database, t.Name))
}

// Summary is the query that sums up what an execution has inserted, with the parameters of
// Inserts. It returns one row: how many rules were measured, how many of severity error have
// failed and how many others, and the failed ones of severity error by name, as
// "table.column: rule", at most 1,000 characters.
func (p Product) Summary() string {
	const failed = `NOT "passed" AND "severity"`
	return fmt.Sprintf(`SELECT count(*) AS "measured", count_if(%s = 'error') AS "errors", count_if(%s <> 'error') AS "others",
  coalesce(substr(array_join(array_agg("table_name" || coalesce('.' || "column_name", '') || ': ' || "rule" ORDER BY "table_name", "column_name", "rule") FILTER (WHERE %s = 'error'), ', '), 1, 1000), '') AS "rules"
FROM %s
WHERE "product" = %s AND "execution" = ? AND "evaluated_at" = CAST(from_iso8601_timestamp(?) AS timestamp(6))`,
		failed, failed, failed, p.results(), text(p.Name))
}
