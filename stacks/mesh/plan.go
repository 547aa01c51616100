package mesh

import (
	"slices"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Plan is what will be deployed, with every default resolved and every name
// fixed. Everything in it is sorted: equal definitions give equal plans.
type Plan struct {
	Mesh        string             // name of the mesh
	Stage       string             // name of the stage
	Foundations []Foundation       // one per environment
	Domains     []DomainPlan       // sorted by name
	FhirStores  []FhirStorePlan    // of the domains that have one, sorted by domain
	Shares      []SharePlan        // one per domain, where the stage has several environments
	Links       []LinksPlan        // one per environment, where the stage has several
	Consumers   []ConsumerPlan     // one per domain
	Expired     []SubscriptionPlan // subscriptions that had ended on the day of PlanAt
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
	c, s := d.newChecker(), &site{layout: *d.layout(), stage: stage}
	s.checkCrossings(c.findings, d.Subscriptions)
	d.subscriptionChecker(c).refuseEndedReads(ended)
	if err := c.done().Err(); err != nil {
		return nil, err
	}
	var problems problem.List
	plan := d.planStage(s, ended, owner, &problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	c.checkSizes(plan, d.products())
	if err := c.done().Err(); err != nil {
		return nil, err
	}
	return plan, nil
}

// planStage plans a valid definition; problems are of statements that could not be made.
func (d *Definition) planStage(s *site, ended func(Subscription) bool, owner func(*contract.Contract) string, problems *problem.List) *Plan {
	o, all := d.ontologies(), d.products()
	p := &subscriptionPlanner{site: s, ontologies: o, lakes: map[string]*lake{}, jobs: newMeshJobs()}
	out := &Plan{Mesh: d.Name, Stage: s.stage}
	queriers := map[string][]PrincipalPlan{} // by domain
	for _, sub := range d.Subscriptions {
		planned := s.planSubscription(sub, o)
		queriers[sub.Consumer] = append(queriers[sub.Consumer], planned.Principals...)
		if ended(sub) { // its principals keep their history until it is taken out of the mesh
			out.Expired = append(out.Expired, planned)
		} else {
			p.subscriptions = append(p.subscriptions, planned)
		}
	}
	hasFhirStore, hasVariants := map[string]bool{}, map[string]bool{}
	for i, domain := range d.Domains {
		l := newLake(domain.Name, s.names(domain.Name))
		l.path, l.problems = at("domains", i, "products"), problems
		var contracts []*contract.Contract
		for _, product := range all.of(i) {
			c := product.contract.Resolve()
			c.Owner = owner(c)
			contracts = append(contracts, c)
		}
		l.planTables(contracts, domain.copies(), domain.HybridAccess, s.stage, s.stages.Names())
		p.lakes[domain.Name] = l
		hasVariants[domain.Name] = domain.Variants != nil
		if domain.FhirStore != nil {
			hasFhirStore[domain.Name] = true
			queriers[domain.Name] = append(queriers[domain.Name], s.named(domain.FhirStore.Readers)...)
		}
	}
	plans := map[string]*DomainPlan{}
	for _, domain := range d.Domains {
		plans[domain.Name] = s.planDomain(domain, p.lakes[domain.Name], o, queriers[domain.Name])
	}
	p.jobs.plan(p.lakes, plans)
	for _, domain := range d.Domains {
		plans[domain.Name].complete(domain, p.lakes[domain.Name])
	}
	for _, all := range [][]SubscriptionPlan{p.subscriptions, out.Expired} {
		for i := range all {
			all[i].readBy(plans[all[i].Consumer])
			all[i].onlyJobs(p.lakes)
		}
		slices.SortFunc(all, compareSubscriptions)
	}
	p.expired = out.Expired
	p.group()
	out.Foundations = p.planFoundations(hasFhirStore, hasVariants)
	several := len(out.Foundations) > 1
	byName := func(a, b Domain) int { return strings.Compare(a.Name, b.Name) }
	for _, domain := range slices.SortedFunc(slices.Values(d.Domains), byName) {
		plan := plans[domain.Name]
		consumer := p.planConsumer(domain.Name)
		ends := consumer.Ending != nil
		out.Consumers = append(out.Consumers, consumer)
		if domain.FhirStore != nil {
			out.FhirStores = append(out.FhirStores, s.planFhirStore(domain.Name, domain.FhirStore, plan.Products))
		}
		if several {
			share := p.planShare(domain.Name)
			ends = ends || share.Ending != nil
			out.Shares = append(out.Shares, share)
		}
		if ends {
			plan.KeyParameter = s.names(domain.Name).KeyParameter(domain.Name)
		}
		out.Domains = append(out.Domains, *plan)
	}
	if several {
		for _, f := range out.Foundations {
			out.Links = append(out.Links, p.planLinks(f.Environment))
		}
	}
	return out
}

// stageName resolves the stage that a caller asked for.
func (d *Definition) stageName(stage string) (string, error) {
	known := d.Stages.Names()
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

// Domain returns the plan of a domain by its name.
func (p *Plan) Domain(name string) (DomainPlan, bool) {
	return find(p.Domains, func(d DomainPlan) bool { return d.Name == name })
}

// Consumer returns what a domain subscribes to; false for a domain that is not planned.
func (p *Plan) Consumer(domain string) (ConsumerPlan, bool) {
	return find(p.Consumers, func(c ConsumerPlan) bool { return c.Domain == domain })
}

// Foundation returns what an environment needs once.
func (p *Plan) Foundation(env Environment) (Foundation, bool) {
	return find(p.Foundations, func(f Foundation) bool { return f.Environment == env })
}

// StackPlan is what a stack has, whatever its kind.
type StackPlan struct {
	Name        string      // name of the stack
	Environment Environment // where it is deployed
	Grants      []lf.Grant  // what it grants in Lake Formation
}

// Stacks are all stacks of the plan, in an order in which none stands before what it
// waits for. A new kind of stack is planned in planStage and listed here.
func (p *Plan) Stacks() []StackPlan {
	var out []StackPlan
	add := func(name string, env Environment, grants ...[]lf.Grant) {
		out = append(out, StackPlan{Name: name, Environment: env, Grants: slices.Concat(grants...)})
	}
	for _, f := range p.Foundations {
		add(f.StackName, f.Environment)
	}
	for _, d := range p.Domains {
		add(d.StackName, d.Environment, d.Grants, d.crawlerGrants())
		order, _ := productsInOrder(d.Tables())
		for _, name := range order {
			for _, product := range slices.Backward(d.Products) { // the jobs stand in the first stack of a product
				if product.Name == name {
					add(product.StackName, d.Environment, product.Grants)
				}
			}
		}
	}
	for _, s := range p.FhirStores {
		add(s.StackName, s.Environment)
	}
	for _, d := range p.Domains {
		if d.ImageStore != nil {
			add(d.ImageStore.StackName, d.Environment, d.ImageStore.seriesGrants())
		}
	}
	for _, d := range p.Domains {
		if d.Omics != nil {
			add(d.Omics.StackName, d.Environment)
		}
	}
	for _, d := range p.Domains {
		if d.Variants != nil {
			add(d.Variants.StackName, d.Environment, d.Variants.allGrants())
		}
	}
	for _, s := range p.Shares {
		add(s.StackName, s.Environment, s.Grants)
	}
	for _, l := range p.Links {
		add(l.StackName, l.Environment)
	}
	for _, c := range p.Consumers {
		add(c.StackName, c.Environment, c.Grants)
	}
	return out
}

// Grants are those of all stacks. The workflow of a FHIR store grants its tables to the
// readers itself, and its grants are not among these.
func (p *Plan) Grants() []lf.Grant {
	var out []lf.Grant
	for _, s := range p.Stacks() {
		out = append(out, s.Grants...)
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
	return find(p.FhirStores, func(s FhirStorePlan) bool { return s.Domain == domain })
}

func find[T any](all []T, wanted func(T) bool) (found T, ok bool) {
	if i := slices.IndexFunc(all, wanted); i >= 0 {
		return all[i], true
	}
	return found, false
}
