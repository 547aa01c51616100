package mesh

import (
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// Domain returns the plan of a domain by its name.
func (p *Plan) Domain(name string) (DomainPlan, bool) {
	for _, d := range p.Domains {
		if d.Name == name {
			return d, true
		}
	}
	return DomainPlan{}, false
}

// Consumer returns what a domain subscribes to; false for a domain that is not planned.
func (p *Plan) Consumer(domain string) (ConsumerPlan, bool) {
	for _, c := range p.Consumers {
		if c.Domain == domain {
			return c, true
		}
	}
	return ConsumerPlan{}, false
}

// Foundation returns what an environment needs once.
func (p *Plan) Foundation(env Environment) (Foundation, bool) {
	for _, f := range p.Foundations {
		if f.Environment == env {
			return f, true
		}
	}
	return Foundation{}, false
}

// Grants returns every grant of the plan: those of the pipeline roles, then what
// is shared with other accounts, then those of the subscriptions.
func (p *Plan) Grants() []lf.Grant {
	var out []lf.Grant
	for _, d := range p.Domains {
		out = append(out, d.Grants...)
	}
	for _, s := range p.Shares {
		out = append(out, s.Grants...)
	}
	for _, c := range p.Consumers {
		out = append(out, c.Grants...)
	}
	return out
}
