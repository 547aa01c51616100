package mesh

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// Workflow is a Step Functions workflow of a domain.
type Workflow struct {
	Name string // what it does, such as "member_360 refresh"
	ARN  string // ARN of its state machine
}

// Workflows are those of a domain whose names are planned, sorted by name: the jobs of its
// products and what evaluates their quality, its own jobs, and what ends access. Workflows
// of FHIR stores, image stores and variants have names that CloudFormation makes.
func (p *Plan) Workflows(domain string) []Workflow {
	d, planned := p.Domain(domain)
	if !planned {
		return nil
	}
	n := naming.Names{Mesh: p.Mesh, Stage: p.Stage, Account: d.Environment.Account, Region: d.Environment.Region}
	var out []Workflow
	add := func(name, arn string) { out = append(out, Workflow{name, arn}) }
	for _, product := range d.Products {
		for _, made := range []struct {
			purpose string
			job     *JobPlan
		}{{"refresh", product.Materialization}, {"deidentify", product.Deidentify}, {"retention", product.Retention}} {
			if made.job != nil {
				add(product.Name+" "+made.purpose, made.job.StateMachineARN)
			}
		}
		if product.Quality != nil {
			add(product.Name+" "+evaluation, product.Quality.StateMachineARN)
		}
	}
	if d.Keys != nil {
		add("de-identification key", d.Keys.Job.StateMachineARN)
	}
	if d.Evolution != nil {
		add("changes of columns", d.Evolution.StateMachineARN)
	}
	if d.Freshness != nil {
		add("age of products", n.StateMachineARN(d.Freshness.StateMachine))
	}
	if c, _ := p.Consumer(domain); c.Ending != nil {
		add("ended subscriptions", n.StateMachineARN(c.Ending.StateMachine))
	}
	if s, _ := find(p.Shares, func(s SharePlan) bool { return s.Domain == domain }); s.Ending != nil {
		add("ended shares", n.StateMachineARN(s.Ending.StateMachine))
	}
	slices.SortFunc(out, func(a, b Workflow) int { return strings.Compare(a.Name, b.Name) })
	return out
}
