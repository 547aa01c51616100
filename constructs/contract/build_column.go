package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// column builds a column of a table with the format.
func (b *builder) column(raw *odcs.Property, at string, format Format) Column {
	b.iceberg = format == FormatIceberg
	typ := b.typeOf(&raw.Value, at)
	if format == FormatIceberg {
		typ = typ.Iceberg()
	}
	c := Column{
		Name: cmp.Or(raw.PhysicalName, raw.Name), Type: typ.String(), Description: raw.Description,
		Required: raw.Required, Unique: raw.Unique, Path: at,
	}
	if n := utf8.RuneCountInString(c.Description); n > maxComment {
		b.tooLong(strictyaml.Key(at, "description"), n, maxComment)
	}
	c.Classification, c.Sensitivity = b.classify(&raw.Value, at)
	b.places(raw.Custom, onColumn)
	c.Identifier = b.identifier(&raw.Value)
	c.LFTags = b.lfTags(raw.Custom)
	c.Enum = b.enum(raw.Enum, strictyaml.Key(at, "enum"))
	b.columnStorage(&c, raw.Custom)
	b.derivation(&c, &raw.Value)
	b.nested(&raw.Value, at, func(v *odcs.Value, at string) {
		b.noLFTags(v)
		b.places(v.Custom, onField)
		if v.Partitioned {
			b.warn(strictyaml.Key(at, "partitioned"), "a partition key inside a column", "partition keys among the columns", "make it a column of its own")
		}
		if id := b.identifier(v); c.Identifier == "" {
			c.Identifier = id
		}
	})
	return c
}

// enum returns the values that a column may have.
func (b *builder) enum(raw []odcs.Enum, at string) []string {
	var out []string
	for i := range raw {
		path := strictyaml.Key(strictyaml.Index(at, i), "value")
		value := b.scalar(raw[i].Value, path)
		if slices.Contains(out, value) {
			b.problem(path, fmt.Sprintf("%q a second time", brief(value)), "each value once", "keep one of them")
		}
		out = append(out, value)
	}
	return out
}

// nested calls f for every value inside the value, outermost first.
func (b *builder) nested(v *odcs.Value, at string, f func(*odcs.Value, string)) {
	b.nestedFields(v, at, "", func(inner *odcs.Value, at, _ string) { f(inner, at) })
}

// nestedFields is nested with the way to each value, as transformSourceObjects
// writes it: address.postalcode. A step through an array has no name.
func (b *builder) nestedFields(v *odcs.Value, at, field string, f func(v *odcs.Value, at, field string)) {
	each := func(inner *odcs.Value, path, name string) {
		way := field
		if name != "" {
			way = strings.TrimPrefix(field+"."+name, ".")
		}
		f(inner, path, way)
		b.nestedFields(inner, path, way, f)
	}
	for i := range v.Properties {
		p := &v.Properties[i]
		each(&p.Value, strictyaml.Index(strictyaml.Key(at, "properties"), i), cmp.Or(p.PhysicalName, p.Name))
	}
	if v.Items != nil {
		each(&v.Items.Value, strictyaml.Key(at, "items"), "")
	}
	if v.Map != nil {
		path := strictyaml.Key(at, "map")
		each(&v.Map.Key.Value, strictyaml.Key(path, "key"), "key")
		each(&v.Map.Value.Value, strictyaml.Key(path, "value"), "value")
	}
}

// classify returns the classification of a column and the level it names: its
// own or that of the most sensitive value inside it. Where it has none, every
// value inside must have one.
func (b *builder) classify(v *odcs.Value, at string) (string, ontology.Sensitivity) {
	word, level := v.Classification, levelOf(v.Classification)
	if word == "" {
		var complete bool
		if word, level, complete = insideLevel(v); !complete {
			b.warn(at, "a column without a classification", "one of "+strings.Join(words(ontology.Sensitivities()), ", "),
				"classify it; until then it counts as phi")
			return "", ontology.PHI
		}
	}
	b.nested(v, at, func(inner *odcs.Value, _ string) {
		if l := levelOf(inner.Classification); inner.Classification != "" && l.Compare(level) > 0 {
			word, level = inner.Classification, l
		}
	})
	return word, level
}

// insideLevel returns the highest level of the values inside an unclassified
// one, and whether each of them has a level.
func insideLevel(v *odcs.Value) (word string, level ontology.Sensitivity, complete bool) {
	inside := make([]*odcs.Value, 0, len(v.Properties)+1)
	for i := range v.Properties {
		inside = append(inside, &v.Properties[i].Value)
	}
	if v.Items != nil {
		inside = append(inside, &v.Items.Value)
	}
	if v.Map != nil {
		inside = append(inside, &v.Map.Key.Value, &v.Map.Value.Value)
	}
	if len(inside) == 0 {
		return "", "", false
	}
	for i, inner := range inside {
		w, l := inner.Classification, levelOf(inner.Classification)
		if w == "" {
			var ok bool
			if w, l, ok = insideLevel(inner); !ok {
				return "", "", false
			}
		}
		if i == 0 || l.Compare(level) > 0 {
			word, level = w, l
		}
	}
	return word, level, true
}

// identifier reads the custom property hipaaIdentifier.
func (b *builder) identifier(v *odcs.Value) ontology.Identifier {
	p := v.Custom.Find(customIdentifier)
	if p == nil {
		return ""
	}
	s, ok := b.text(p)
	if !ok {
		return ""
	}
	id := ontology.Identifier(s)
	if !id.Valid() {
		b.badWord(p, s, words(ontology.Identifiers()))
		return ""
	}
	return id
}

// checkOptions reports options that the logical type does not have.
func (b *builder) checkOptions(v *odcs.Value, at string) {
	if !v.Options.Given {
		return
	}
	b.precision(v, at)
	allowed := odcs.OptionsOf(v.LogicalType)
	if b.before(odcs.V310) {
		allowed = slices.DeleteFunc(allowed, func(key string) bool { return key == "timezone" || key == "defaultTimezone" })
	}
	known := allowed
	if v.LogicalType == "" {
		known = odcs.AllOptions()
	}
	for _, key := range sortedKeys(v.Options.Other) {
		expected, fix := "no options", "remove it"
		if len(known) > 0 {
			expected = "one of " + strings.Join(known, ", ")
		}
		if near, ok := problem.Nearest(key, known); ok {
			expected, fix = "an option that is known here", fmt.Sprintf("did you mean %s?", near)
		}
		b.problem(strictyaml.Key(strictyaml.Key(at, "logicalTypeOptions"), key), fmt.Sprintf("the unknown option %q", key), expected, fix)
	}
	if v.LogicalType == "" {
		return
	}
	for _, key := range odcs.AllOptions() {
		path := strictyaml.Key(strictyaml.Key(at, "logicalTypeOptions"), key)
		if slices.Contains(allowed, key) || !b.doc.Has(path) {
			continue
		}
		expected := "no options"
		if len(allowed) > 0 {
			expected = "one of " + strings.Join(allowed, ", ")
		}
		b.problem(path, fmt.Sprintf("the option %s for the logical type %s", key, v.LogicalType), expected, "remove it, or correct logicalType")
	}
}
