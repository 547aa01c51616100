package contract

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// The keys of a table's custom property deidentify.
const (
	keyFrom     = "from"
	keyStandard = "standard"
	keyPerson   = "person"
)

// deidentify reads the custom property of a table.
func (b *builder) deidentify(t *Table, custom odcs.CustomProperties) {
	p := b.find(custom, t.Path, customDeidentify)
	if p == nil {
		return
	}
	values := b.options(p.Value, problem.Key(p.Path, "value"), keyFrom, keyStandard, keyPerson)
	if values == nil {
		return
	}
	t.Deidentify = &Deidentify{
		From: ParseReference(values[keyFrom]), Standard: ontology.DeidentifyStandard(values[keyStandard]), Person: values[keyPerson],
	}
}

// derivation reads how a column is made.
func (b *builder) derivation(c *Column, v *odcs.Value) {
	d := Derivation{Sources: v.TransformSources, Logic: v.TransformLogic}
	if p := b.find(v.Custom, c.Path, customDeidentify); p != nil {
		text, _ := b.text(p)
		d.Method = ontology.Method(text)
	}
	if p := b.find(v.Custom, c.Path, customDeidentifyValues); p != nil {
		at := problem.Key(p.Path, "value")
		list, ok := p.Value.([]any)
		if !ok {
			b.shape(at, p.Value, "a list", "write for example [white, black, asian]")
		}
		for i, value := range list {
			d.Values = append(d.Values, b.scalar(value, problem.Index(at, i)))
		}
	}
	if len(d.Sources) > 0 || d.Logic != "" || d.Method != "" || d.Values != nil {
		c.Derivation = &d
	}
}

// deidentify checks the words of a table's derivation; whether it de-identifies
// is for package deidentify, which knows the source.
func (k *checker) deidentify(t *Table, path string) {
	d := t.Deidentify
	if d == nil {
		return
	}
	at := k.at(path, customDeidentify)
	if !fromPattern.MatchString(d.From.Name()) {
		k.list.Addf(at, fmt.Sprintf("%s: %q", keyFrom, d.From.Name()), "product.table, both in the domain of this table", "name the table that this one is made from")
	}
	if d.Standard != "" && !d.Standard.Valid() {
		k.word(at, string(d.Standard), words(ontology.DeidentifyStandards()))
	}
	if t.View != nil {
		k.list.Addf(at, "a view", "a table with files of its own", "make it a table, or remove deidentify: a view would show its readers the source")
	}
}

// derivation checks the words of a column's derivation; made is whether its
// table says what it is made from, without which a method would mean nothing.
func (k *checker) derivation(c *Column, path string, made bool) {
	d := c.Derivation
	switch {
	case d == nil || d.Method == "":
	case !d.Method.Valid():
		k.word(k.at(path, customDeidentify), string(d.Method), words(ontology.Methods()))
	case !made:
		k.list.Addf(k.at(path, customDeidentify), fmt.Sprintf("the method %s in a table that does not say what it is made from", d.Method),
			"deidentify: {from: product.table} on the table", "add it, or remove the method")
	}
}
