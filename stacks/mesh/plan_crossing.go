package mesh

import (
	"fmt"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

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
