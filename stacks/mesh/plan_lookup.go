package mesh

import (
	"slices"

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

// StackNames are the names of every stack of the plan, in an order in which none
// stands before what it waits for.
func (p *Plan) StackNames() []string {
	var out []string
	for _, f := range p.Foundations {
		out = append(out, f.StackName)
	}
	for _, d := range p.Domains {
		out = append(out, d.StackName)
	}
	for _, s := range p.FhirStores {
		out = append(out, s.StackName)
	}
	for _, d := range p.Domains {
		if d.ImageStore != nil {
			out = append(out, d.ImageStore.StackName)
		}
	}
	for _, s := range p.Shares {
		out = append(out, s.StackName)
	}
	for _, l := range p.Links {
		out = append(out, l.StackName)
	}
	for _, c := range p.Consumers {
		out = append(out, c.StackName)
	}
	return out
}

// EndingStacks are the stacks of subscriptions that have ended across accounts, sorted.
// They are deployed before all others: Lake Formation lets an account take back only
// what it still sees, and a grant that it could not take back is in force again when the
// producer shares anew.
func (p *Plan) EndingStacks() []string {
	var out []string
	for _, s := range p.Expired {
		if consumer, planned := p.Consumer(s.Consumer); planned && s.Crosses && !slices.Contains(out, consumer.StackName) {
			out = append(out, consumer.StackName)
		}
	}
	slices.Sort(out)
	return out
}

// Jobs are the ARNs of the roles that work on the domain's own data: no person
// reads with them.
func (d *DomainPlan) Jobs() []string {
	out := []string{d.PipelineARN}
	if d.OptimizerARN != "" {
		out = append(out, d.OptimizerARN)
	}
	if d.Refresh != nil {
		out = append(out, d.Refresh.RoleARN)
	}
	if d.Deidentify != nil {
		out = append(out, d.Deidentify.RoleARN)
	}
	if d.Evolution != nil {
		out = append(out, d.Evolution.RoleARN)
	}
	if d.ImageStore != nil && d.ImageStore.Series != nil {
		out = append(out, d.ImageStore.Series.RoleARN)
	}
	for _, c := range d.Crawlers {
		out = append(out, c.RoleARN)
	}
	return out
}
