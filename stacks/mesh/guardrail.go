package mesh

import "slices"

// Guardrail is a rule that stops a mesh when it is broken.
type Guardrail struct {
	Name    string // as Definition.Guardrails lists it
	Refuses string // what it refuses, in words
	Always  bool   // it is on in every mesh and is no choice; to list it changes nothing
}

// The names of the guardrails.
const (
	// PHIStaysInDomain keeps phi columns, and the tables of a FHIR store, from
	// principals who read for another domain.
	PHIStaysInDomain = "phi-stays-in-domain"
	// DeidentifiedHasNoIdentifiers keeps Safe Harbor identifiers and columns of a
	// higher level out of products declared deidentified or lower. It is always on.
	DeidentifiedHasNoIdentifiers = "deidentified-products-have-no-identifiers"
)

// Guardrails are all guardrails there are, sorted by name.
func Guardrails() []Guardrail {
	return []Guardrail{
		{
			Name:    DeidentifiedHasNoIdentifiers,
			Refuses: "a Safe Harbor identifier, or a column of a higher level, in a product that is declared deidentified or lower",
			Always:  true,
		},
		{
			Name:    PHIStaysInDomain,
			Refuses: "a subscription that shows phi to another domain, and a reader of a FHIR store who reads for another domain",
		},
	}
}

// checkGuardrails checks the names of the guardrails that are switched on.
func (c *checker) checkGuardrails() {
	c.emptyList("guardrails", c.guardrails, "at least one guardrail", "name the guardrails that are switched on, or take the key out")
	var known, choices []string
	for _, g := range Guardrails() {
		known = append(known, g.Name)
		if !g.Always {
			choices = append(choices, g.Name)
		}
	}
	for i, name := range c.guardrails {
		switch {
		case !slices.Contains(known, name):
			c.addf(at("guardrails", i), quote(name), oneOf(choices), "correct the name"+suggest(name, choices))
		case slices.Contains(c.guardrails[:i], name):
			c.addf(at("guardrails", i), quote(name)+" again", "each guardrail once", "take it out")
		}
	}
}

// noteAlwaysOn finds guardrails that are listed as if they were a choice.
func (c *checker) noteAlwaysOn() {
	for _, g := range Guardrails() {
		if i := slices.Index(c.guardrails, g.Name); g.Always && i >= 0 {
			c.addf(at("guardrails", i), quote(g.Name)+", which is on in every mesh", "guardrails that are a choice", "take it out: it stays on")
		}
	}
}

// isOn reports whether a guardrail that is a choice is switched on.
func (c *checker) isOn(guardrail string) bool { return slices.Contains(c.guardrails, guardrail) }
