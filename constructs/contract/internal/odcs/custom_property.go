package odcs

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// CustomProperty is one free property of a part of a contract.
type CustomProperty struct {
	ID          stableID `strict:"since=v3.1.0" yaml:"id"`
	Property    string   `strict:"required,nonempty" yaml:"property"`
	Value       any      `strict:"required,spelled" yaml:"value"`
	Description string   `strict:"since=v3.1.0" yaml:"description"`
	Vendor      string   `strict:"since=v3.2.0" yaml:"vendor"`

	// Path is the property's place in the file.
	Path string
}

// CustomProperties are the free properties of a part of a contract.
type CustomProperties []CustomProperty

// DecodeStrict reports properties that are there twice.
func (c *CustomProperties) DecodeStrict(n strictyaml.Node) {
	seen := map[string]bool{}
	type plain []CustomProperty
	n.Decode((*plain)(c))
	for i := range *c {
		p := &(*c)[i]
		p.Path = problem.Index(n.Path(), i)
		if p.Property != "" && seen[p.Property] {
			n.ReportAt(problem.Key(p.Path, "property"), fmt.Sprintf("the property %q a second time", p.Property), "each property once", "keep one of them")
		}
		seen[p.Property] = true
	}
}

// Find returns the property with the name, or nil.
func (c CustomProperties) Find(name string) *CustomProperty {
	for i := range c {
		if c[i].Property == name {
			return &c[i]
		}
	}
	return nil
}
