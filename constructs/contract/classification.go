package contract

import (
	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// classify returns the classification of a column and the level it names: its
// own or that of the most sensitive value inside it. Where it has none, every
// value inside must have one.
func (b *builder) classify(v *odcs.Value, at string) (string, ontology.Sensitivity) {
	word, level := v.Classification, levelOf(v.Classification)
	if word == "" {
		var complete bool
		if word, level, complete = insideLevel(v); !complete {
			b.warn(at, "a column without a classification", problem.OneOf(ontology.Sensitivities()),
				"classify it; until then it counts as phi")
			return "", ontology.PHI
		}
	}
	v.Walk(at, "", func(inner *odcs.Value, _, _ string) {
		if l := levelOf(inner.Classification); inner.Classification != "" && l.Compare(level) > 0 {
			word, level = inner.Classification, l
		}
	})
	return word, level
}

// insideLevel returns the highest level of the values inside an unclassified
// one, and whether each of them has a level.
func insideLevel(v *odcs.Value) (word string, level ontology.Sensitivity, complete bool) {
	inside := v.Inside("")
	if len(inside) == 0 {
		return "", "", false
	}
	for i, part := range inside {
		inner := part.Value
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
