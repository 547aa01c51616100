package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// The types of quality rules.
const (
	QualityLibrary = "library"
	QualitySQL     = "sql"
	QualityText    = "text"
	QualityCustom  = "custom"
)

// tableQuality returns the rules of a table and then those of its columns and of
// the fields inside them.
func (b *builder) tableQuality(raw *odcs.Object, at string, properties []rawColumn, columns []Column) []QualityRule {
	rules := b.rules(raw.Quality, at, "", "")
	for i := range rules {
		b.catalogNames(&rules[i], properties, columns)
	}
	for i, p := range properties {
		rules = append(rules, b.rules(p.raw.Quality, p.path, columns[i].Name, "")...)
		p.raw.Walk(p.path, "", func(inner *odcs.Value, at, field string) {
			rules = append(rules, b.rules(inner.Quality, at, columns[i].Name, field)...)
		})
	}
	return rules
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// argumentProperties names the columns that are unique together.
const argumentProperties = "properties"

// catalogNames turns the names of properties in a rule's arguments into those
// of the columns.
func (b *builder) catalogNames(rule *QualityRule, properties []rawColumn, columns []Column) {
	for i, name := range rule.Arguments[argumentProperties] {
		column := slices.IndexFunc(properties, func(p rawColumn) bool { return p.raw.Name == name })
		if column < 0 {
			at := problem.Key(problem.Key(rule.Path, "arguments"), argumentProperties)
			b.warn(problem.Index(at, i), fmt.Sprintf("%q", name), "the name of a property of the table", "correct the name")
			continue
		}
		rule.Arguments[argumentProperties][i] = columns[column].Name
	}
}

func (b *builder) rules(raw []odcs.Quality, at, column, field string) []QualityRule {
	var out []QualityRule
	for i := range raw {
		made := b.rule(&raw[i], problem.Index(problem.Key(at, "quality"), i), column)
		for j := range made {
			made[j].Field = field
		}
		out = append(out, made...)
	}
	return out
}

// rule returns one rule for each comparison, as a rule of v3.0 may have several.
func (b *builder) rule(q *odcs.Quality, at, column string) []QualityRule {
	kind := q.Type
	if kind == "" {
		kind = QualityLibrary
	}
	rule := QualityRule{
		Name: q.Name, Description: q.Description, Column: column, Type: kind, Metric: q.Metric,
		Query: q.Query, Engine: q.Engine, Unit: q.Unit, Severity: q.Severity, Dimension: q.Dimension, Schedule: q.Schedule,
		Arguments: arguments(q.Arguments), Path: at,
	}
	if rule.Metric == "" {
		rule.Metric = q.Rule
	}
	if q.Implementation != nil {
		rule.Implementation = string(*q.Implementation)
	}
	if q.ValidValues != nil {
		rule.Arguments = map[string][]string{"validValues": q.ValidValues.Texts}
	}
	b.ruleNeeds(q, kind, at)
	operations := q.Operations()
	compares := kind == QualityLibrary || kind == QualitySQL
	if !b.before(odcs.V310) && compares && len(operations) != 1 && !(kind == QualityLibrary && q.Type == "" && q.Metric == "") {
		b.oneOperation(operations, at)
	}
	if len(operations) == 0 {
		return []QualityRule{implied(rule)}
	}
	out := make([]QualityRule, len(operations))
	for i, op := range operations {
		out[i] = implied(rule)
		out[i].Operator, out[i].Values = op.Name, op.Values
	}
	return out
}

func (b *builder) oneOperation(operations []odcs.Operation, at string) {
	if len(operations) == 0 {
		b.problem(at, "no operator", "one of mustBe, mustNotBe, mustBeGreaterThan, mustBeBetween, …", "say what the result must be, for example mustBe: 0")
		return
	}
	keys := make([]string, len(operations))
	for i, op := range operations {
		keys[i] = op.Key
	}
	b.problem(problem.Key(at, keys[1]), "the operators "+strings.Join(keys, " and "), "one operator in a rule", "write a rule for each")
}

// ruleNeeds reports what a rule of its kind lacks.
func (b *builder) ruleNeeds(q *odcs.Quality, kind, at string) {
	need := func(given bool, key, fix string) {
		if !given {
			b.problem(problem.Key(at, key), "nothing", "the key "+key+" of a rule of type "+kind, fix)
		}
	}
	switch kind {
	case QualityLibrary:
		// v3.1 lets a rule without a type be anything; it then has no key to need.
		if q.Type != "" || b.before(odcs.V310) {
			need(q.Metric != "" || q.Rule != "" || b.doc.Has(problem.Key(at, "metric")), b.metricKey(), "name what is measured, for example nullValues")
		}
	case QualitySQL:
		need(q.Query != "", "query", "write the query")
	case QualityCustom:
		need(q.Engine != "", "engine", "name the tool that runs the rule")
		need(q.Implementation != nil, "implementation", "write the rule in the tool's language")
	}
	metric := q.Metric
	if column := metric == "nullValues" || metric == "missingValues" || metric == "invalidValues"; column && strings.Count(at, "properties[") == 0 {
		b.problem(problem.Key(at, "metric"), "the metric "+metric+" of a table", "a metric of tables: rowCount or duplicateValues", "move the rule to the column that it is about")
	}
}

func (b *builder) metricKey() string {
	if b.before(odcs.V310) {
		return "rule"
	}
	return "metric"
}

// implied translates the rules that examples of v3.0 use into metrics of v3.1,
// with the comparison that their name stands for.
func implied(rule QualityRule) QualityRule {
	switch rule.Metric {
	case "nullCheck":
		rule.Metric, rule.Operator, rule.Values = "nullValues", "mustBe", []string{"0"}
	case "uniqueCheck", "duplicateCheck":
		rule.Metric, rule.Operator, rule.Values = "duplicateValues", "mustBe", []string{"0"}
	case "duplicateCount":
		rule.Metric = "duplicateValues"
	}
	return rule
}

// arguments renders every argument as a list of texts.
func arguments(raw map[string]any) map[string][]string {
	if len(raw) == 0 {
		return nil
	}
	out := make(map[string][]string, len(raw))
	for key, value := range raw {
		items, ok := value.([]any)
		if !ok {
			items = []any{value}
		}
		out[key] = texts(items)
	}
	return out
}

// texts renders values as texts, without nulls.
func texts(values []any) []string {
	out := make([]string, 0, len(values))
	for _, value := range values {
		switch value := value.(type) {
		case nil:
		case map[string]any, []any:
			out = append(out, odcs.JSON(value))
		default:
			out = append(out, fmt.Sprint(value))
		}
	}
	return slices.Clip(out)
}
