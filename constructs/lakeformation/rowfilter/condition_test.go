package rowfilter_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	rf "github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
)

type code string

func TestConditionString(t *testing.T) {
	a, b, c := rf.Equals("a", 1), rf.Equals("b", 2), rf.Equals("c", 3)
	for _, test := range []struct {
		condition rf.Condition
		text      string
	}{
		{rf.Equals("study_id", "NCT0456"), "study_id = 'NCT0456'"},
		{rf.Equals("study_id", code("NCT0456")), "study_id = 'NCT0456'"},
		{rf.Equals("name", "O'Hara' OR '1' = '1"), "name = 'O''Hara'' OR ''1'' = ''1'"},
		{rf.Equals("name", ""), "name = ''"},
		{rf.Equals("city", "Bönn"), "city = 'Bönn'"},
		{rf.Equals("active", true), "active = TRUE"},
		{rf.NotEquals("active", false), "active <> FALSE"},
		{rf.Less("age", 18), "age < 18"},
		{rf.LessOrEqual("age", uint8(18)), "age <= 18"},
		{rf.Greater("score", -1.5), "score > -1.5"},
		{rf.Greater("score", float32(0.1)), "score > 0.1"},
		{rf.GreaterOrEqual("score", 1e21), "score >= 1000000000000000000000"},
		{rf.Equals("id", math.MinInt64), "id = -9223372036854775808"},
		{rf.Equals("dose", rf.Decimal("0.10")), "dose = 0.10"},
		{rf.Between("age", 18, 65), "age BETWEEN 18 AND 65"},
		{rf.In("consent", "research", "treatment"), "consent IN ('research', 'treatment')"},
		{rf.Like("code", "E11%"), "code LIKE 'E11%'"},
		{rf.IsNull("withdrawn"), "withdrawn IS NULL"},
		{rf.IsNotNull("withdrawn"), "withdrawn IS NOT NULL"},
		{rf.Equals("order", 1), `"order" = 1`},
		{rf.Equals("null", 1), `"null" = 1`},
		{rf.Equals("1st", 1), `"1st" = 1`},
		{rf.Equals("year", 2020), "year = 2020"},
		{rf.And(a, b, c), "a = 1 AND b = 2 AND c = 3"},
		{rf.And(a, rf.And(b, c)), "a = 1 AND b = 2 AND c = 3"},
		{rf.And(a, rf.Or(b, c)), "a = 1 AND (b = 2 OR c = 3)"},
		{rf.Or(a, rf.And(b, c)), "a = 1 OR b = 2 AND c = 3"},
		{rf.And(rf.Or(a, b)), "a = 1 OR b = 2"},
		{rf.And(a, rf.Or(rf.And(rf.Or(b, c)))), "a = 1 AND (b = 2 OR c = 3)"},
		{rf.Not(a), "NOT a = 1"},
		{rf.Not(rf.Not(a)), "NOT NOT a = 1"},
		{rf.Not(rf.And(a, b)), "NOT (a = 1 AND b = 2)"},
		{rf.Not(rf.And(rf.In("a", 1))), "a NOT IN (1)"},
		{rf.Not(rf.Between("a", 1, 2)), "a NOT BETWEEN 1 AND 2"},
		{rf.Not(rf.Like("a", "x")), "a NOT LIKE 'x'"},
		{rf.Not(rf.IsNull("a")), "NOT a IS NULL"},
		{rf.And(rf.Not(a), b), "NOT a = 1 AND b = 2"},
		{rf.Raw("(Year>2010 and country != 'US') or (month < 8 and id > 23)"), "year > 2010 AND country != 'US' OR month < 8 AND id > 23"},
		{rf.And(rf.Raw("a = 1 or b = 2"), c), "(a = 1 OR b = 2) AND c = 3"},
	} {
		if got := test.condition.String(); got != test.text {
			t.Errorf("got  %s\nwant %s", got, test.text)
		}
		e, err := rf.Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if again := e.Condition.String(); again != test.text {
			t.Errorf("%s became %s", test.text, again)
		}
	}
}

