package measure_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
	"github.com/lakemesh/lakemesh/test/athena"
)

// visits is a contract with every kind of rule; its names of rules say what they measure of rows.
const visits = `apiVersion: v3.1.0
kind: DataContract
id: x
name: visits
version: 1.0.0
status: active
schema:
  - name: visits
    physicalType: table
    logicalType: object
    quality:
      - {metric: rowCount, mustBeBetween: [5, 7], dimension: coverage, severity: Error}
      - {name: ends excluded, metric: rowCount, mustBeBetween: [6, 9]}
      - {name: not between, metric: rowCount, mustNotBeBetween: [6, 9]}
      - {name: a pair, metric: duplicateValues, mustBe: 1, arguments: {properties: [site, ward]}}
      - {name: whole rows, metric: duplicateValues, mustBe: 0}
      - {name: folded, type: sql, query: "SELECT COUNT(*) FROM {object} WHERE ward = 'GROUP BY' OR los > 30", mustBe: 2}
      - {name: groups, type: sql, query: "SELECT COUNT(*) FROM (SELECT site FROM ${table} GROUP BY site HAVING COUNT(*) > 1) AS g;", mustBe: 2}
      - {name: a value, type: sql, query: "SELECT MAX(los) FROM {object}", mustBeLessThan: 100, severity: error}
      - {name: a boolean, type: sql, query: "SELECT COUNT(*) > 1 FROM {object}", mustBe: 1}
      - {name: of nothing, type: sql, query: "SELECT AVG(los) FROM {object} WHERE los > 1000", mustBeLessThan: 5}
      - {type: text, description: Read me.}
      - {type: custom, engine: soda, implementation: "type: duplicate_percent"}
    properties:
      - {name: site, logicalType: string, physicalType: string, classification: internal, quality: [
          {metric: nullValues, mustBe: 1}, {name: percent, metric: nullValues, mustBeLessOrEqualTo: 16.7, unit: percent},
          {metric: missingValues, mustBe: 3, arguments: {missingValues: [null, "", "N/A"]}},
          {metric: invalidValues, mustNotBe: 2, arguments: {validValues: [a, "it's"]}},
          {name: pattern, metric: invalidValues, mustBeGreaterOrEqualTo: 4, arguments: {pattern: "^[a-z]$"}},
          {metric: duplicateValues, mustBeGreaterThan: 1, severity: error}, {name: property, type: sql, query: "SELECT COUNT({property}) FROM {object}", mustBe: 5}]}
      - {name: ward, logicalType: string, physicalType: string, classification: internal}
      - {name: los, logicalType: integer, physicalType: int, classification: internal, quality: [
          {metric: invalidValues, mustBe: 3, arguments: {validValues: [1, 2]}}, {metric: missingValues, mustBe: 2, arguments: {missingValues: [-1, "?"]}}]}
      - name: address
        logicalType: object
        physicalType: "struct<postalcode:string,line:array<struct<text:string>>>"
        classification: internal
        properties:
          - {name: postalcode, logicalType: string, physicalType: string, quality: [{metric: nullValues, mustBe: 2}, {metric: duplicateValues, mustBe: 2}]}
          - name: line
            logicalType: array
            physicalType: "array<struct<text:string>>"
            items:
              logicalType: object
              properties:
                - {name: text, logicalType: string, physicalType: string, quality: [{metric: nullValues, mustBe: 1}, {metric: nullValues, mustBe: 25, unit: percent}, {metric: duplicateValues, mustBe: 0}]}
      - name: codes
        logicalType: array
        physicalType: "array<string>"
        classification: internal
        quality: [{metric: nullValues, mustBe: 3}]
        items: {logicalType: string, physicalType: string, quality: [{metric: invalidValues, mustBe: 1, arguments: {pattern: "^[0-9]+$"}}]}
`

func table(t testing.TB) *contract.Table {
	t.Helper()
	c, err := contract.Parse("visits.odcs.yaml", []byte(visits))
	if err != nil {
		t.Fatal(err)
	}
	return &c.Resolve().Tables[0]
}

func product(t testing.TB) measure.Product {
	return measure.Product{Name: "visits", Results: "results", Tables: []measure.Measured{{Database: "lake", Table: measure.Of(table(t))}}}
}

// bind writes the parameters into a statement, as Athena takes them.
func bind(sql, execution, start string) string {
	sql = strings.Replace(sql, "?", "'"+execution+"'", 1)
	return strings.Replace(sql, "from_iso8601_timestamp(?)", "from_iso8601_timestamp('"+start+"')", 1)
}

