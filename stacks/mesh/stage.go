package mesh

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// Stage is one set of environments that the mesh is deployed to.
type Stage struct {
	Region   string            `yaml:"region"`   // name of the AWS region
	Accounts map[string]string `yaml:"accounts"` // 12-digit account ids by name
	Sharing  Sharing           `yaml:"sharing"`  // how shares between accounts are accepted

	// DeploymentRole is the role that CloudFormation works with, which is made an
	// administrator of Lake Formation: its name, after its path where it has one, the
	// same in every account of the stage; or its ARN where the stage has one account.
	// Default: the execution role of the synthesizer, which cdk bootstrap makes. A
	// synthesizer that deploys with the credentials of the command line has none.
	DeploymentRole string `yaml:"deploymentRole"`

	// NonProduction marks a stage that never holds data of real patients. Only there
	// are FHIR stores filled with synthetic ones.
	NonProduction bool `yaml:"nonProduction"`
}

// Sharing says how an account of a stage comes to accept what another shares
// with it. Lake Formation shares through AWS Resource Access Manager, and
// CloudFormation cannot accept an invitation (rule 5.4). A stage whose
// subscriptions cross accounts sets one of the two.
type Sharing struct {
	// Organization is the ARN of the AWS organization that holds every account of
	// the stage, with sharing switched on in Resource Access Manager: shares then
	// need no acceptance.
	Organization string `yaml:"organization"`

	// Acceptance says who accepts invitations by hand, and where that is written down.
	Acceptance string `yaml:"acceptance"`
}

// Stages are where a mesh runs, by stage name.
type Stages map[string]Stage

// Names are the names of the stages, sorted.
func (s Stages) Names() []string { return slices.Sorted(maps.Keys(s)) }

// environment is the environment of an account, by its name in a stage.
func (s Stages) environment(stage, account string) Environment {
	return Environment{Account: s[stage].Accounts[account], Region: s[stage].Region}
}

// resolve puts the account ids of a stage in the place of account names in braces,
// so that one identifier serves every stage: arn:aws:iam::{research}:role/Analyst.
// Names that the stage does not know stay.
func (s Stages) resolve(stage, identifier string) string {
	return accountWord.ReplaceAllStringFunc(identifier, func(word string) string {
		if id, ok := s[stage].Accounts[strings.Trim(word, "{}")]; ok {
			return id
		}
		return word
	})
}

