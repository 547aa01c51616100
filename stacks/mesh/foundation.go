package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Foundation is what exists once per environment.
type Foundation struct {
	Environment Environment
	StackName   string
	Admins      []string       // those of AccessRoles too
	Deployer    string         // ARN of the role that CloudFormation works with; "" for that of the synthesizer
	AccessRoles []string       // names of administrators that it makes, for the workflows that open FHIR stores
	Tags        []ontology.Tag // the LF-Tags with every value they may take
	KeyAlias    string         // of the key that the catalog is encrypted with
	Readers     []string       // other accounts that read from this catalog
}

// foundations are what each environment that holds a domain needs once.
func (p *planner) foundations() []Foundation {
	seen := map[Environment]bool{}
	var out []Foundation
	for name := range p.domains {
		env := p.environment(name)
		if seen[env] {
			continue
		}
		seen[env] = true
		out = append(out, Foundation{
			Environment: env,
			StackName:   p.names(env).foundationStack(p.d.foundationWord(p.stage, env)),
			Admins:      p.d.admins(p.stage, env),
			Deployer:    p.d.deployer(p.stage, env),
			AccessRoles: p.accessRoles(env),
			Tags:        p.tags(env),
			KeyAlias:    p.names(env).catalogKey(),
			Readers:     p.readers(env),
		})
	}
	for i, f := range out {
		for _, role := range f.AccessRoles {
			out[i].Admins = append(out[i].Admins, p.names(f.Environment).roleARN(role))
		}
		slices.Sort(out[i].Admins)
	}
	slices.SortFunc(out, func(a, b Foundation) int { return compareEnvironments(a.Environment, b.Environment) })
	return out
}

// accessRoles are the names of the roles that open FHIR stores of an environment.
// A store without readers has one too: it takes the last reader off.
func (p *planner) accessRoles(env Environment) []string {
	var out []string
	for name, domain := range p.domains {
		if p.environment(name) == env && domain.FhirStore != nil {
			out = append(out, p.names(env).fhirRole(name))
		}
	}
	slices.Sort(out)
	return out
}

// readers are the accounts that read from an environment's catalog besides its
// own: an encrypted catalog must let them use its key through Glue (rule 5.7).
func (p *planner) readers(env Environment) []string {
	var out []string
	for _, s := range p.subscriptions {
		if s.Crosses && p.environment(s.Producer) == env {
			out = append(out, p.environment(s.Consumer).Account)
		}
	}
	slices.SortFunc(out, strings.Compare)
	return slices.Compact(out)
}

// accessAdmins refuses more administrators than Lake Formation takes with the
// roles that open FHIR stores, of which each store has one. An account of many stores is the worst case.
func (c *checker) accessAdmins() {
	stores := 0
	for _, domain := range c.d.Domains {
		if domain.FhirStore != nil {
			stores++
		}
	}
	if n := len(c.d.Admins); stores > 0 && n <= maxAdmins && n+stores > maxAdmins {
		c.addf("admins", fmt.Sprintf("%d administrators and %d for FHIR stores", n, stores), atMost(maxAdmins-stores, "administrators, as the workflow of each such store is one too"), "let one role stand for several people")
	}
}
