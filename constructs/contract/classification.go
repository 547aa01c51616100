package contract

import (
	"cmp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

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
