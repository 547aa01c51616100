package mesh

import (
	"fmt"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// SharePlan is what one domain shares with other accounts. The stack of a domain
// that shares nothing is planned too, without content: the CDK's command line
// takes back grants that left a stack, but forgets a stack that is gone.
type SharePlan struct {
	Domain      string               // the domain that shares
	Environment Environment          // where the domain stands
	StackName   string               // name of its stack
	Consumers   []string             // domains whose principals are granted to directly
	Filters     []lf.DataCellsFilter // on tables of the domain
	Grants      []lf.Grant           // with the right to pass on, but for principals
	Ending      *EndingPlan          `json:",omitempty"` // nil for a domain that shares nothing

	Readiness []ReadinessPlan `json:",omitempty"` // what jobs of other accounts see of the domain's jobs, sorted by consumer
}

// LinksPlan is the resource links that one environment needs to see what is
// shared with it.
type LinksPlan struct {
	Environment Environment // where the links are
	StackName   string      // name of its stack
	Databases   []LinkPlan  // links to databases, sorted by name
}

// LinkPlan is a resource link to a database of another environment.
type LinkPlan struct {
	Name     string      // that of the database it leads to, so that queries are the same everywhere
	Producer string      // the domain whose database it is
	Target   Environment // where the database is
	Database string      // name of the database
}

// Between two accounts a subscription is rendered twice from the same plan: the
// producer grants to the consumer's account, and the consumer's account grants
// the very same to its principals, naming the producer's catalog. Lake Formation
// lets an account pass on an LF-Tag policy only when it is identical to the one it
// was given with the right to pass on, or when it may see the LF-Tags themselves.
// Only the first is used: whoever may see the tags could make policies of its own.
// Source: "Cross-account permission cascading"; rules 5.5 and 5.6.

// planShare plans what one domain grants to other accounts.
func (p *subscriptionPlanner) planShare(domain string) SharePlan {
	n := p.names(domain)
	out := SharePlan{Domain: domain, Environment: p.environment(domain), StackName: n.ShareStack(domain)}
	var grants []lf.Grant
	for _, s := range p.byProducer[domain] {
		if !s.Crosses {
			continue
		}
		filters := p.filters(s)
		out.Filters = append(out.Filters, filters...)
		grants = append(grants, p.shareGrants(s, filters)...)
		if s.Recipient == "" {
			out.Consumers = append(out.Consumers, s.Consumer)
		}
	}
	slices.Sort(out.Consumers)
	out.Consumers = slices.Compact(out.Consumers)
	out.Filters = sortedFilters(out.Filters)
	out.Grants = lf.MergeGrants(grants)
	out.Readiness = p.jobs.readiness[domain]
	slices.SortFunc(out.Readiness, func(a, b ReadinessPlan) int { return strings.Compare(a.Consumer, b.Consumer) })
	out.Ending = p.planEnding(domain, n.EndingShares(domain), endShares,
		p.all(func(s SubscriptionPlan) bool { return s.Crosses && s.Producer == domain }),
		func(s SubscriptionPlan) []lf.Grant { return p.shareGrants(s, p.filters(s)) })
	return out
}

// shareGrants are what a subscription that crosses environments grants in that of who shares.
func (p *subscriptionPlanner) shareGrants(s SubscriptionPlan, filters []lf.DataCellsFilter) []lf.Grant {
	grants := p.grants(s, filters)
	if s.Recipient == "" {
		return s.toPrincipals(grants)
	}
	for i := range grants {
		grants[i].Principal, grants[i].Grantable = s.Recipient, grants[i].Permissions
	}
	return grants
}

// planLinks plans the resource links of an environment.
func (p *subscriptionPlanner) planLinks(env Environment) LinksPlan {
	n := p.namesIn(p.stage, env)
	out := LinksPlan{Environment: env, StackName: n.LinksStack(p.stages.foundationWord(p.stage, env))}
	for _, domain := range p.standing(p.stage, env) {
		for _, s := range p.byConsumer[domain.name] {
			if s.Crosses {
				database := p.tables(s)[0].Database
				out.Databases = append(out.Databases, LinkPlan{Name: database, Producer: s.Producer, Target: p.environment(s.Producer), Database: database})
			}
		}
	}
	slices.SortFunc(out.Databases, func(a, b LinkPlan) int { return strings.Compare(a.Name, b.Name) })
	out.Databases = slices.Compact(out.Databases)
	return out
}

// checkCrossings checks what reaches over the border of an account in the planned
// stage: how shares are accepted, and that principals stand where their consumer
// stands, because only there can they be granted to.
func (p *site) checkCrossings(c *findings, subscriptions []Subscription) {
	refused := false
	for i, s := range subscriptions {
		producer, _ := s.producer()
		from, to := p.environment(producer), p.environment(s.Consumer)
		if from != to {
			refused = p.checkAcceptance(c, i, s, refused)
		}
		for j, name := range s.Principals {
			principal, err := lf.ParsePrincipal(p.identifier(name))
			if err == nil && standsOutside(principal, to) {
				c.addf(at("subscriptions", i, "principals", j),
					fmt.Sprintf("%s, which is %s in stage %s, where %s stands in %s", name, principal.Identifier, p.stage, s.Consumer, to),
					"principals of account "+to.Account,
					"name a principal of that account; {<account name>} in its ARN stands for the account id in each stage")
			}
		}
	}
}

// checkAcceptance checks that a stage says how the shares of a subscription are
// accepted, and reports whether it has said that it does not.
func (p *site) checkAcceptance(c *findings, i int, s Subscription, refused bool) bool {
	sharing := p.stages[p.stage].Sharing
	producer, _ := s.producer()
	if s.Share == ShareOrganization && sharing.Organization == "" {
		c.addf(at("subscriptions", i, "share"),
			fmt.Sprintf("%q, but stage %s names no organization", s.Share, p.stage),
			"an organization to grant to",
			"set stages."+p.stage+".sharing.organization, or share with "+ShareAccount)
	}
	if refused || sharing.Organization != "" || sharing.Acceptance != "" {
		return refused
	}
	c.addf(at("stages", p.stage, "sharing"),
		fmt.Sprintf("nothing, although %s in %s reads from %s in %s", s.Consumer, p.environment(s.Consumer), producer, p.environment(producer)),
		"how accounts accept what is shared with them: an organization with sharing switched on, or who accepts invitations by hand",
		"write sharing: {organization: arn:aws:organizations::<management account>:organization/o-…} after aws ram enable-sharing-with-aws-organization, or sharing: {acceptance: <who accepts, and where that is written>}")
	return true
}

// standsOutside reports whether a principal belongs to another account than the
// environment. IAM Identity Center groups belong to none.
func standsOutside(principal lf.Principal, env Environment) bool {
	return principal.Account != "" && principal.Account != env.Account
}
