package governance

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// ledgerCheck is what the CDK asks at synthesis, when everything is known that
// stands in the environment of a ledger.
type ledgerCheck struct{ ledger *Permissions }

// surroundings are what the checks look at, in the order of the tree.
type surroundings struct {
	ledgers  []*Permissions
	settings []*Settings
	links    []*ResourceLink
}

// Validate lists everything that is wrong with the grants of the ledger.
func (c *ledgerCheck) Validate() *[]*string {
	found := c.look().of(environment(c.ledger))
	problems := append(c.toAdmins(found.settings), c.onLinks(found.links)...)
	return cdkx.Strings(append(problems, c.elsewhere(found.ledgers)...))
}

// look returns what stands in the app. Looking through a large app takes a while
// and the CDK asks each ledger once, so the first one looks for all of them.
func (c *ledgerCheck) look() *surroundings {
	if seen := c.ledger.around; seen != nil {
		c.ledger.around = nil // the app may grow before it is synthesized again
		return seen
	}
	all := &surroundings{}
	for _, found := range *c.ledger.Node().Root().Node().FindAll(constructs.ConstructOrder_PREORDER) {
		switch found := found.(type) {
		case *Permissions:
			all.ledgers = append(all.ledgers, found)
			found.around = all
		case *Settings:
			all.settings = append(all.settings, found)
		case *ResourceLink:
			all.links = append(all.links, found)
		}
	}
	c.ledger.around = nil
	return all
}

// of is the part of an account and region.
func (s *surroundings) of(here string) surroundings {
	return surroundings{ledgers: standing(s.ledgers, here), settings: standing(s.settings, here), links: standing(s.links, here)}
}

func standing[T constructs.IConstruct](in []T, here string) []T {
	var out []T
	for _, c := range in {
		if environment(c) == here {
			out = append(out, c)
		}
	}
	return out
}

// toAdmins finds grants to administrators.
func (c *ledgerCheck) toAdmins(all []*Settings) []string {
	var out []string
	for _, settings := range all {
		for _, e := range c.ledger.entries {
			if slices.ContainsFunc(settings.admins, func(admin string) bool { return samePrincipal(admin, *e.principal.identifier) }) {
				out = append(out, fmt.Sprintf("got a grant to %s on %s; expected a principal that does not administer Lake Formation, as an administrator needs no grant and a deployment then fails or hides it; "+
					"fix: remove the grant, or the administrator from %s", e.principal.key, e.granted.Key(), *settings.Node().Path()))
			}
		}
	}
	return out
}

// onLinks finds permissions that a resource link does not take: what it points
// at is granted by the name of its target.
func (c *ledgerCheck) onLinks(links []*ResourceLink) []string {
	var out []string
	for _, link := range links {
		for _, e := range c.ledger.entries {
			if e.granted.Catalog != "" || e.granted.Database != link.name || linkTakes(e) {
				continue
			}
			out = append(out, fmt.Sprintf("got %v on %s, which is the resource link %s; expected DESCRIBE or DROP on the link itself; "+
				"fix: grant on the database %s in catalog %s", e.permissions, e.granted.Key(), *link.Node().Path(), link.target.Database, link.target.Catalog))
		}
	}
	return out
}

func linkTakes(e *entry) bool {
	return e.granted.Kind == lakeformation.KindDatabase && !slices.ContainsFunc(e.permissions, func(p lakeformation.Permission) bool {
		return p != lakeformation.Describe && p != lakeformation.Drop
	})
}

// elsewhere finds grants that an earlier ledger of the environment holds as well.
func (c *ledgerCheck) elsewhere(ledgers []*Permissions) []string {
	var out []string
	for _, other := range ledgers {
		if other == c.ledger {
			return out
		}
		for _, e := range c.ledger.entries {
			if slices.ContainsFunc(other.entries, func(o *entry) bool { return o.key == e.key }) {
				out = append(out, fmt.Sprintf("got a grant to %s that %s has as well; expected one grant per principal and resource in an account; fix: make both in one stack", e.key, *other.Node().Path()))
			}
		}
	}
	return out
}

var partition = regexp.MustCompile(`^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):`)

// samePrincipal compares identifiers without their partition, which the name of
// the deployment role leaves open.
func samePrincipal(a, b string) bool {
	const anywhere = "arn:*:"
	return partition.ReplaceAllLiteralString(a, anywhere) == partition.ReplaceAllLiteralString(b, anywhere)
}
