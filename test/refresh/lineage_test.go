package refresh_test

import (
	_ "embed" // lineage.py
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lineage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/athena"
)

//go:embed lineage.py
var sqlglotLineage string

// oracleQuery is a query for sqlglot, with the columns of tables by their names.
type oracleQuery struct {
	SQL    string                       `json:"sql"`
	Schema map[string]map[string]string `json:"schema"`
}

// Another program finds the same columns behind each column of a result. What sqlglot does not
// follow is said: conditions of subqueries that are values, and that a count is made of rows.
func TestAnotherProgramSeesTheSameColumns(t *testing.T) {
	tables := map[string][]string{"t": {"a", "b", "c", "s"}, "u": {"a", "d", "e"}}
	type want struct {
		sql  string
		more map[string][]string // what lineage says beyond sqlglot, by output column
	}
	cases := []want{
		{sql: `SELECT t.a, t.b AS x, coalesce(t.c, 'y') AS z FROM t`},
		{sql: `SELECT * FROM t`},
		{sql: `SELECT v.*, t.a AS y FROM t CROSS JOIN u AS v`},
		{sql: `WITH x AS (SELECT t.a AS k, max(t.b) OVER (PARTITION BY t.c ORDER BY t.a) AS m FROM t) SELECT x.k, x.m FROM x`},
		{sql: `WITH x AS (SELECT t.a FROM t), y AS (SELECT x.a AS b FROM x) SELECT y.b FROM y JOIN x ON x.a = y.b`},
		{sql: `WITH t2 AS (SELECT u.d AS a FROM u) SELECT t2.a, w.a AS aa FROM t2 CROSS JOIN (SELECT t.b AS a FROM t) AS w`},
		{sql: `SELECT t.a FROM t UNION ALL SELECT u.d FROM u`},
		{sql: `SELECT q.a, q.n FROM (SELECT t.a, t.b || t.c AS n FROM t UNION SELECT u.d, u.e FROM u) AS q`},
		{sql: `SELECT CASE WHEN t.a > 1 THEN t.b ELSE t.c END AS x, IF(t.a > 1, t.s) AS y FROM t`},
		{sql: `SELECT i.item AS x, i.n AS n FROM t CROSS JOIN UNNEST(t.s) WITH ORDINALITY AS i (item, n)`},
		{sql: `SELECT transform(t.s, e -> e + t.b) AS x, filter(t.s, e -> e IS NOT NULL) AS y FROM t`},
		{sql: `SELECT sum(t.b) FILTER (WHERE t.c = 'x') AS x, array_agg(t.a ORDER BY t.b) AS y FROM t GROUP BY t.s`},
		{sql: `SELECT (SELECT max(u.d) FROM u WHERE u.a = t.b) AS x FROM t`, more: map[string][]string{"x": {"t.b", "u.a"}}},
		{sql: `SELECT t.a IN (SELECT u.d FROM u WHERE u.e = 1) AS x FROM t`, more: map[string][]string{"x": {"u.e"}}},
		{sql: `SELECT count(*) AS n, t.a FROM t GROUP BY t.a`},
		{sql: `SELECT a, d FROM t JOIN u USING (a)`, more: map[string][]string{"a": {"u.a"}}},
		{sql: `SELECT CAST(t.a AS varchar(3)) AS x, extract(YEAR FROM t.b) AS y, t.c AT TIME ZONE 'UTC' AS z FROM t`},
		{sql: `SELECT row_number() OVER (PARTITION BY t.a ORDER BY t.b) AS n, lag(t.c) OVER (ORDER BY t.b) AS l FROM t`},
	}
	var questions []oracleQuery
	for _, c := range cases {
		questions = append(questions, oracleQuery{c.sql, schemaOf(tables)})
	}
	var answers []map[string][]string
	athena.Python(t, sqlglotLineage, questions, &answers)
	for i, c := range cases {
		compare(t, c.sql, answers[i], c.more, true, func(name string) ([]string, bool) { columns, ok := tables[name]; return columns, ok })
	}
}

// compare holds what lineage says of a query against an answer of sqlglot: that it is the
// same and what is said to be more, or that nothing is missed.
func compare(t *testing.T, sql string, answer, more map[string][]string, same bool, schema func(string) ([]string, bool)) {
	t.Helper()
	query, err := lineage.Parse(sql)
	if err != nil {
		t.Errorf("%s: %v", sql, err)
		return
	}
	reads, problems := query.Resolve(schema)
	if len(problems) > 0 {
		t.Errorf("%s: %v", sql, problems)
	}
	if len(answer) != len(reads.Output) {
		t.Errorf("%s: %d columns, sqlglot finds %d", sql, len(reads.Output), len(answer))
	}
	for _, o := range reads.Output {
		want := slices.Sorted(slices.Values(slices.Concat(answer[o.Name], more[o.Name])))
		var got []string
		for _, ref := range o.From {
			if ref.Column != "*" {
				got = append(got, strings.ToLower(strings.Trim(ref.Table, "{}"))+"."+ref.Column)
			}
		}
		slices.Sort(got)
		missed := slices.ContainsFunc(want, func(c string) bool { return !slices.Contains(got, c) })
		if missed || same && !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("%s\n%s: got %v; sqlglot finds %v", sql, o.Name, got, want)
		}
	}
}

// Nothing that it finds behind a column of the sample's products is missed.
func TestAnotherProgramSeesNothingMoreInTheSample(t *testing.T) {
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][]string{}
	var own [][2]string // domain and query
	for _, d := range definition.Domains {
		for _, k := range d.Contracts {
			for _, table := range k.Tables {
				for _, c := range table.Columns {
					for _, domain := range []string{"", d.Name + "."} {
						name := domain + k.Name + "." + table.Name
						tables[name] = append(tables[name], c.Name)
					}
				}
				if table.TransformLogic != "" {
					own = append(own, [2]string{d.Name, table.TransformLogic})
				}
			}
		}
	}
	var questions []oracleQuery
	for _, q := range own {
		questions = append(questions, oracleQuery{strings.NewReplacer("{", `"`, "}", `"`).Replace(q[1]), schemaOf(tables)})
	}
	var answers []map[string][]string
	athena.Python(t, sqlglotLineage, questions, &answers)
	for i, q := range own {
		compare(t, q[1], answers[i], nil, false, func(name string) ([]string, bool) {
			columns, ok := tables[strings.Trim(name, "{}")]
			return columns, ok
		})
	}
}

func schemaOf(tables map[string][]string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for name, columns := range tables {
		out[name] = map[string]string{}
		for _, c := range columns {
			out[name][c] = "varchar"
		}
	}
	return out
}
