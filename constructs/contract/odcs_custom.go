package contract

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

type customProperty struct {
	ID          stableID `strict:"since=v3.1.0" yaml:"id"`
	Property    string   `strict:"required,nonempty" yaml:"property"`
	Value       any      `strict:"required,spelled" yaml:"value"`
	Description string   `strict:"since=v3.1.0" yaml:"description"`
	Vendor      string   `strict:"since=v3.2.0" yaml:"vendor"`

	path string
}

// customProperties are the free properties of a part of a contract.
type customProperties []customProperty

// DecodeStrict reports properties that are there twice.
func (c *customProperties) DecodeStrict(n strictyaml.Node) {
	seen := map[string]bool{}
	type plain []customProperty
	n.Decode((*plain)(c))
	for i := range *c {
		p := &(*c)[i]
		p.path = strictyaml.Index(n.Path(), i)
		if p.Property != "" && seen[p.Property] {
			n.ReportAt(strictyaml.Key(p.path, "property"), fmt.Sprintf("the property %q a second time", p.Property), "each property once", "keep one of them")
		}
		seen[p.Property] = true
	}
}

// find returns the property with the name, or nil.
func (c customProperties) find(name string) *customProperty {
	for i := range c {
		if c[i].Property == name {
			return &c[i]
		}
	}
	return nil
}
