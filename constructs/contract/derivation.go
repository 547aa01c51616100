package contract

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// Deidentify says that a table is made from another one by removing what
// identifies patients, from the table's custom property "deidentify". Package
// deidentify writes the SQL.
type Deidentify struct {
	// From is the table that it is made from, as product.table; both stand in the
	// domain of this one.
	From string
	// Standard is safe-harbor or expert-determination; "" is safe-harbor.
	Standard ontology.DeidentifyStandard `json:",omitempty"`
	// Person is the column of the source that tells patients apart. Only the
	// method shift needs it: all dates of a person move by the same days.
	Person string `json:",omitempty"`
}

// Derivation says how a column is made from columns of another table.
type Derivation struct {
	// Sources are the columns it is made from, as table.column, from the
	// standard's transformSourceObjects. Fields inside a column follow after more
	// points, and a step through an array takes its first element:
	// patient.address.postalcode.
	Sources []string `json:",omitempty"`
	// Logic is the standard's transformLogic.
	Logic string `json:",omitempty"`
	// Method is how the value is de-identified, from the custom property
	// "deidentify"; "" is the default for what the source holds.
	Method ontology.Method `json:",omitempty"`
	// Values are those that the method generalize lets through, from the custom
	// property "deidentifyValues".
	Values []string `json:",omitempty"`
}

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
	values := b.options(p.Value, strictyaml.Key(p.Path, "value"), keyFrom, keyStandard, keyPerson)
	if values == nil {
		return
	}
	t.Deidentify = &Deidentify{
		From: values[keyFrom], Standard: ontology.DeidentifyStandard(values[keyStandard]), Person: values[keyPerson],
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
		at := strictyaml.Key(p.Path, "value")
		list, ok := p.Value.([]any)
		if !ok {
			b.shape(at, p.Value, "a list", "write for example [white, black, asian]")
		}
		for i, value := range list {
			d.Values = append(d.Values, b.scalar(value, strictyaml.Index(at, i)))
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
	if !fromPattern.MatchString(d.From) {
		k.list.Addf(at, fmt.Sprintf("%s: %q", keyFrom, d.From), "product.table, both in the domain of this table", "name the table that this one is made from")
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
