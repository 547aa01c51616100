package mesh

import (
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// sharing checks how the accounts of a stage accept shares.
func (c *checker) sharing(stage string) {
	s := c.d.Stages[stage].Sharing
	if s.Organization != "" {
		path := at("stages", stage, "sharing", "organization")
		if p, err := lf.ParsePrincipal(s.Organization); err != nil || p.Kind != lf.Organization {
			c.addf(path, quote(s.Organization), "the ARN of an AWS organization", "copy it from aws organizations describe-organization --query Organization.Arn")
		} else {
			c.partition(path, s.Organization, stage, s.Organization)
		}
		if s.Acceptance != "" {
			c.addf(at("stages", stage, "sharing", "acceptance"), "an organization and an acceptance by hand", "one of the two", "take acceptance out: within an organization that shares, there is nothing to accept")
		}
	}
}

// share checks whom a subscription's producer grants to.
func (c *checker) share(i int, s Subscription) {
	known := []string{ShareAccount, ShareOrganization, SharePrincipals}
	if s.Share == "" || slices.Contains(known, s.Share) {
		return
	}
	if p, err := lf.ParsePrincipal(s.Share); err == nil && p.Kind == lf.OrganizationalUnit {
		c.inStages(s.Share, func(stage, arn string) bool { return c.partition(at("subscriptions", i, "share"), s.Share, stage, arn) })
		return
	}
	fix := "write for example share: " + SharePrincipals + suggest(s.Share, known)
	if strings.HasPrefix(s.Share, "arn:") {
		fix = "copy the ARN from aws organizations describe-organizational-unit --query OrganizationalUnit.Arn"
	}
	c.addf(at("subscriptions", i, "share"), quote(s.Share), oneOf(known)+", or the ARN of an organizational unit", fix)
}
