package governance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// permissionsCheck is what the CDK asks at synthesis, when everything is known that
// stands in the environment of Permissions.
type permissionsCheck struct{ grants *Permissions }

// surroundings are what grants of an account and region are held against.
type surroundings struct {
	settings []*Settings
	links    map[string][]*ResourceLink // by name
	granted  map[string]*Permissions    // by identity: the Permissions that were checked first
}

func around(home *order.Stack) *surroundings {
	s := order.Shared[surroundings](home)
	if s.links == nil {
		s.links, s.granted = map[string][]*ResourceLink{}, map[string]*Permissions{}
	}
	return s
}

// Validate lists everything that is wrong with the grants of the Permissions.
func (c *permissionsCheck) Validate() *[]*string {
	p := c.grants
	p.home.Stage.Finish()
	s := around(p.home)
	problems := slices.Clone(stageOf(p.home).problems[p])
	admins := s.admins()
	for _, e := range p.chain() {
		problems = append(problems, e.toAdmin(admins)...)
		problems = append(problems, e.onLinks(s)...)
		problems = append(problems, e.elsewhere(s)...)
	}
	return cdkx.Strings(problems)
}

// admins are the administrators by their identity, with the settings that name them.
func (s *surroundings) admins() map[string]*Settings {
	out := map[string]*Settings{}
	for _, settings := range s.settings {
		for _, admin := range settings.admins {
			out[order.Of(settings).Identify(admin).Same] = settings
		}
	}
	return out
}

// toAdmin finds a grant to an administrator.
func (e *entry) toAdmin(admins map[string]*Settings) []string {
	all := e.combined()
	settings, found := admins[all.who.Same]
	if !found {
		return nil
	}
	return []string{fmt.Sprintf("got a grant to %s on %s; expected a principal that does not administer Lake Formation, as an administrator needs no grant and a deployment then fails or hides it; "+
		"fix: remove the grant, or the administrator from %s", all.who.Text, all.shown.Key(), *settings.Node().Path())}
}

// onLinks finds permissions that a resource link does not take: what it points
// at is granted by the name of its target.
func (e *entry) onLinks(s *surroundings) []string {
	all := e.combined()
	var out []string
	for _, link := range s.links[all.same.Database] {
		if all.same.Catalog != "" || linkTakes(all) {
			continue
		}
		out = append(out, fmt.Sprintf("got %v on %s, which is the resource link %s; expected DESCRIBE or DROP on the link itself; "+
			"fix: grant on the database %s in catalog %s", all.permissions, all.shown.Key(), *link.Node().Path(), link.target.Database, link.target.Catalog))
	}
	return out
}

func linkTakes(a *request) bool {
	return a.resource.Kind == lakeformation.KindDatabase && !slices.ContainsFunc(a.permissions, func(p lakeformation.Permission) bool {
		return p != lakeformation.Describe && p != lakeformation.Drop
	})
}

// elsewhere finds a grant that other Permissions of the environment hold as well.
// What holds the place of something in its stack is compared within a CDK stage,
// because two stages can have stacks of one name.
func (e *entry) elsewhere(s *surroundings) []string {
	key := e.key
	if strings.Contains(key, "${") {
		key = e.grants.home.Stage.Path() + "\n" + key
	}
	other := s.granted[key]
	if other == nil || other == e.grants || other.entries[e.key] == nil {
		s.granted[key] = e.grants
		return nil
	}
	return []string{fmt.Sprintf("got a grant to %s that %s has as well; expected one grant per principal and resource in an account; fix: make both in one stack", e.text, *other.Node().Path())}
}
