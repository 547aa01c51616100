package mesh

import (
	"maps"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

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
func (p *planner) crossingGrants(s SubscriptionPlan, filters []lf.Filter) []lf.Grant {
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