func TestConditionCheck(t *testing.T) {
	for name, test := range map[string]struct {
		condition rf.Condition
		problems  string
	}{
		"fine":              {rf.In("a", 1, 2), ""},
		"zero value":        {rf.Condition{}, "Rows: no condition"},
		"zero value inside": {rf.And(rf.Equals("a", 1), rf.Condition{}), "Rows[1]: no condition"},
		"empty and":         {rf.And(), "Rows: AND of nothing"},
		"empty or inside":   {rf.Not(rf.Or()), "Rows[0]: OR of nothing"},
		"empty in":          {rf.In[string]("a"), "Rows: IN of no values"},
		"column in capitals": {rf.Equals("Study_ID", 1),
			`Rows: the column "Study_ID"`},
		"no column":            {rf.IsNull(""), `Rows: the column ""`},
		"expression as column": {rf.IsNull("a = 1 OR b"), `Rows: the column "a = 1 OR b"`},
		"quoted column":        {rf.IsNull(`"a"`), `Rows: the column "\"a\""`},
		"not a number":         {rf.Equals("a", math.NaN()), `Rows: "NaN"`},
		"infinite":             {rf.Equals("a", math.Inf(-1)), `Rows: "-Inf"`},
		"decimal of text":      {rf.Equals("a", rf.Decimal("1 OR 1 = 1")), `Rows: "1 OR 1 = 1"`},
		"boolean of text":      {rf.Equals("a", rf.Value{Type: rf.Boolean, Text: "TRUE OR"}), `Rows: "TRUE OR"`},
		"constant of no type":  {rf.Equals("a", rf.Value{Text: "x"}), `Rows: a constant of the type ""`},
		"NUL":                  {rf.Equals("a", "x\x00"), `Rows: the control character U+0000 in "x\x00"`},
		"line separator":       {rf.Equals("a", "x\u2028"), `Rows: the control character U+2028 in "x\u2028"`},
		"no UTF-8":             {rf.Equals("a", "x\xff"), `Rows: "x\xff", which is not UTF-8`},
		"backslash":            {rf.In("a", `x\`, " OR 1 = 1 --"), `Rows[0]: a backslash in "x\\"`},
		"semicolon":            {rf.Like("a", "x;y"), `Rows: a semicolon in "x;y"`},
		"mixed types":          {rf.In("a", rf.Decimal("1"), rf.Value{Type: rf.Text, Text: "x"}), "Rows[1]: the text 'x' beside the number 1"},
		"number as a pattern":  {rf.Raw("a LIKE 1"), "Rows: LIKE 1"},
		"too long":             {rf.Equals("a", strings.Repeat("x", 2042)), "Rows: 2048 characters"},
		"just not too long":    {rf.Equals("a", strings.Repeat("ü", 2041)), ""},
		"raw with a function":  {rf.Raw("lower(a) = 'x'"), `Rows: a call of the function "lower" at character 1`},
		"raw and empty":        {rf.Raw(""), "Rows: an empty condition at character 1"},
		"raw with a backslash": {rf.Raw(`a = 'x\' OR b = ' '`), "Rows: a backslash at character 7"},
		"several": {rf.And(rf.Equals("A", "x\ny"), rf.Or(), rf.In("b", "1", "\t")),
			"Rows[0]: the column \"A\"\nRows[0]: the control character U+000A in \"x\\ny\"\nRows[1]: OR of nothing\nRows[2][1]: the control character U+0009 in \"\\t\""},
	} {
		var got []string
		for _, p := range test.condition.Check("Rows") {
			got = append(got, p.Path+": "+p.Got)
			if p.Expected == "" || p.Fix == "" {
				t.Errorf("%s: incomplete problem %+v", name, p)
			}
		}
		if text := strings.Join(got, "\n"); text != test.problems {
			t.Errorf("%s: got\n%s\nwant\n%s", name, text, test.problems)
		}
		if _, err := rf.Parse(test.condition.String()); (err != nil) != (test.problems != "") {
			t.Errorf("%s: String is %s, which reads with %v", name, test.condition, err)
		}
	}
}

func TestConditionIsAValue(t *testing.T) {
	parts := []rf.Condition{rf.Equals("a", 1), rf.Equals("b", 2)}
	whole := rf.And(parts...)
	parts[0] = rf.Equals("c", 3)
	if got := whole.String(); got != "a = 1 AND b = 2" {
		t.Errorf("the condition became %s", got)
	}
	if !(rf.Condition{}).IsZero() || rf.And().IsZero() || rf.Raw("").IsZero() {
		t.Error("a mistake counts as no condition")
	}
}

// leaf is a comparison of one drawn column.
func leaf(t *rapid.T) (rf.Condition, rf.Predicate) {
	column := rapid.StringMatching(`[a-z0-9_]{1,6}|order|select|null|in`).Draw(t, "column")
	text := rapid.StringMatching(`[a-zäß世 '"()=<>,.%_\-/*0-9]{0,12}`)
	one := func(op string, c rf.Condition, values ...string) (rf.Condition, rf.Predicate) {
		p := rf.Predicate{Column: column, Operator: op}
		for _, v := range values {
			p.Values = append(p.Values, rf.Value{Type: rf.Text, Text: v})
		}
		return c, p
	}
	v, w := text.Draw(t, "value"), text.Draw(t, "other")
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return one("=", rf.Equals(column, v), v)
	case 1:
		return one("IN", rf.In(column, v, w, v), v, w, v)
	case 2:
		return one("BETWEEN", rf.Between(column, v, w), v, w)
	case 3:
		return one("LIKE", rf.Like(column, v), v)
	case 4:
		return one("IS NULL", rf.IsNull(column))
	case 5:
		n := rapid.Int64().Draw(t, "number")
		return rf.LessOrEqual(column, n), rf.Predicate{Column: column, Operator: "<=", Values: []rf.Value{rf.Decimal(fmt.Sprint(n))}}
	}
	b := rapid.Bool().Draw(t, "boolean")
	return rf.NotEquals(column, b), rf.Predicate{Column: column, Operator: "<>", Values: []rf.Value{{Type: rf.Boolean, Text: strings.ToUpper(fmt.Sprint(b))}}}
}

// tree draws a condition, and its comparisons from left to right.
func tree(t *rapid.T, depth int) (rf.Condition, []rf.Predicate) {
	kind := rapid.IntRange(0, 3).Draw(t, "node")
	if depth == 0 || kind == 0 {
		c, p := leaf(t)
		return c, []rf.Predicate{p}
	}
	if kind == 1 {
		c, all := tree(t, depth-1)
		return rf.Not(c), all
	}
	var parts []rf.Condition
	var all []rf.Predicate
	for range rapid.IntRange(1, 3).Draw(t, "parts") {
		c, predicates := tree(t, depth-1)
		parts, all = append(parts, c), append(all, predicates...)
	}
	if kind == 2 {
		return rf.And(parts...), all
	}
	return rf.Or(parts...), all
}

// acceptedTree draws a condition that is not refused, as one that is too long is.
func acceptedTree(t *rapid.T) (rf.Condition, []rf.Predicate) {
	type drawn struct {
		condition  rf.Condition
		predicates []rf.Predicate
	}
	d := rapid.Custom(func(t *rapid.T) drawn {
		c, all := tree(t, 3)
		return drawn{c, all}
	}).Filter(func(d drawn) bool { return len(d.condition.Check("c")) == 0 }).Draw(t, "condition")
	return d.condition, d.predicates
}

// Whatever the values: what is rendered reads back as the same comparisons of
// the same columns with the same constants, and renders to itself.
func TestConditionReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, wanted := acceptedTree(t)
		text := c.String()
		e, err := rf.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := describe(e.Predicates); got != describe(wanted) {
			t.Fatalf("%s reads as\n%s\nwant\n%s", text, got, describe(wanted))
		}
		if again := e.Condition.String(); again != text {
			t.Fatalf("%s became %s", text, again)
		}
	})
}

