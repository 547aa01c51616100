package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// column builds a column of a table with the format.
func (b *builder) column(raw *odcsProperty, at string, format Format) Column {
	typ := b.typeOf(&raw.odcsValue, at)
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
	c.Classification, c.Sensitivity = b.classify(&raw.odcsValue, at)
	c.Identifier = b.identifier(&raw.odcsValue)
	c.LFTags = b.lfTags(raw.Custom)
	b.columnStorage(&c, raw.Custom)
	b.derivation(&c, &raw.odcsValue)
	b.nested(&raw.odcsValue, at, func(v *odcsValue, at string) {
		b.noLFTags(v)
		if v.Partitioned {
			b.warn(strictyaml.Key(at, "partitioned"), "a partition key inside a column", "partition keys among the columns", "make it a column of its own")
		}
		if id := b.identifier(v); c.Identifier == "" {
			c.Identifier = id
		}
	})
	return c
}

// nested calls f for every value inside the value, outermost first.
func (b *builder) nested(v *odcsValue, at string, f func(*odcsValue, string)) {
	for i := range v.Properties {
		p, path := &v.Properties[i].odcsValue, strictyaml.Index(strictyaml.Key(at, "properties"), i)
		f(p, path)
		b.nested(p, path, f)
	}
	if v.Items != nil {
		path := strictyaml.Key(at, "items")
		f(&v.Items.odcsValue, path)
		b.nested(&v.Items.odcsValue, path, f)
	}
}

// classify returns the classification of a column and the level it names: its
// own or that of the most sensitive value inside it. Where it has none, every
// value inside must have one.
func (b *builder) classify(v *odcsValue, at string) (string, ontology.Sensitivity) {
	word, level := v.Classification, levelOf(v.Classification)
	if word == "" {
		var complete bool
		if word, level, complete = insideLevel(v); !complete {
			b.warn(at, "a column without a classification", "one of "+strings.Join(words(ontology.Sensitivities()), ", "),
				"classify it; until then it counts as phi")
			return "", ontology.PHI
		}
	}
	b.nested(v, at, func(inner *odcsValue, _ string) {
		if l := levelOf(inner.Classification); inner.Classification != "" && l.Compare(level) > 0 {
			word, level = inner.Classification, l
		}
	})
	return word, level
}

// insideLevel returns the highest level of the values inside an unclassified
// one, and whether each of them has a level.
func insideLevel(v *odcsValue) (word string, level ontology.Sensitivity, complete bool) {
	inside := make([]*odcsValue, 0, len(v.Properties)+1)
	for i := range v.Properties {
		inside = append(inside, &v.Properties[i].odcsValue)
	}
	if v.Items != nil {
		inside = append(inside, &v.Items.odcsValue)
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

// levelOf is the level that a classification names, PHI where it names none.
func levelOf(classification string) ontology.Sensitivity {
	if level, ok := ontology.ParseSensitivity(classification); ok {
		return level
	}
	return ontology.PHI
}

// identifier reads the custom property hipaaIdentifier.
func (b *builder) identifier(v *odcsValue) ontology.Identifier {
	b.typos(v.Custom, customIdentifier, customProjection, customTransform, customLFTags, customDeidentify, customDeidentifyValues)
	p := v.Custom.find(customIdentifier)
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
func (b *builder) checkOptions(v *odcsValue, at string) {
	if v.LogicalType == "" {
		return
	}
	allowed := optionsOf(v.LogicalType)
	for _, key := range allOptions() {
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