var rows = []athena.Step{
	{DuckDB: "CREATE SCHEMA lake; CREATE SCHEMA results"},
	{DuckDB: "CREATE TABLE lake.visits (site VARCHAR, ward VARCHAR, los INT, address STRUCT(postalcode VARCHAR, line STRUCT(text VARCHAR)[]), codes VARCHAR[])"},
	{DuckDB: `INSERT INTO lake.visits VALUES
		('a', 'w', 1, {postalcode: '1', line: [{text: 'x'}, {text: NULL}]}, ['1', 'x', NULL]),
		('a', 'w', 2, {postalcode: '1', line: []}, []),
		('', NULL, -1, {postalcode: '1', line: [{text: 'y'}, {text: 'y'}]}, ['2']),
		('', 'GROUP BY', NULL, {postalcode: NULL, line: NULL}, NULL),
		('N''A', 'v', 31, NULL, NULL),
		(NULL, 'v', 3, {postalcode: '2', line: NULL}, NULL)`},
	{DuckDB: `CREATE TABLE results.quality_results (product VARCHAR, table_name VARCHAR, column_name VARCHAR, rule VARCHAR, dimension VARCHAR, severity VARCHAR,
		value DOUBLE, passed BOOLEAN, evaluated_at TIMESTAMP, execution VARCHAR)`},
}

const start = "2026-11-29T01:17:30.123Z"

func TestRulesOnRows(t *testing.T) {
	p := product(t)
	steps := append([]athena.Step(nil), rows...)
	for range 2 { // the second time inserts nothing
		for _, sql := range p.Inserts() {
			steps = append(steps, athena.Step{SQL: bind(sql, "e1", start)})
		}
	}
	steps = append(steps,
		athena.Step{Rows: true, SQL: bind(p.Summary(), "e1", start)},
		athena.Step{Rows: true, SQL: "SELECT * FROM results.quality_results"})
	answers := athena.Run(t, steps...)
	got := map[string]string{}
	all := answers[len(answers)-1].Rows
	for _, r := range all {
		column, _ := r["column_name"].(string)
		got[strings.TrimPrefix(column+": ", ": ")+fmt.Sprint(r["rule"])] = fmt.Sprintf("%v %v %v", r["value"], r["passed"], r["severity"])
		if r["execution"] != "e1" || r["product"] != "visits" || r["table_name"] != "visits" || !strings.HasPrefix(fmt.Sprint(r["evaluated_at"]), "2026-11-29 01:17:30.123") {
			t.Error(r)
		}
	}
	if len(got) != p.Rules() || len(all) != p.Rules() {
		t.Errorf("%d rows with %d names of %d rules", len(all), len(got), p.Rules())
	}
	want := map[string]string{
		"rowCount mustBeBetween 5, 7":     "6 true error",
		"ends excluded":                   "6 false warning",
		"not between":                     "6 true warning",
		"a pair":                          "1 true warning",
		"whole rows":                      "0 true warning",
		"folded":                          "2 true warning",
		"groups":                          "2 true warning",
		"a value":                         "<nil> true error",
		"a boolean":                       "<nil> true warning",
		"of nothing":                      "<nil> false warning",
		"site: nullValues mustBe 1":       "1 true warning",
		"site: percent":                   "16.666666666666668 true warning",
		"site: missingValues mustBe 3":    "3 true warning",
		"site: invalidValues mustNotBe 2": "3 true warning",
		"site: pattern":                   "3 false warning",
		"site: duplicateValues mustBeGreaterThan 1": "2 true error",
		"site: property":                               "5 true warning",
		"los: invalidValues mustBe 3":                  "3 true warning",
		"los: missingValues mustBe 2":                  "2 true warning",
		"address.postalcode: nullValues mustBe 2":      "2 true warning",
		"address.postalcode: duplicateValues mustBe 2": "2 true warning",
		"address.line.text: nullValues mustBe 1":       "1 true warning",
		"address.line.text: nullValues mustBe 25":      "25 true warning",
		"codes: nullValues mustBe 3":                   "3 true warning",
		"codes: invalidValues mustBe 1":                "1 true warning",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]map[string]any{{"measured": 25.0, "errors": 0.0, "others": 3.0, "rules": ""}}, answers[len(answers)-2].Rows); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A rule that fails is summed up by its name, and each execution has rows of its own.
