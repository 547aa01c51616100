package catalogue

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
)

// rules are the quality rules of a table in words.
func rules(t *contract.Table) []Rule {
	var out []Rule
	measured := measure.Of(t)
	for i := range t.Quality {
		q := &t.Quality[i]
		r := Rule{Column: strings.TrimSuffix(q.Column+"."+q.Field, "."), Text: q.Description, Check: check(q), Severity: q.Severity, Dimension: q.Dimension}
		if r.Text == "" {
			r.Text, r.Check = cmp.Or(r.Check, q.Name, "A rule without words."), ""
		}
		r.Unmeasured = unmeasured(q, measured.NotMeasured)
		out = append(out, r)
	}
	return out
}

// unmeasured says why nothing measures a rule; "" when something does.
func unmeasured(q *contract.QualityRule, not problem.List) string {
	if q.Type == contract.QualityText {
		return "for people to read"
	}
	for _, p := range not {
		if rest, of := strings.CutPrefix(p.Path, q.Path); of && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return p.Got + " is not measured; expected " + p.Expected
		}
	}
	return ""
}

// check says what a rule checks, in a sentence; "" where the rule has no operator.
func check(q *contract.QualityRule) string {
	switch q.Type {
	case contract.QualityText:
		return ""
	case contract.QualityCustom:
		return "A rule of " + q.Engine + "."
	}
	what := measuredIn(q)
	if what == "" || q.Operator == "" {
		return ""
	}
	if q.Operator == "mustBe" && slices.Equal(q.Values, []string{"0"}) && q.Type != contract.QualitySQL {
		return "There are no " + what + "."
	}
	values := strings.Join(q.Values, " and ")
	if q.Unit == "percent" {
		values += " percent"
	}
	if q.Type == contract.QualitySQL {
		return "What the query " + strings.Join(strings.Fields(q.Query), " ") + " returns " + words(q.Operator) + " " + values + "."
	}
	return "The number of " + what + " " + words(q.Operator) + " " + values + "."
}

// measuredIn is what a rule counts.
func measuredIn(q *contract.QualityRule) string {
	switch q.Metric {
	case "nullValues":
		return "values that are null"
	case "missingValues":
		return "values that are null" + among(", or among ", q.Arguments["missingValues"])
	case "invalidValues":
		var parts []string
		if valid := q.Arguments["validValues"]; len(valid) > 0 {
			parts = append(parts, "not among "+strings.Join(valid, ", "))
		}
		if pattern := q.Arguments["pattern"]; len(pattern) > 0 {
			parts = append(parts, "without the pattern "+strings.Join(pattern, ", "))
		}
		return strings.TrimSpace("values " + strings.Join(parts, ", or "))
	case "duplicateValues":
		return "values that repeat another" + among(" of the columns ", q.Arguments["properties"])
	case "rowCount":
		return "rows"
	}
	if q.Type == contract.QualitySQL {
		return "rows"
	}
	return q.Metric
}

func among(before string, values []string) string {
	if len(values) == 0 {
		return ""
	}
	return before + strings.Join(values, ", ")
}

// words are those of a name such as mustBeLessThan.
func words(name string) string {
	var out strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			out.WriteByte(' ')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