// foundationWord tells the stacks of a stage apart that exist once per environment: the
// name of the environment's account, or "" when the stage has one environment. Of two
// names for one account the first in the alphabet is taken.
func (s Stages) foundationWord(stage string, env Environment) string {
	accounts := s[stage].Accounts
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

// layout is what the parts of a mesh call each other by.
type layout struct {
	mesh       string
	stages     Stages
	domains    []home // in their order
	admins     []string
	principals map[string]string
	guardrails []string
}

// home is the account of a domain, by name.
type home struct{ name, account string }

// names makes the names of what stands in an account of a stage.
func (l *layout) names(stage, account string) naming.Names {
	return l.namesIn(stage, l.stages.environment(stage, account))
}

// standing are the domains that stand in an environment of a stage.
func (l *layout) standing(stage string, env Environment) []home {
	return slices.DeleteFunc(slices.Clone(l.domains), func(d home) bool { return l.stages.environment(stage, d.account) != env })
}

// index is where the definition lists a domain.
func (l *layout) index(domain string) int {
	return slices.IndexFunc(l.domains, func(d home) bool { return d.name == domain })
}

// namesIn makes the names of what stands in an environment of a stage.
func (l *layout) namesIn(stage string, env Environment) naming.Names {
	return naming.Names{Mesh: l.mesh, Stage: stage, Account: env.Account, Region: env.Region}
}

// domainNames are the names of all domains, sorted.
func (l *layout) domainNames() []string {
	var out []string
	for _, domain := range l.domains {
		if domain.name != "" {
			out = append(out, domain.name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// site is a layout in one of its stages.
type site struct {
	layout

	stage string
}

// names makes the names of what stands in a domain's environment.
func (s *site) names(domain string) naming.Names {
	for _, d := range s.domains {
		if d.name == domain {
			return s.layout.names(s.stage, d.account)
		}
	}
	return s.layout.names(s.stage, "")
}

// environment is where a domain stands.
func (s *site) environment(domain string) Environment {
	n := s.names(domain)
	return Environment{Account: n.Account, Region: n.Region}
}

// resolve is an identifier with the account ids of the stage.
func (s *site) resolve(identifier string) string { return s.stages.resolve(s.stage, identifier) }

// checker collects the problems of what names other parts of the mesh.
type checker struct {
	*findings
	*layout
}

// deployer is the ARN of the role that a stage is deployed with in an environment,
// "" for that of the synthesizer.
func (s *site) deployer(env Environment) string {
	role := s.stages[s.stage].DeploymentRole
	if role == "" || strings.HasPrefix(role, "arn:") {
		return s.resolve(role)
	}
	return s.namesIn(s.stage, env).RoleARN(role)
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

// checkStages checks where the mesh runs.
func (c *checker) checkStages() {
	if len(c.stages) == 0 {
		c.addf("stages", "no stage", "at least one stage with its region and accounts", `write for example stages: {dev: {region: us-east-1, accounts: {main: "111111111111"}}}`)
	}
	owners := map[Environment]string{} // stage of each environment
	for _, name := range c.stages.Names() {
		c.checkStage(name)
		c.refuseSharedEnvironments(name, owners)
	}
}

func (c *checker) checkStage(name string) {
	stage := c.stages[name]
	if !partName.MatchString(name) {
		c.addf(at("stages", name), quote(name), "a name of lower-case letters, digits and single hyphens", "rename the stage, for example dev")
	}
	if !slices.Contains(Regions(), stage.Region) {
		c.addf(at("stages", name, "region"), quote(stage.Region), "the name of an AWS region, such as us-east-1", "name the region that the stage runs in"+suggest(stage.Region, Regions()))
	}
	if len(stage.Accounts) == 0 {
		c.addf(at("stages", name, "accounts"), "no account", "at least one account, by name", `write for example accounts: {main: "111111111111"}`)
	}
	c.checkSharing(name)
	c.checkDeploymentRole(name)
	for _, account := range slices.Sorted(maps.Keys(stage.Accounts)) {
		path, id := at("stages", name, "accounts", account), stage.Accounts[account]
		if !partName.MatchString(account) {
			c.addf(path, quote(account), "a name of lower-case letters, digits and single hyphens", "rename the account, for example clinical")
		}
		if !accountID.MatchString(id) {
			c.addf(path, quote(id), "an account id of 12 digits", `write it in quotes: "111111111111"`)
		}
	}
}

// roleName is a role's name, after its path where it has one.
var roleName = regexp.MustCompile(`^([\w+=,.@-]{1,128}/)*[\w+=,.@-]{1,64}$`)

// checkDeploymentRole checks the role that a stage is deployed with. One that is written
// as an ARN stands in one account, which can only be right where all domains do.
func (c *checker) checkDeploymentRole(stage string) {
	role := c.stages[stage].DeploymentRole
	path := at("stages", stage, "deploymentRole")
	switch {
	case role == "" || roleName.MatchString(role):
		return
	case !strings.HasPrefix(role, "arn:"):
		c.addf(path, quote(role), "the name of an IAM role, or its ARN", "write for example deploymentRole: lake-deployer")
		return
	case !c.accountWords(path, role):
		return
	}
	arn := c.stages.resolve(stage, role)
	if p, err := lf.ParsePrincipal(arn); err != nil || p.Kind != lf.IAMRole {
		c.addf(path, quote(role), "the name of an IAM role, or its ARN", "write for example deploymentRole: lake-deployer")
		return
	}
	if !c.partition(path, role, stage, arn) {
		return
	}
	for _, domain := range c.domains {
		if account := c.stages.environment(stage, domain.account).Account; accountID.MatchString(account) && account != accountOf(arn) {
			c.addf(path, fmt.Sprintf("%q, while domain %s stands in account %s", role, domain.name, account), "a role of every account that the stage deploys to", "write the role's name alone: each account then has one of that name")
			return
		}
	}
}

// refuseSharedEnvironments refuses two stages in one environment: their names do not
// carry the stage, so each would be the other's.
func (c *checker) refuseSharedEnvironments(name string, owners map[Environment]string) {
	accounts := c.stages[name].Accounts
	for _, account := range slices.Sorted(maps.Keys(accounts)) {
		env := c.stages.environment(name, account)
		if !accountID.MatchString(env.Account) {
			continue
		}
		if other, taken := owners[env]; taken && other != name {
			c.addf(at("stages", name, "accounts", account), fmt.Sprintf("account %s in %s, which stage %s has too", env.Account, env.Region, other), "accounts and regions of its own for each stage", "use another account or region: buckets, databases and roles of the two stages would have the same names")
			continue
		}
		owners[env] = name
	}
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

// checkSharing checks how the accounts of a stage accept shares.
func (c *checker) checkSharing(stage string) {
	s := c.stages[stage].Sharing
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