func TestSummaryNamesFailedErrors(t *testing.T) {
	p := product(t)
	steps := append([]athena.Step(nil), rows...)
	steps = append(steps, athena.Step{DuckDB: "DELETE FROM lake.visits WHERE site IS NOT NULL"})
	for _, execution := range []string{"e1", "e2"} {
		for _, sql := range p.Inserts() {
			steps = append(steps, athena.Step{SQL: bind(sql, execution, start)})
		}
	}
	steps = append(steps, athena.Step{Rows: true, SQL: bind(p.Summary(), "e2", start)})
	got := athena.Last(t, steps...)[0]
	if want := "visits.site: duplicateValues mustBeGreaterThan 1, visits: rowCount mustBeBetween 5, 7"; got["rules"] != want || got["errors"] != 2.0 || got["measured"] != 25.0 {
		t.Error(got)
	}
}

// Nothing is counted of an empty table, and no percentage divides by zero.
func TestEmptyTable(t *testing.T) {
	p := product(t)
	steps := append(append([]athena.Step(nil), rows...), athena.Step{DuckDB: "DELETE FROM lake.visits"})
	for _, sql := range p.Inserts() {
		steps = append(steps, athena.Step{SQL: bind(sql, "e1", start)})
	}
	steps = append(steps, athena.Step{Rows: true, SQL: "SELECT DISTINCT value FROM results.quality_results WHERE value IS NOT NULL"})
	if got := athena.Last(t, steps...); len(got) != 1 || got[0]["value"] != 0.0 {
		t.Error(got)
	}
}

func TestOneScanOfATable(t *testing.T) {
	sql := strings.Join(product(t).Inserts(), "")
	// One for all metrics and the condition, and one for each other query.
	if got := strings.Count(sql, `"lake"."visits"`); got != 1+5 {
		t.Errorf("%d scans:\n%s", got, sql)
	}
}

