package odcs

import (
	"encoding/json"
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// Quality is one rule about a table or a column.
type Quality struct {
	ID             stableID         `strict:"since=v3.1.0" yaml:"id"`
	Authorities    []Authority      `yaml:"authoritativeDefinitions"`
	BusinessImpact string           `yaml:"businessImpact"`
	Custom         CustomProperties `yaml:"customProperties"`
	Description    string           `yaml:"description"`
	Dimension      string           `strict:"enum=accuracy|completeness|conformity|consistency|coverage|timeliness|uniqueness" yaml:"dimension"`
	Method         string           `yaml:"method"`
	Name           string           `yaml:"name"`
	Schedule       string           `yaml:"schedule"`
	Scheduler      string           `yaml:"scheduler"`
	Severity       string           `yaml:"severity"`
	Tags           []string         `yaml:"tags"`
	Type           string           `strict:"enum=text|library|sql|custom" yaml:"type"`
	Unit           string           `yaml:"unit"`
	Metric         string           `strict:"since=v3.1.0,enum=nullValues|missingValues|invalidValues|duplicateValues|rowCount" yaml:"metric"`
	Rule           string           `yaml:"rule"`
	ValidValues    *AnyValues       `strict:"until=v3.0.2" yaml:"validValues"`
	Arguments      map[string]any   `strict:"since=v3.1.0,spelled" yaml:"arguments"`
	Query          string           `yaml:"query"`
	Engine         string           `yaml:"engine"`
	Implementation *Source          `yaml:"implementation"`

	MustBe                     *AnyValues `yaml:"mustBe"`
	MustNotBe                  *AnyValues `yaml:"mustNotBe"`
	MustBeGreaterThan          *number    `yaml:"mustBeGreaterThan"`
	MustBeGreaterOrEqualTo     *number    `yaml:"mustBeGreaterOrEqualTo"`
	MustBeGreaterThanOrEqualTo *number    `yaml:"mustBeGreaterThanOrEqualTo"`
	MustBeLessThan             *number    `yaml:"mustBeLessThan"`
	MustBeLessOrEqualTo        *number    `yaml:"mustBeLessOrEqualTo"`
	MustBeLessThanOrEqualTo    *number    `yaml:"mustBeLessThanOrEqualTo"`
	MustBeBetween              *interval  `yaml:"mustBeBetween"`
	MustNotBeBetween           *interval  `yaml:"mustNotBeBetween"`
}

// Operation is one comparison of a rule.
type Operation struct {
	Key    string   // as the file spells it
	Name   string   // of the operator in the standard
	Values []string // that the measure is compared with
}

// Operations returns the comparisons of a rule, in the order of the standard.
func (q *Quality) Operations() []Operation {
	var out []Operation
	add := func(key, name string, given bool, values func() []string) {
		if given {
			out = append(out, Operation{Key: key, Name: name, Values: values()})
		}
	}
	add("mustBe", "mustBe", q.MustBe != nil, func() []string { return q.MustBe.Texts })
	add("mustNotBe", "mustNotBe", q.MustNotBe != nil, func() []string { return q.MustNotBe.Texts })
	for _, n := range []struct {
		key, name string
		value     *number
	}{
		{"mustBeGreaterThan", "mustBeGreaterThan", q.MustBeGreaterThan},
		{"mustBeGreaterOrEqualTo", "mustBeGreaterOrEqualTo", q.MustBeGreaterOrEqualTo},
		{"mustBeGreaterThanOrEqualTo", "mustBeGreaterOrEqualTo", q.MustBeGreaterThanOrEqualTo},
		{"mustBeLessThan", "mustBeLessThan", q.MustBeLessThan},
		{"mustBeLessOrEqualTo", "mustBeLessOrEqualTo", q.MustBeLessOrEqualTo},
		{"mustBeLessThanOrEqualTo", "mustBeLessOrEqualTo", q.MustBeLessThanOrEqualTo},
	} {
		add(n.key, n.name, n.value != nil, func() []string { return []string{n.value.text} })
	}
	add("mustBeBetween", "mustBeBetween", q.MustBeBetween != nil, func() []string { return q.MustBeBetween.Texts })
	add("mustNotBeBetween", "mustNotBeBetween", q.MustNotBeBetween != nil, func() []string { return q.MustNotBeBetween.Texts })
	return out
}

// number keeps how the file spells it.
type number struct {
	text  string
	value float64
}

// DecodeStrict accepts a number.
func (v *number) DecodeStrict(n strictyaml.Node) {
	n.Decode(&v.value)
	v.text = n.Text()
}

// interval is two numbers, the smaller one first.
type interval struct{ Texts []string }

// DecodeStrict accepts a list of two numbers.
func (v *interval) DecodeStrict(n strictyaml.Node) {
	var ends []number
	n.Decode(&ends)
	if n.Kind() != strictyaml.Sequence {
		return
	}
	for _, e := range ends {
		v.Texts = append(v.Texts, e.text)
	}
	if len(ends) != 2 || ends[0].value >= ends[1].value {
		n.Report(fmt.Sprintf("%v", v.Texts), "two numbers, the smaller one first", "write [from, to]")
	}
}

// AnyValues is a scalar or a list of them.
type AnyValues struct {
	Texts []string // as the file spells them
}

// DecodeStrict accepts both.
func (v *AnyValues) DecodeStrict(n strictyaml.Node) {
	switch n.Kind() {
	case strictyaml.Mapping:
		n.Report(n.Describe(), "a value", "write the value to compare with")
	case strictyaml.Sequence:
		var items []scalar
		n.Decode(&items)
		for _, item := range items {
			v.Texts = append(v.Texts, string(item))
		}
	default:
		v.Texts = []string{n.Text()}
	}
}

// scalar is any value that is no list or mapping, as the file spells it.
type scalar string

// DecodeStrict accepts scalars.
func (s *scalar) DecodeStrict(n strictyaml.Node) {
	if n.Kind() == strictyaml.Sequence || n.Kind() == strictyaml.Mapping {
		n.Report(n.Describe(), "a value", "write one value")
		return
	}
	*s = scalar(n.Text())
}

// Source is the code of another tool, as a text or as YAML, which becomes JSON with
// its keys sorted.
type Source string

// DecodeStrict accepts both.
func (s *Source) DecodeStrict(n strictyaml.Node) {
	var text string
	if n.Kind() == strictyaml.Mapping {
		var mapping map[string]any
		n.Decode(&mapping)
		text = JSON(mapping)
	} else {
		n.Decode(&text)
	}
	*s = Source(text)
}

// JSON is a value of YAML as JSON.
func JSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil { // only not-a-number and infinity cannot be written
		return fmt.Sprint(v)
	}
	return string(data)
}
