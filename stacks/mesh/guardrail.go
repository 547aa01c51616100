package mesh

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
)

// Guardrail is a rule that stops a mesh when it is broken.
type Guardrail struct {
	Name    string // as Definition.Guardrails lists it
	Refuses string // what it refuses, in words
	Always  bool   // it is on in every mesh and is no choice; to list it changes nothing
}

// The names of the guardrails that the definition itself is checked by. Those of package
// guardrail judge who can see what: see Definition.Judge.
const (
	// PHIStaysInDomain keeps phi columns, and the tables of a FHIR store, from
	// principals who read for another domain. It judges who can see what too.
	PHIStaysInDomain = guardrail.PHIStaysInDomain
	// DeidentifiedHasNoIdentifiers keeps Safe Harbor identifiers and columns of a
	// higher level out of products declared deidentified or lower. It is always on.
	DeidentifiedHasNoIdentifiers = "deidentified-products-have-no-identifiers"
)

// Guardrails are all guardrails there are by name, sorted by it.
func Guardrails() []Guardrail {
	out := []Guardrail{{
		Name:    DeidentifiedHasNoIdentifiers,
		Refuses: "a Safe Harbor identifier, or a column of a higher level, in a product that is declared deidentified or lower",
		Always:  true,
	}}
	for _, name := range guardrail.Names() {
		out = append(out, Guardrail{Name: name, Refuses: guardrail.Refuses(name)})
	}
	slices.SortFunc(out, func(a, b Guardrail) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// GuardrailRule is a guardrail that is switched on: in a mesh file its name, or a mapping.
type GuardrailRule struct {
	Name string `yaml:"name" strict:"required"` // one of Guardrails, or that of an own guardrail

	// Refuse is what an own guardrail refuses: an expression over an access of package
	// guardrail, such as path == "bypass" && domain == "clinical".
	Refuse string `yaml:"refuse" strict:"nonempty"`
	// Fix is what to do about a violation of an own guardrail. Default: to take the access back.
	Fix string `yaml:"fix"`
	// Known are the administrators that administrators-are-known lets be, as ARNs; {name}
	// stands for an account id, and * for anything. The role that deploys and those that the
	// mesh makes are known without.
	Known []string `yaml:"known" strict:"nonempty"`
	// Except is what is let through. What a subscription gives is checked before, and is not
	// excepted here.
	Except []GuardrailException `yaml:"except" strict:"nonempty"`
}

// GuardrailException is what a guardrail lets through. What is written of Principal to
// Columns must all match. One that lets nothing through is a finding of the synthesis.
type GuardrailException struct {
	// Principal is a principal of the mesh by its name, or an ARN, an account or the last
	// part of an ARN; {name} stands for an account id, and * for anything.
	Principal string   `yaml:"principal" strict:"required"`
	Domain    string   `yaml:"domain"`                    // whose data; "" is any
	Table     string   `yaml:"table"`                     // database.table; * stands for anything, "" is any
	Columns   []string `yaml:"columns" strict:"nonempty"` // that may be seen; none is all
	Stages    []string `yaml:"stages" strict:"nonempty"`  // where it counts; none is all
	Reason    string   `yaml:"reason" strict:"required"`  // why, as an auditor reads it
	Steward   string   `yaml:"steward" strict:"required"` // e-mail address of the steward who lets it through
	Until     string   `yaml:"until"`                     // last day, YYYY-MM-DD; "" is no end
}

// DecodeStrict accepts a name or a mapping.
func (g *GuardrailRule) DecodeStrict(n strictyaml.Node) {
	switch n.Kind() {
	case strictyaml.Mapping:
		type plain GuardrailRule
		n.Decode((*plain)(g))
		refuseBlankLimits(n, "known", "except", "refuse")
	case strictyaml.String:
		g.Name = n.Text()
	default:
		n.Report(n.Describe(), "the name of a guardrail, or a mapping with name", "write for example phi-stays-in-domain")
	}
}

// DecodeStrict reads an exception of a mesh file.
func (e *GuardrailException) DecodeStrict(n strictyaml.Node) {
	type plain GuardrailException
	n.Decode((*plain)(e))
	refuseBlankLimits(n, "domain", "table", "columns", "stages", "until")
}

// isAlwaysOn reports whether a guardrail is no choice.
func isAlwaysOn(name string) bool { return name == DeidentifiedHasNoIdentifiers }

// checkGuardrails checks the guardrails that are switched on.
func (c *checker) checkGuardrails() {
	if c.guardrails != nil && len(c.guardrails) == 0 {
		c.addf("guardrails", "an empty list", "at least one guardrail", "name the guardrails that are switched on, or take the key out")
	}
	var rules []guardrail.Guardrail
	var places []int
	for i, g := range c.guardrails {
		if isAlwaysOn(g.Name) {
			if slices.ContainsFunc(c.guardrails[:i], func(o GuardrailRule) bool { return o.Name == g.Name }) {
				c.addf(at("guardrails", i), quote(g.Name)+" again", "each guardrail once", "take it out")
			}
			if g.Refuse != "" || g.Fix != "" || g.Known != nil || g.Except != nil {
				c.addf(at("guardrails", i), "more than a name for "+g.Name, "its name, as it lets nothing through", "classify the columns as they are, or move them into a product of a higher level")
			}
			continue
		}
		rules, places = append(rules, g.rule(func(e GuardrailException) string { return e.Principal }, "")), append(places, i)
		for k, e := range g.Except {
			c.checkExceptionOf(at("guardrails", i, "except", k), e)
		}
		for k, known := range g.Known {
			c.accountWords(at("guardrails", i, "known", k), known)
		}
	}
	domains := make([]guardrail.Domain, len(c.domains))
	for i, d := range c.domains {
		domains[i].Name = d.name
	}
	for _, p := range guardrail.Validate(rules, domains...) {
		index, below, _ := strings.Cut(strings.TrimPrefix(p.Path, "["), "]") // each path begins with an index
		i, _ := strconv.Atoi(index)
		path := at("guardrails", places[i]) + below
		if whole, isName := strings.CutSuffix(path, ".name"); isName && !c.source.inMesh(path) {
			path = whole
		}
		c.addf(path, p.Got, p.Expected, p.Fix)
	}
}

func (c *checker) checkExceptionOf(path string, e GuardrailException) {
	c.accountWords(problem.Key(path, "principal"), e.Principal)
	if e.Domain != "" && !c.isDomain(e.Domain) {
		c.addf(problem.Key(path, "domain"), quote(e.Domain), oneOf(c.known), "name a domain of the mesh"+suggest(e.Domain, c.known))
	}
	for i, stage := range e.Stages {
		if _, known := c.stages[stage]; !known {
			c.addf(problem.Index(problem.Key(path, "stages"), i), quote(stage), oneOf(c.stages.Names()), "name a stage of the mesh"+suggest(stage, c.stages.Names()))
		}
	}
}

// refuseEndedExceptions finds exceptions that let nothing through any more.
func (c *checker) refuseEndedExceptions(today time.Time) {
	for i, g := range c.guardrails {
		for k, e := range g.Except {
			if last, err := time.Parse(time.DateOnly, e.Until); err == nil && last.Format(time.DateOnly) < today.Format(time.DateOnly) {
				c.addf(at("guardrails", i, "except", k, "until"), e.Until+", which is over", "a day that is not over", "agree on a new end with the steward, or take the exception out")
			}
		}
	}
}

// rule is the guardrail as package guardrail takes it, in a stage; "" is all of them.
func (g GuardrailRule) rule(principal func(GuardrailException) string, stage string) guardrail.Guardrail {
	out := guardrail.Guardrail{Name: g.Name, Refuse: g.Refuse, Fix: g.Fix, Known: g.Known}
	for _, e := range g.Except {
		if stage != "" && e.Stages != nil && !slices.Contains(e.Stages, stage) {
			continue
		}
		out.Except = append(out.Except, guardrail.Exception{
			Principal: principal(e), Domain: e.Domain, Table: e.Table, Columns: e.Columns,
			Reason: e.Reason, Steward: e.Steward, Until: e.Until,
		})
	}
	return out
}

// noteAlwaysOn finds guardrails that are listed as if they were a choice.
func (c *checker) noteAlwaysOn() {
	for i, g := range c.guardrails {
		if isAlwaysOn(g.Name) {
			c.addf(at("guardrails", i), quote(g.Name)+", which is on in every mesh", "guardrails that are a choice", "take it out: it stays on")
		}
	}
}

// isOn reports whether a guardrail that is a choice is switched on.
func (c *checker) isOn(name string) bool {
	return slices.ContainsFunc(c.guardrails, func(g GuardrailRule) bool { return g.Name == name })
}