// Parentheses are left out only where the meaning stays: for any outcome of the
// comparisons the parsed condition is what the built one is.
func TestConditionKeepsItsMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := acceptedTree(t)
		text := c.String()
		e, err := rf.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for salt := range uint32(8) {
			outcome := func(comparison string) bool {
				sum := salt
				for _, b := range []byte(comparison) {
					sum = sum*31 + uint32(b)
				}
				return sum%2 == 0
			}
			if e.Condition.Holds(outcome) != c.Holds(outcome) {
				t.Fatalf("%s means something else", text)
			}
		}
	})
}

// describe spells comparisons without their places.
func describe(predicates []rf.Predicate) string {
	var b strings.Builder
	for _, p := range predicates {
		fmt.Fprintf(&b, "%s %s %q\n", p.Column, p.Operator, p.Values)
	}
	return b.String()
}

// Text of any kind stays one constant, or is refused.
func FuzzEquals(f *testing.F) {
	for _, seed := range []string{"x", "'", "''", `\`, `\'`, "' OR 1 = 1 --", "'; DROP", "\x00", "ü", "\u2028", "/*", "a' AND b = 'c"} {
		f.Add("a", seed)
	}
	f.Add(`a" = 1 OR "b`, "x")
	f.Add("a = 1 OR b", "x")
	f.Fuzz(func(t *testing.T, column, value string) {
		c := rf.In(column, value, "end")
		e, err := rf.Parse(c.String())
		if len(c.Check("c")) > 0 {
			if err == nil {
				t.Fatalf("%s was refused and reads all the same", c)
			}
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		want := describe([]rf.Predicate{{Column: column, Operator: "IN", Values: []rf.Value{{Type: rf.Text, Text: value}, {Type: rf.Text, Text: "end"}}}})
		if got := describe(e.Predicates); got != want || e.Condition.String() != c.String() {
			t.Fatalf("%s reads as %s", c, got)
		}
	})
}

func ExampleCondition() {
	rows := rf.And(
		rf.Equals("study_id", "NCT0456"),
		rf.Or(rf.In("consent", "research", "treatment"), rf.IsNull("consent")),
		rf.Not(rf.Like("site", "O'Hara%")),
	)
	fmt.Println(rows)
	fmt.Println(rf.And(rf.Equals("Study", "a\x00"), rf.In[int]("site")).Check("rows").Err())
	// Output:
	// study_id = 'NCT0456' AND (consent IN ('research', 'treatment') OR consent IS NULL) AND site NOT LIKE 'O''Hara%'
	// rows[0]: got the column "Study"; expected a catalog name of lower-case letters, digits and _; fix: write study
	// rows[0]: got the control character U+0000 in "a\x00"; expected printable text; fix: take it out
	// rows[1]: got IN of no values; expected at least one value; fix: add one, or leave the condition out
}
