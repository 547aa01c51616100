package lineage_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lineage"
)

// Whatever text is parsed: nothing panics, every problem has a place, and a query
// without problems gives columns that have names.
func FuzzParse(f *testing.F) {
	for _, sql := range []string{
		"", ";", "SELECT", "WITH x AS (SELECT * FROM {p.t}) SELECT x.* FROM x ORDER BY 1",
		"SELECT a[1].b, c -> d FROM t JOIN u USING (a), UNNEST(b) WITH ORDINALITY AS v (w)",
		"WITH RECURSIVE r (n) AS (VALUES 1 UNION SELECT n + 1 FROM r) TABLE r",
		"SELECT count(*) FILTER (WHERE a > ALL (SELECT 1)) OVER (w ROWS 1 PRECEDING) FROM \"t\"\"\" WINDOW w AS (ORDER BY b)",
		"SELECT 'é{a.b}' FROM {é.b} -- {", "\xff\"{a.b}", "((((((((", "SELECT 1 UNION SELECT 2, 3 EXCEPT VALUES (1, 2)",
	} {
		f.Add(sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		if len(sql) > 2000 {
			return // long ones take the fuzzer's time and show nothing new
		}
		query, err := lineage.Parse(sql)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("a syntax error without a place: %v", err)
			}
			return
		}
		reads, problems := query.Resolve(schema)
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 {
				t.Errorf("a problem without a place: %v", p)
			}
		}
		if len(problems) == 0 && len(reads.Output) == 0 {
			t.Errorf("%q gives no columns", sql)
		}
		for _, o := range reads.Output {
			if o.Name == "" && !strings.Contains(sql, `""`) {
				t.Errorf("%q gives a column without a name", sql)
			}
		}
	})
}
