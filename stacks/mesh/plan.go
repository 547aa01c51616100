package mesh

import (
	"maps"
	"slices"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Plan is what will be deployed, with every default resolved and every name
// fixed. Everything in it is sorted: equal definitions give equal plans.
type Plan struct {
	Mesh        string
	Stage       string
	Foundations []Foundation // one per environment
	Domains     []DomainPlan
	FhirStores  []FhirStorePlan
	Shares      []SharePlan    // one per domain, where the stage has several environments
	Links       []LinksPlan    // one per environment, where the stage has several
	Consumers   []ConsumerPlan // one per domain
	Expired     []SubscriptionPlan
}

// Plan validates the definition and says in full what will be deployed in one of
// its stages. The empty stage is the only one of a mesh that has one. It has no
// clock, and plans every subscription: see PlanAt.
//
// The plan is a function of what the definition says, not of the order in which
// it says it: domains, contracts, subscriptions, principals and map entries may
// stand in any order. Nothing of the definition is changed.
func (d *Definition) Plan(stage string) (*Plan, error) {
	return d.plan(stage, func(Subscription) bool { return false }, func(c *contract.Contract) string { return c.Owner })
}

// PlanAt is Plan on a day: subscriptions that ended before it are left out of
// the grants and listed in Plan.Expired, and the owner of a product is who has not
// left its team.
func (d *Definition) PlanAt(stage string, today time.Time) (*Plan, error) {
	return d.plan(stage, func(s Subscription) bool { return s.endedBefore(today) }, func(c *contract.Contract) string { return c.OwnerAt(today) })
}

func (d *Definition) plan(stage string, ended func(Subscription) bool, owner func(*contract.Contract) string) (*Plan, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	stage, err := d.stageName(stage)
	if err != nil {
		return nil, err
	}
	p := newPlanner(d, stage, ended)
	p.owner = owner
	if err := p.crossings().Err(); err != nil {
		return nil, err
	}
	plan := p.plan()
	if err := p.statements.Err(); err != nil {
		return nil, err
	}
	if err := p.sizes(plan).Err(); err != nil {
		return nil, err
	}
	return plan, nil
}

// stageName resolves the stage that a caller asked for.
func (d *Definition) stageName(stage string) (string, error) {
	known := d.StageNames()
	if stage == "" && len(known) == 1 {
		return known[0], nil
	}
	if _, ok := d.Stages[stage]; ok {
		return stage, nil
	}
	got, fix := quote(stage), "choose one of the stages"+suggest(stage, known)
	if stage == "" {
		got, fix = "no stage", "say which stage to plan"
	}
	var list problem.List
	list.Addf("stage", got, oneOf(known), fix)
	return "", list.Err()
}

// planner holds what every part of a plan needs. It is made from a definition
// that was validated.
type planner struct {
	d             *Definition
	stage         string
	owner         func(*contract.Contract) string // of a product
	domains       map[string]Domain
	subscriptions []SubscriptionPlan // those that have not ended, sorted
	expired       []SubscriptionPlan
	statements    problem.List // of statements that could not be made
}

func newPlanner(d *Definition, stage string, ended func(Subscription) bool) *planner {
	d = d.indexed()
	p := &planner{d: d, stage: stage, domains: map[string]Domain{}}
	for _, domain := range d.Domains {
		p.domains[domain.Name] = domain
	}
	for _, s := range d.Subscriptions {
		if ended(s) {
			p.expired = append(p.expired, p.subscription(s))
		} else {
			p.subscriptions = append(p.subscriptions, p.subscription(s))
		}
	}
	slices.SortFunc(p.subscriptions, compareSubscriptions)
	slices.SortFunc(p.expired, compareSubscriptions)
	return p
}

func (p *planner) plan() *Plan {
	out := &Plan{Mesh: p.d.Name, Stage: p.stage, Foundations: p.foundations(), Expired: p.expired}
	several := len(out.Foundations) > 1
	for _, name := range slices.Sorted(maps.Keys(p.domains)) {
		domain := p.domain(p.domains[name])
		out.Domains = append(out.Domains, domain)
		out.Consumers = append(out.Consumers, p.consumer(name))
		if store := p.domains[name].FhirStore; store != nil {
			out.FhirStores = append(out.FhirStores, p.fhirStore(p.domains[name], store, domain.Refresh))
		}
		if several {
			out.Shares = append(out.Shares, p.share(name))
		}
	}
	if several {
		out.Links = p.links(out.Foundations)
	}
	return out
}

// environment is where a domain stands in the planned stage.
func (p *planner) environment(domain string) Environment {
	return p.d.environment(p.stage, p.domains[domain].Account)
}

func (p *planner) names(env Environment) names {
	return names{mesh: p.d.Name, stage: p.stage, env: env}
}

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

// FhirStore returns the plan of a domain's FHIR store; false when it has none.
func (p *Plan) FhirStore(domain string) (FhirStorePlan, bool) {
	for _, s := range p.FhirStores {
		if s.Domain == domain {
			return s, true
		}
	}
	return FhirStorePlan{}, false
}
