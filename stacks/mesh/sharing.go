package mesh

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// SharePlan is what one domain shares with other accounts. The stack of a domain
// that shares nothing is planned too, without content: the CDK's command line
// takes back grants that left a stack, but forgets a stack that is gone.
type SharePlan struct {
	Domain      string
	Environment Environment
	StackName   string
	Consumers   []string // domains whose principals are granted to directly
	Filters     []lakeformation.DataCellsFilter
	Grants      []lakeformation.Grant // with the right to pass on, but for principals
}

// LinksPlan is the resource links that one environment needs to see what is
// shared with it.
type LinksPlan struct {
	Environment Environment
	StackName   string
	Links       []LinkPlan
}

// LinkPlan is a resource link to a database of another environment.
type LinkPlan struct {
	Name     string // that of the database it leads to, so that queries are the same everywhere
	Producer string // the domain whose database it is
	Target   Environment
	Database string
}

// Between two accounts a subscription is rendered twice from the same plan: the
// producer grants to the consumer's account, and the consumer's account grants
// the very same to its principals, naming the producer's catalog. Lake Formation
// lets an account pass on an LF-Tag policy only when it is identical to the one it
// was given with the right to pass on, or when it may see the LF-Tags themselves.
// Only the first is used: whoever may see the tags could make policies of its own.
// Source: "Cross-account permission cascading"; rules 5.5 and 5.6.

// share plans what one domain grants to other accounts.
func (p *planner) share(domain string) SharePlan {
	env := p.environment(domain)
	out := SharePlan{Domain: domain, Environment: env, StackName: p.names(env).shareStack(domain)}
	var grants []lf.Grant
	for _, s := range p.subscriptions {
		if s.Producer != domain || !s.Crosses {
			continue
		}
		filters := p.filters(s)
		out.Filters = append(out.Filters, filters...)
		rights := p.rights(s, filters)
		if s.Recipient == "" {
			grants = append(grants, toPrincipals(s, rights)...)
			out.Consumers = append(out.Consumers, s.Consumer)
			continue
		}
		for _, right := range rights {
			right.Principal, right.Grantable = s.Recipient, right.Permissions
			grants = append(grants, right)
		}
	}
	slices.Sort(out.Consumers)
	out.Consumers = slices.Compact(out.Consumers)
	out.Filters = sortedFilters(out.Filters)
	out.Grants = lf.MergeGrants(grants)
	return out
}

// recipient is whom the producer of a crossing subscription grants to; "" is its
// principals.
func (p *planner) recipient(s Subscription) string {
	switch s.Share {
	case "", ShareAccount:
		return p.environment(s.Consumer).Account
	case SharePrincipals:
		return ""
	case ShareOrganization:
		return p.d.Stages[p.stage].Sharing.Organization
	default:
		return s.Share // an organizational unit
	}
}

// crossingGrants are the consumer's half of a crossing subscription: what its
// account passes on, and the sight of the resource link.
func (p *planner) crossingGrants(s SubscriptionPlan, filters []lf.DataCellsFilter) []lf.Grant {
	rights := []lf.Grant{{
		Resource:    lf.Database(p.linkOf(s).Name),
		Permissions: []lf.Permission{lf.Describe},
	}}
	if s.Recipient != "" {
		for _, right := range p.rights(s, filters) {
			right.Resource = right.Resource.In(p.environment(s.Producer).Account)
			rights = append(rights, right)
		}
	}
	return toPrincipals(s, rights)
}

// linkOf is the resource link through which a subscription's product is seen.
func (p *planner) linkOf(s SubscriptionPlan) LinkPlan {
	target := p.environment(s.Producer)
	database := p.names(target).database(s.Producer, p.productZone(s.Producer, s.Product))
	return LinkPlan{Name: database, Producer: s.Producer, Target: target, Database: database}
}

// links plans the resource links of each environment.
func (p *planner) links(foundations []Foundation) []LinksPlan {
	var out []LinksPlan
	for _, f := range foundations {
		byName := map[string]LinkPlan{}
		for _, s := range p.subscriptions {
			if s.Crosses && p.environment(s.Consumer) == f.Environment {
				byName[p.linkOf(s).Name] = p.linkOf(s)
			}
		}
		plan := LinksPlan{Environment: f.Environment, StackName: p.names(f.Environment).linksStack(p.d.foundationWord(p.stage, f.Environment))}
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			plan.Links = append(plan.Links, byName[name])
		}
		out = append(out, plan)
	}
	return out
}

// crossings checks what reaches over the border of an account in the planned
// stage: how shares are accepted, and that principals stand where their consumer
// stands, because only there can they be granted to.
func (p *planner) crossings() problem.List {
	c := newChecker(p.d)
	told := false
	for i, s := range p.d.Subscriptions {
		producer, _ := s.producer()
		from, to := p.environment(producer), p.environment(s.Consumer)
		if from != to {
			told = p.acceptance(c, i, s, told)
		}
		for j, name := range s.Principals {
			principal, err := lf.ParsePrincipal(p.d.identifier(p.stage, name))
			if err == nil && outside(principal, to) {
				c.addf(at("subscriptions", i, "principals", j),
					fmt.Sprintf("%s, which is %s in stage %s, where %s stands in %s", name, principal.Identifier, p.stage, s.Consumer, to),
					"principals of account "+to.Account,
					"name a principal of that account; {<account name>} in its ARN stands for the account id in each stage")
			}
		}
	}
	return c.done()
}

// acceptance checks that a stage says how the shares of a subscription are
// accepted, and reports whether it has said that it does not.
func (p *planner) acceptance(c *checker, i int, s Subscription, told bool) bool {
	sharing := p.d.Stages[p.stage].Sharing
	producer, _ := s.producer()
	if s.Share == ShareOrganization && sharing.Organization == "" {
		c.addf(at("subscriptions", i, "share"),
			fmt.Sprintf("%q, but stage %s names no organization", s.Share, p.stage),
			"an organization to grant to",
			"set stages."+p.stage+".sharing.organization, or share with "+ShareAccount)
	}
	if told || sharing.Organization != "" || sharing.Acceptance != "" {
		return told
	}
	c.addf(at("stages", p.stage, "sharing"),
		fmt.Sprintf("nothing, although %s in %s reads from %s in %s", s.Consumer, p.environment(s.Consumer), producer, p.environment(producer)),
		"how accounts accept what is shared with them: an organization with sharing switched on, or who accepts invitations by hand",
		"write sharing: {organization: arn:aws:organizations::<management account>:organization/o-…} after aws ram enable-sharing-with-aws-organization, or sharing: {acceptance: <who accepts, and where that is written>}")
	return true
}

// outside reports whether a principal belongs to another account than the
// environment. IAM Identity Center groups belong to none.
func outside(principal lf.Principal, env Environment) bool {
	return principal.Account != "" && principal.Account != env.Account
}
