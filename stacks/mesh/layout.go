package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// layout is what the parts of a mesh call each other by.
type layout struct {
	mesh        string
	stages      Stages
	domains     []home         // in their order
	places      map[string]int // of the domains, by name
	known       []string       // the names of all domains, sorted
	admins      []string
	principals  map[string]string
	guardrails  []GuardrailRule
	personIndex string // the product whose person index may be made of phi of other domains; "" is none
}

// home is the account of a domain, by name.
type home struct{ name, account string }

// index is where the definition lists a domain; -1 for one that it does not list.
func (l *layout) index(domain string) int {
	if i, listed := l.places[domain]; listed {
		return i
	}
	return -1
}

// isDomain reports whether a domain is called so.
func (l *layout) isDomain(name string) bool {
	_, found := slices.BinarySearch(l.known, name)
	return found
}

// standing are the domains that stand in an environment of a stage.
func (l *layout) standing(stage string, env Environment) []home {
	return slices.DeleteFunc(slices.Clone(l.domains), func(d home) bool { return l.stages.environment(stage, d.account) != env })
}

// names makes the names of what stands in an account of a stage.
func (l *layout) names(stage, account string) naming.Names {
	return l.namesIn(stage, l.stages.environment(stage, account))
}

// namesIn makes the names of what stands in an environment of a stage.
func (l *layout) namesIn(stage string, env Environment) naming.Names {
	return naming.Names{Mesh: l.mesh, Stage: stage, Account: env.Account, Region: env.Region}
}

// site is a layout in one of its stages.
type site struct {
	layout

	stage string
}

// names makes the names of what stands in a domain's environment.
func (p *site) names(domain string) naming.Names {
	if i := p.index(domain); i >= 0 {
		return p.layout.names(p.stage, p.domains[i].account)
	}
	return p.layout.names(p.stage, "")
}

// environment is where a domain stands.
func (p *site) environment(domain string) Environment {
	n := p.names(domain)
	return Environment{Account: n.Account, Region: n.Region}
}

// resolve is an identifier with the account ids of the stage.
func (p *site) resolve(identifier string) string { return p.stages.resolve(p.stage, identifier) }

// deployer is the ARN of the role that a stage is deployed with in an environment,
// "" for that of the synthesizer.
func (p *site) deployer(env Environment) string {
	role := p.stages[p.stage].DeploymentRole
	if role == "" || strings.HasPrefix(role, "arn:") {
		return p.resolve(role)
	}
	return p.namesIn(p.stage, env).RoleARN(role)
}

// checker collects the problems of what names other parts of the mesh.
type checker struct {
	*findings
	*layout
}

// stagesOrNone are the stages to resolve identifiers in; without stages they are
// checked as they stand.
func (c *checker) stagesOrNone() []string {
	if len(c.stages) == 0 {
		return []string{""}
	}
	return c.stages.Names()
}

// inStages calls see with an identifier as each stage resolves it, until see
// returns false.
func (c *checker) inStages(identifier string, see func(stage, resolved string) bool) {
	for _, stage := range c.stagesOrNone() {
		if !see(stage, c.stages.resolve(stage, identifier)) {
			return
		}
	}
}

// accountWords checks the account names in an identifier, and reports whether
// each stands for an account id in every stage.
func (c *checker) accountWords(path, identifier string) bool {
	ok := true
	for _, m := range accountWord.FindAllStringSubmatch(identifier, -1) {
		c.knownAccounts(path, m[1])
		for _, stage := range c.stages {
			ok = ok && accountID.MatchString(stage.Accounts[m[1]])
		}
	}
	return ok
}

// partition refuses an ARN of another AWS partition than the stage's, whoever's
// account it names: groups of Identity Center name none, and a stage grants to
// every principal.
func (c *checker) partition(path, identifier, stage, arn string) bool {
	s := c.stages[stage]
	got, want := template.PartitionOfARN(arn), Partition(s.Region)
	if got == "" || got == want || !slices.Contains(Regions(), s.Region) {
		return true
	}
	c.addf(path, quote(identifier), fmt.Sprintf("an ARN that begins with arn:%s, as stage %s is in %s", want, stage, s.Region), "correct the partition; stages of different partitions need mesh files of their own")
	return false
}

// knownAccounts checks an account name that must be known in every stage.
func (c *checker) knownAccounts(path, account string) {
	for _, name := range c.stages.Names() {
		accounts := c.stages[name].Accounts
		if _, ok := accounts[account]; !ok && len(accounts) > 0 {
			known := slices.Sorted(maps.Keys(accounts))
			c.addf(path, quote(account), "an account of stage "+name+": "+oneOf(known), "name an account that every stage has"+suggest(account, known))
		}
	}
}
