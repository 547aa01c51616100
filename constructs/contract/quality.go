package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// The types of quality rules.
const (
	QualityLibrary = "library"
	QualitySQL     = "sql"
	QualityText    = "text"
	QualityCustom  = "custom"
)

// tableQuality returns the rules of a table and then those of its columns.
// Rules about values inside a column are checked and left out: no rule of a
// lake reaches there.
func (b *builder) tableQuality(raw *odcsObject, at string, columns []Column) []QualityRule {
	rules := b.rules(raw.Quality, at, "")
	for i := range rules {
		b.catalogNames(&rules[i], raw, columns)
	}
	for i := range raw.Properties {
		v := &raw.Properties[i].odcsValue
		path := columns[i].Path
		rules = append(rules, b.rules(v.Quality, path, columns[i].Name)...)
		b.nested(v, path, func(inner *odcsValue, at string) { b.rules(inner.Quality, at, columns[i].Name) })
	}
	return rules
}

// argumentProperties names the columns that are unique together.
const argumentProperties = "properties"

// catalogNames turns the names of properties in a rule's arguments into those
// of the columns.
func (b *builder) catalogNames(rule *QualityRule, raw *odcsObject, columns []Column) {
	for i, name := range rule.Arguments[argumentProperties] {
		column := slices.IndexFunc(raw.Properties, func(p odcsProperty) bool { return p.Name == name })
		if column < 0 {
			at := strictyaml.Key(strictyaml.Key(rule.Path, "arguments"), argumentProperties)
			b.warn(strictyaml.Index(at, i), fmt.Sprintf("%q", name), "the name of a property of the table", "correct the name")
			continue
		}
		rule.Arguments[argumentProperties][i] = columns[column].Name
	}
}

func (b *builder) rules(raw []odcsQuality, at, column string) []QualityRule {
	var out []QualityRule
	for i := range raw {
		out = append(out, b.rule(&raw[i], strictyaml.Index(strictyaml.Key(at, "quality"), i), column)...)
	}
	return out
}

// rule returns one rule for each comparison, as a rule of v3.0 may have several.
func (b *builder) rule(q *odcsQuality, at, column string) []QualityRule {
	kind := q.Type
	if kind == "" {
		kind = QualityLibrary
	}
	rule := QualityRule{
		Name: q.Name, Description: q.Description, Column: column, Type: kind, Metric: q.Metric,
		Query: q.Query, Engine: q.Engine, Unit: q.Unit, Severity: q.Severity, Schedule: q.Schedule,
		Arguments: arguments(q.Arguments), Path: at,
	}
	if rule.Metric == "" {
		rule.Metric = q.Rule
	}
	if q.Implementation != nil {
		rule.Implementation = q.Implementation.source()
	}
	b.ruleNeeds(q, kind, at)
	operations := q.operations()
	compares := kind == QualityLibrary || kind == QualitySQL
	if b.raw.APIVersion == v310 && compares && len(operations) != 1 && !(kind == QualityLibrary && q.Type == "" && q.Metric == "") {
		b.oneOperation(operations, at)
	}
	if len(operations) == 0 {
		return []QualityRule{implied(rule)}
	}
	out := make([]QualityRule, len(operations))
	for i, op := range operations {
		out[i] = implied(rule)
		out[i].Operator, out[i].Values = op.name, op.values
	}
	return out
}

func (b *builder) oneOperation(operations []operation, at string) {
	if len(operations) == 0 {
		b.problem(at, "no operator", "one of mustBe, mustNotBe, mustBeGreaterThan, mustBeBetween, …", "say what the result must be, for example mustBe: 0")
		return
	}
	keys := make([]string, len(operations))
	for i, op := range operations {
		keys[i] = op.key
	}
	b.problem(strictyaml.Key(at, keys[1]), "the operators "+strings.Join(keys, " and "), "one operator in a rule", "write a rule for each")
}

// ruleNeeds reports what a rule of its kind lacks.
func (b *builder) ruleNeeds(q *odcsQuality, kind, at string) {
	need := func(given bool, key, what string) {
		if !given {
			b.problem(strictyaml.Key(at, key), "nothing", "the key "+key+" of a rule of type "+kind, what)
		}
	}
	switch kind {
	case QualityLibrary:
		// v3.1 lets a rule without a type be anything; it then has no key to need.
		if q.Type != "" || b.raw.APIVersion != v310 {
			need(q.Metric != "" || q.Rule != "", metricKey(b.raw.APIVersion), "name what is measured, for example nullValues")
		}
	case QualitySQL:
		need(q.Query != "", "query", "write the query")
	case QualityCustom:
		need(q.Engine != "", "engine", "name the tool that runs the rule")
		need(q.Implementation != nil, "implementation", "write the rule in the tool's language")
	}
	metric := q.Metric
	if column := metric == "nullValues" || metric == "missingValues" || metric == "invalidValues"; column && strings.Count(at, "properties[") == 0 {
		b.problem(strictyaml.Key(at, "metric"), "the metric "+metric+" of a table", "a metric of tables: rowCount or duplicateValues", "move the rule to the column that it is about")
	}
}

func metricKey(version string) string {
	if version == v310 {
		return "metric"
	}
	return "rule"
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
		texts := make([]string, 0, len(items))
		for _, item := range items {
			switch item := item.(type) {
			case nil:
				texts = append(texts, "")
			case map[string]any, []any:
				texts = append(texts, asJSON(item))
			case float64:
				texts = append(texts, number64(item))
			default:
				texts = append(texts, fmt.Sprint(item))
			}
		}
		out[key] = slices.Clip(texts)
	}
	return out
}

// source is the code as text; YAML becomes JSON, with its keys sorted.
func (t *textOrMapping) source() string {
	if t.mapping != nil {
		return asJSON(t.mapping)
	}
	return t.text
}

func asJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil { // only not-a-number and infinity cannot be written
		return fmt.Sprint(v)
	}
	return string(data)
}
