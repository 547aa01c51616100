package mesh

import (
	"fmt"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// crossings finds what reaches over the border of an environment. The model
// knows such subscriptions, but sharing between accounts also needs resource
// links, RAM and keys that take part (rules 5.*), so they are refused in the
// stage where they occur rather than planned in part.
func (p *planner) crossings() problem.List {
	c := newChecker(p.d)
	for i, s := range p.d.Subscriptions {
		producer, _ := s.producer()
		from, to := p.environment(producer), p.environment(s.Consumer)
		if from != to {
			c.addf(at("subscriptions", i, "product"),
				fmt.Sprintf("a subscription that crosses accounts in stage %s: %s stands in %s, %s in %s", p.stage, producer, from, s.Consumer, to),
				"producer and consumer in one account and region, as sharing across accounts cannot be deployed yet",
				"place both domains in one account of the stage")
			continue
		}
		for j, name := range s.Principals {
			principal, err := lf.ParsePrincipal(p.d.identifier(p.stage, name))
			if err == nil && outside(principal, to) {
				c.addf(at("subscriptions", i, "principals", j),
					fmt.Sprintf("a subscription that crosses accounts in stage %s: %s is %s, %s stands in %s", p.stage, name, principal.Identifier, s.Consumer, to),
					"principals of account "+to.Account+", as sharing across accounts cannot be deployed yet",
					"name a principal of that account; {<account name>} in its ARN stands for the account id in each stage")
			}
		}
	}
	return c.done()
}

// outside reports whether a principal belongs to another account than the
// environment. IAM Identity Center groups belong to none.
func outside(principal lf.Principal, env Environment) bool {
	return principal.Account != "" && principal.Account != env.Account
}
