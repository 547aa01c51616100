package athena_test

import (
	"testing"

	"github.com/lakemesh/lakemesh/test/athena"
)

// TestTrinoIsMeant holds what the two engines do differently, by what Trino's
// documentation says.
func TestTrinoIsMeant(t *testing.T) {
	cases := []struct {
		sql  string
		want any
	}{
		{"any_match(ARRAY[1, 2], x -> x > 1)", true},
		{"any_match(ARRAY[1, 2], x -> any_match(ARRAY[3], y -> y < x))", false},
		{"any_match(ARRAY[1, NULL], x -> x > 1)", nil},
		{"any_match(filter(ARRAY[1], x -> x > 1), x -> x > 1)", false},
		{"any_match(CAST(NULL AS array(integer)), x -> x > 1)", nil},
		{"arrays_overlap(ARRAY['a', 'b'], ARRAY['b'])", true},
		{"arrays_overlap(ARRAY['a'], CAST(NULL AS array(varchar)))", nil},
		{"element_at(ARRAY['a'], 2)", nil},
		{"element_at(filter(CAST(NULL AS array(varchar)), x -> x = 'a'), 1)", nil},
		{"json_extract_scalar('{\"a\": {\"b\": 1}}', '$.a.b')", "1"},
		{"json_extract_scalar('Jane Roe', '$.a')", nil},
		{"cardinality(TRY_CAST(json_extract('{\"a\": [1, 2]}', '$.a') AS array(json)))", 2.0},
		{"cardinality(TRY_CAST(json_extract('{\"a\": 1}', '$.a') AS array(json)))", nil},
		{"7 / 2", 3.0},
		{"CAST(7 AS double) / 2", 3.5},
		{"regexp_extract('02139-4307', '^[0-9]{5}')", "02139"},
		{"regexp_extract('Jane Roe', '^([0-9]{5})', 1)", nil},
		{"TRY_CAST(substr(concat('1961-07', '-01-01'), 1, 10) AS date) = DATE '1961-07-01'", true},
		{"TRY_CAST(substr(concat('19x7', '-01-01'), 1, 10) AS date)", nil},
		{"date_diff('year', DATE '1961-12-31', DATE '1962-01-01')", 0.0},
		{"date_add('year', -1, DATE '2024-02-29') = DATE '2023-02-28'", true},
		{"regexp_replace(lower(normalize('Núñez-O''Brien', NFD)), '[^\\p{L}]', '')", "nunezobrien"},
		{"soundex('Ashcraft')", "A261"},
		{"soundex('Tymczak')", "T522"},
		{"soundex(CAST(NULL AS varchar))", nil},
		{"substr('16175551234', -10)", "6175551234"},
		{"TRY_CAST(CAST(CAST(ROW(1, 'x') AS row(b integer, c varchar)) AS json) AS row(\"a\" integer, \"b\" varchar)).b", "1"},
		{"TRY_CAST(CAST(CAST(ROW(1) AS row(b integer)) AS json) AS row(\"a\" integer)).a", nil},
	}
	var steps []athena.Step
	for _, c := range cases {
		steps = append(steps, athena.Step{SQL: "SELECT " + c.sql + " AS v", Rows: true})
	}
	for i, answer := range athena.Run(t, steps...) {
		if got := answer.Rows[0]["v"]; got != cases[i].want {
			t.Errorf("%s is %v, want %v", cases[i].sql, got, cases[i].want)
		}
	}
}