func TestWhatIsNotMeasuredIsNamed(t *testing.T) {
	got := measure.Of(table(t))
	if diff := cmp.Diff([]string{"schema[0].quality[10]"}, got.Text); diff != "" {
		t.Error(diff)
	}
	var lines []string
	for _, p := range got.NotMeasured {
		lines = append(lines, p.Path+": "+p.Got)
	}
	want := []string{
		`schema[0].quality[11].engine: a rule of the tool "soda", which is not run`,
		"schema[0].properties[3].properties[1].items.properties[0].quality[2].metric: duplicates among the elements of arrays",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRefusedRules(t *testing.T) {
	rule := func(q contract.QualityRule) string {
		q.Path = "q"
		tbl := &contract.Table{Name: "t", Columns: []contract.Column{{Name: "n", Type: "int"}, {Name: "b", Type: "binary"}, {Name: "m", Type: "map<string,string>"}}, Quality: []contract.QualityRule{q}}
		var out []string
		for _, p := range measure.Of(tbl).NotMeasured {
			out = append(out, strings.TrimPrefix(p.Path, "q")+": "+p.Got)
		}
		return strings.Join(out, "; ")
	}
	type q = contract.QualityRule
	zero := []string{"0"}
	for name, c := range map[string]struct {
		rule q
		want string
	}{
		"no operator":      {q{Metric: "rowCount"}, ": a rule without an operator"},
		"word":             {q{Metric: "rowCount", Operator: "mustBe", Values: []string{"many"}}, `.mustBe[0]: "many"`},
		"unknown metric":   {q{Metric: "freshness", Operator: "mustBe", Values: zero}, `.metric: the metric "freshness"`},
		"unknown operator": {q{Metric: "rowCount", Operator: "shouldBe", Values: zero}, `.shouldBe: "shouldBe" with 1 values`},
		"percent of rows":  {q{Metric: "rowCount", Operator: "mustBe", Values: zero, Unit: "percent"}, ".unit: percent of all rows"},
		"unit":             {q{Metric: "nullValues", Column: "n", Operator: "mustBe", Values: zero, Unit: "ppm"}, `.unit: "ppm"`},
		"table metric":     {q{Metric: "nullValues", Operator: "mustBe", Values: zero}, ".metric: the metric nullValues of a table"},
		"no criterion":     {q{Metric: "invalidValues", Column: "n", Operator: "mustBe", Values: zero}, ".arguments: neither validValues nor a pattern"},
		"no number":        {q{Metric: "invalidValues", Column: "n", Operator: "mustBe", Values: zero, Arguments: map[string][]string{"validValues": {"1", "x"}}}, `.arguments.validValues[1]: "x"`},
		"bytes":            {q{Metric: "missingValues", Column: "b", Operator: "mustBe", Values: zero}, ".metric: the metric missingValues of a value of type binary"},
		"no column":        {q{Metric: "duplicateValues", Operator: "mustBe", Values: zero, Arguments: map[string][]string{"properties": {"x"}}}, `.arguments.properties[0]: "x"`},
		"no field":         {q{Metric: "nullValues", Column: "n", Field: "x", Operator: "mustBe", Values: zero}, ": the field x of the column n, of type int"},
		"no query":         {q{Type: "sql", Operator: "mustBe", Values: zero}, ".query: nothing"},
		"percent of query": {q{Type: "sql", Query: "SELECT 1", Unit: "percent", Operator: "mustBe", Values: zero}, ".unit: percent of what a query returns"},
		"no property":      {q{Type: "sql", Query: "SELECT max({property}) FROM {object}", Operator: "mustBe", Values: zero}, `: the column ""`},
	} {
		if got := rule(c.rule); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestManyRulesAreSeveralStatements(t *testing.T) {
	tbl := &contract.Table{Name: "t", Columns: []contract.Column{{Name: "n", Type: "int"}}}
	for i := range 250 {
		tbl.Quality = append(tbl.Quality, contract.QualityRule{Metric: "rowCount", Operator: "mustBeGreaterThan", Values: []string{fmt.Sprint(i)}})
	}
	p := measure.Product{Name: "p", Results: "r"}
	for range 11 {
		p.Tables = append(p.Tables, measure.Measured{Database: "d", Table: measure.Of(tbl)})
	}
	inserts := p.Inserts()
	if len(inserts) < 4 {
		t.Errorf("%d statements", len(inserts))
	}
	for i, sql := range inserts {
		if len(sql) > 250_000 {
			t.Errorf("statement %d has %d bytes", i, len(sql))
		}
	}
	if got := strings.Count(strings.Join(inserts, ""), `FROM "d"."t"`); got != 33 { // 100 rules in a scan
		t.Errorf("%d scans", got)
	}
}

func TestResultsContract(t *testing.T) {
	c := measure.ResultsContract()
	if len(c.Warnings) > 0 || c.Name != measure.ResultsProduct || c.Zone != ontology.Curated || c.MaxSensitivity() != ontology.Internal {
		t.Error(c.Warnings, c.Name, c.Zone, c.MaxSensitivity())
	}
	if problems := c.Resolve().Tables[0].StorageProblems(); len(problems) > 0 {
		t.Error(problems)
	}
}

func ExampleProduct_Inserts() {
	orders := contract.Table{Name: "orders", Columns: []contract.Column{{Name: "status", Type: "string"}}, Quality: []contract.QualityRule{
		{Column: "status", Metric: "nullValues", Operator: "mustBe", Values: []string{"0"}, Severity: "error"},
	}}
	p := measure.Product{Name: "orders", Results: "shop_curated", Tables: []measure.Measured{{Database: "shop_curated", Table: measure.Of(&orders)}}}
	fmt.Println(p.Inserts()[0])
	// Output:
	// INSERT INTO "shop_curated"."quality_results" ("product", "table_name", "column_name", "rule", "dimension", "severity", "value", "passed", "evaluated_at", "execution")
	// WITH "run" AS (
	//   SELECT CAST(? AS varchar) AS "execution", CAST(from_iso8601_timestamp(?) AS timestamp(6)) AS "evaluated_at"
	// ),
	// "measured" AS (
	//   SELECT 'orders' AS "table_name", "r"."column_name", "r"."rule", nullif("r"."dimension", '') AS "dimension", "r"."severity",
	//     CASE "r"."number" WHEN 1 THEN "m1" END AS "value",
	//     coalesce(CASE "r"."number" WHEN 1 THEN "m1" IN (CAST(0 AS double)) END, false) AS "passed"
	//   FROM (SELECT
	//     CAST(count_if("status" IS NULL) AS double) AS "m1"
	//     FROM "shop_curated"."orders") AS "s"
	//   CROSS JOIN (VALUES
	//     (1, 'status', 'nullValues mustBe 0', '', 'error')
	//   ) AS "r" ("number", "column_name", "rule", "dimension", "severity")
	// )
	// SELECT 'orders', "m"."table_name", "m"."column_name", "m"."rule", "m"."dimension", "m"."severity", "m"."value", "m"."passed", "run"."evaluated_at", "run"."execution"
	// FROM "measured" AS "m" CROSS JOIN "run"
	// WHERE NOT EXISTS (
	//   SELECT 1 FROM "shop_curated"."quality_results" AS "q"
	//   WHERE "q"."product" = 'orders' AND "q"."execution" = "run"."execution" AND "q"."evaluated_at" = "run"."evaluated_at"
	//     AND "q"."table_name" = "m"."table_name" AND coalesce("q"."column_name", '') = coalesce("m"."column_name", '') AND "q"."rule" = "m"."rule"
	// )
}
