package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

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

func (p *planner) key(facet string) string { return ontology.Key(p.d.Name, facet) }

// environment is the environment of an account, by its name in a stage.
func (d *Definition) environment(stage, account string) Environment {
	s := d.Stages[stage]
	return Environment{Account: s.Accounts[account], Region: s.Region}
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

// deployer is the ARN of the role that a stage is deployed with in an environment,
// "" for that of the synthesizer.
func (d *Definition) deployer(stage string, env Environment) string {
	role := d.Stages[stage].DeploymentRole
	if role == "" || strings.HasPrefix(role, "arn:") {
		return d.resolveAccount(stage, role)
	}
	return names{mesh: d.Name, stage: stage, env: env}.roleARN(role)
}

// foundationWord tells the foundation stacks of a stage apart: the name of the
// environment's account, or "" when the stage has one environment. Of two names
// for one account the first in the alphabet is taken.
func (d *Definition) foundationWord(stage string, env Environment) string {
	accounts := d.Stages[stage].Accounts
	distinct := map[string]bool{}
	var word string
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(accounts))) {
		distinct[accounts[name]] = true
		if accounts[name] == env.Account {
			word = name
		}
	}
	if len(distinct) < 2 {
		return ""
	}
	return word
}

// admins are the administrators of one environment: Lake Formation's settings
// belong to an account, and so do those who administer it.
func (d *Definition) admins(stage string, env Environment) []string {
	var out []string
	for _, admin := range d.Admins {
		arn := d.resolveAccount(stage, admin)
		if accountOf(arn) == env.Account {
			out = append(out, arn)
		}
	}
	slices.Sort(out)
	return slices.Compact(out) // two names of accounts may stand for one
}

// tags are the LF-Tags of an environment. A tag without values cannot exist, so
// an environment without products has no tag for them.
func (p *planner) tags(env Environment) []ontology.Tag {
	values := tagValues(p.d, p.d.standing(p.stage, env))
	var out []ontology.Tag
	for facet, set := range values {
		if len(set) > 0 {
			out = append(out, ontology.Tag{Key: p.key(facet), Values: set})
		}
	}
	slices.SortFunc(out, func(a, b ontology.Tag) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// standing are the domains that stand in an environment of a stage.
func (d *Definition) standing(stage string, env Environment) []Domain {
	return slices.DeleteFunc(slices.Clone(d.Domains), func(domain Domain) bool { return d.environment(stage, domain.Account) != env })
}

// tagValues are the values that each facet can take, sorted: of domains and their
// products those that are given, of the ontology all. An account has the tags of its
// own resources only: what it reads of another account is granted in that one's
// catalog, by that one's tags.
func tagValues(d *Definition, domains []Domain) map[string][]string {
	out := map[string][]string{}
	for _, domain := range domains {
		if domain.Name != "" {
			out[ontology.FacetDomain] = append(out[ontology.FacetDomain], domain.Name)
		}
		for _, c := range domain.Contracts {
			if c != nil && c.Name != "" {
				out[ontology.FacetProduct] = append(out[ontology.FacetProduct], c.Name)
			}
		}
	}
	for _, zone := range ontology.Zones() {
		out[ontology.FacetZone] = append(out[ontology.FacetZone], string(zone))
	}
	for _, s := range ontology.Sensitivities() {
		out[ontology.FacetSensitivity] = append(out[ontology.FacetSensitivity], string(s))
	}
	d.ontologyValues(out)
	for facet, set := range out {
		slices.Sort(set)
		out[facet] = slices.Compact(set)
	}
	return out
}

func compareEnvironments(a, b Environment) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
}

// String names the environment as people say it: account/region.
func (e Environment) String() string { return fmt.Sprintf("%s/%s", e.Account, e.Region) }
