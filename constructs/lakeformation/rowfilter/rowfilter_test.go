package rowfilter_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
)

func TestParseAccepts(t *testing.T) {
	tests := []struct {
		expression string
		columns    string
	}{
		{"study_id = 'NCT0456'", "study_id"},
		{"Year > 2010 and country != 'US'", "country year"},
		{"(year > 2010 and country = 'US') or (month < 8 and id > 23)", "country id month year"},
		{"country between 'A' and 'U' AND year = 2018", "country year"},
		{"country like '%ited%'", "country"},
		{"country NOT IN ('US', 'DE') OR NOT (score >= -1.5)", "country score"},
		{"a IS NULL OR b IS NOT NULL", "a b"},
		{"a not between 1 and 2 and b not like 'x'", "a b"},
		{`"order" <> 'it''s' and active = TRUE`, "active order"},
		{"((((a = .5))))", "a"},
		{"a='x'AND b<=2", "a b"},
	}
	for _, test := range tests {
		got, err := rowfilter.Parse(test.expression)
		if err != nil {
			t.Errorf("%s: %v", test.expression, err)
			continue
		}
		if columns := strings.Join(got.Columns(), " "); columns != test.columns {
			t.Errorf("%s: got columns %s, expected %s", test.expression, columns, test.columns)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ expression, got string }{
		{"", "at character 1: got an empty condition"},
		{" ", "at character 1: got an empty condition"},
		{strings.Repeat("a", 2048), "at character 1: got 2048 characters"},
		{"a = 1;", "at character 6: got a semicolon"},
		{"a = 1\nor b = 2", "at character 6: got a line break"},
		{`a = 'x\' OR b = ' '`, "at character 7: got a backslash"},
		{"a = 'x\ty'", "at character 5: got the control character U+0009"},
		{"a = 'x\xff'", `at character 5: got "x\xff", which is not UTF-8`},
		{"lower(a) = 'x'", `at character 1: got a call of the function "lower"`},
		{"a = lower('X')", `at character 5: got a call of the function "lower"`},
		{"a = b", `at character 5: got the column "b"`},
		{`a = "b"`, `at character 5: got the column "b"`},
		{"a.b = 1", `at character 1: got a part of "a"`},
		{"order = 'x'", `at character 1: got "order", a word that SQL keeps for itself; expected such a column in double quotes; fix: write "order"`},
		{"a = 1 AND NOT Level IN (1)", `at character 15: got "level", a word that SQL keeps for itself`},
		{"1 = a", `at character 1: got "1"; expected a column`},
		{"a = 'x", "at character 5: got a quote ' that is not closed"},
		{"a = 1 b = 2", `at character 7: got "b"; expected AND, OR or the end`},
		{"a = 1 AND", "at character 10: got the end of the condition; expected a column"},
		{"(a = 1", "at character 7: got the end of the condition; expected )"},
		{"a = NULL", `at character 5: got "NULL"; expected a constant`},
		{"a IN ()", `at character 7: got ")"; expected a constant`},
		{"a IN 'x'", `at character 6: got "x"; expected (`},
		{"a IN ('x' 'y')", `at character 11: got "y"; expected )`},
		{"a BETWEEN 1 OR 2", `at character 13: got "OR"; expected AND`},
		{"a IS 1", `at character 6: got "1"; expected NULL`},
		{"a NOT = 1", `at character 7: got "="; expected one of`},
		{"a", "at character 2: got the end of the condition; expected one of"},
		{"a = 1.2.3", `at character 5: got "1.2.3"; expected a number`},
		{"a = 12abc", `at character 5: got "12abc"; expected a number`},
		{"a = 1 -- all", `at character 7: got '-'`},
		{"a = 1 /* x */", `at character 7: got '/'`},
		{"a = é", `at character 5: got 'é'`},
		{"a = 1 UNION SELECT 2", `at character 7: got "union"`},
	}
	for _, test := range tests {
		_, err := rowfilter.Parse(test.expression)
		var e *rowfilter.Error
		switch {
		case !errors.As(err, &e):
			t.Errorf("%.20s: got error %v, expected one that begins with %s", test.expression, err, test.got)
		case !strings.HasPrefix(e.Error(), test.got):
			t.Errorf("%.20s: got %v, expected %s …", test.expression, e, test.got)
		case e.Expected == "" || e.Fix == "":
			t.Errorf("%.20s: %v says not what was expected, or no fix", test.expression, e)
		}
	}
}

var columns = []rowfilter.Column{
	{Name: "study_id", Type: "string"},
	{Name: "code", Type: "varchar(10)"},
	{Name: "age", Type: "int"},
	{Name: "score", Type: "decimal(10,2)"},
	{Name: "active", Type: "boolean"},
	{Name: "year", Type: "int", Partition: true},
	{Name: "seen", Type: "date"},
	{Name: "codes", Type: "array<string>"},
	{Name: "attributes", Type: "map<string,string>"},
	{Name: "address", Type: "struct<city:string>"},
}

func TestCheck(t *testing.T) {
	tests := []struct{ expression, got string }{
		{"study_id = 'x' and Code LIKE 'a%' and age > 3 and score < 1.5 and active = false", ""},
		{"year = 2020 and age IS NOT NULL", ""},
		{"year IS NULL", `IS NULL on the partition column "year"`},
		{"site = 'x'", `"site", which is no column of the table`},
		{"age = 'x'", `"age" of type int compared with the text x`},
		{"study_id IN ('a', 2)", `"study_id" of type string compared with the number 2`},
		{"active = 1", `"active" of type boolean compared with the number 1`},
		{"age LIKE '1%'", `LIKE on "age" of type int`},
		{"seen > '2020-01-01'", `"seen" of type date`},
		{"codes = 'x'", `"codes" of type array<string>`},
		{"attributes = 'x'", `"attributes" of type map<string,string>`},
		{"address IS NULL", `"address" of type struct<city:string>`},
		{"site = 1 or age = 'x'", `"site", which is no column of the table; "age" of type int compared with the text x`},
	}
	for _, test := range tests {
		e, err := rowfilter.Parse(test.expression)
		if err != nil {
			t.Errorf("%s: %v", test.expression, err)
			continue
		}
		var got []string
		for _, problem := range e.Check(columns) {
			got = append(got, problem.Got)
		}
		if joined := strings.Join(got, "; "); joined != test.got {
			t.Errorf("%s: got %q, expected %q", test.expression, joined, test.got)
		}
	}
}

// No input makes the parser panic, and what it accepts has no way to say more
// than comparisons of columns with constants.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a = 'x'", "(a IN (1, 2)) OR NOT b IS NULL", `"a""b" LIKE '%''%'`, "a BETWEEN 1 AND 2", "((", "'", "a -1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		e, err := rowfilter.Parse(expression)
		if err != nil {
			return
		}
		if len(e.Predicates) == 0 || strings.ContainsAny(expression, ";\n\r") {
			t.Errorf("accepted %q", expression)
		}
		if text := e.Condition.String(); len(e.Condition.Check("c")) == 0 {
			if again, err := rowfilter.Parse(text); err != nil || again.Condition.String() != text {
				t.Errorf("%q became %q, which reads with %v", expression, text, err)
			}
		}
		for _, p := range e.Predicates {
			if p.Offset < 0 || p.Offset >= len(expression) || p.Operator == "" {
				t.Errorf("%q: predicate %+v", expression, p)
			}
		}
		e.Check(columns)
	})
}

func ExampleParse() {
	e, err := rowfilter.Parse("study_id = 'NCT0456' AND birth_year < 1990")
	fmt.Println(e.Columns(), err)
	_, err = rowfilter.Parse("lower(city) = 'bonn'")
	fmt.Println(err)
	// Output:
	// [birth_year study_id] <nil>
	// at character 1: got a call of the function "lower"; expected a column; fix: Lake Formation takes no functions in row filters; compare a column with constants
}

func TestTypeOf(t *testing.T) {
	supported := []string{"STRING", "char(3)", "varchar(10)", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal(10,2)", "boolean"}
	for _, glue := range supported {
		if rowfilter.TypeOf(glue) == rowfilter.Unsupported {
			t.Errorf("%s is not supported", glue)
		}
	}
	if i := slices.IndexFunc([]string{"date", "timestamp", "binary", "array<int>", ""}, func(glue string) bool { return rowfilter.TypeOf(glue) != rowfilter.Unsupported }); i >= 0 {
		t.Errorf("unsupported type %d is supported", i)
	}
}
