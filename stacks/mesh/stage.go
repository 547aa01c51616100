package mesh

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// Stage is one set of environments that the mesh is deployed to.
type Stage struct {
	Region   string            `yaml:"region"`
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

// StageNames are the names of the stages, sorted.
func (d *Definition) StageNames() []string { return slices.Sorted(maps.Keys(d.Stages)) }

// environment is the environment of an account, by its name in a stage.
func (d *Definition) environment(stage, account string) Environment {
	s := d.Stages[stage]
	return Environment{Account: s.Accounts[account], Region: s.Region}
}

// foundationWord tells the foundation stacks of a stage apart: the name of the
// environment's account, or "" when the stage has one environment. Of two names
// for one account the first in the alphabet is taken.
func (d *Definition) foundationWord(stage string, env Environment) string {
	accounts := d.Stages[stage].Accounts
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

// resolveAccount puts the account ids of a stage in the place of account names
// in braces, so that one identifier serves every stage:
// arn:aws:iam::{research}:role/Analyst. Names that the stage does not know stay.
func (d *Definition) resolveAccount(stage, identifier string) string {
	accounts := d.Stages[stage].Accounts
	return accountWord.ReplaceAllStringFunc(identifier, func(word string) string {
		if id, ok := accounts[strings.Trim(word, "{}")]; ok {
			return id
		}
		return word
	})
}

// deployer is the ARN of the role that a stage is deployed with in an environment,
// "" for that of the synthesizer.
func (d *Definition) deployer(stage string, env Environment) string {
	role := d.Stages[stage].DeploymentRole
	if role == "" || strings.HasPrefix(role, "arn:") {
		return d.resolveAccount(stage, role)
	}
	return names{mesh: d.Name, stage: stage, env: env}.roleARN(role)
}

// stagesOrNone are the stages to resolve identifiers in; without stages they are
// checked as they stand.
func (c *checker) stagesOrNone() []string {
	if len(c.d.Stages) == 0 {
		return []string{""}
	}
	return c.StageNames()
}

// inStages calls see with an identifier as each stage resolves it, until see
// returns false.
func (c *checker) inStages(identifier string, see func(stage, resolved string) bool) {
	for _, stage := range c.stagesOrNone() {
		if !see(stage, c.d.resolveAccount(stage, identifier)) {
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
		for _, stage := range c.d.Stages {
			ok = ok && accountID.MatchString(stage.Accounts[m[1]])
		}
	}
	return ok
}

// partition refuses an ARN of another AWS partition than the stage's, whoever's
// account it names: groups of Identity Center name none, and a stage grants to
// every principal.
func (c *checker) partition(path, identifier, stage, arn string) bool {
	s := c.d.Stages[stage]
	got, want := template.PartitionOfARN(arn), Partition(s.Region)
	if got == "" || got == want || !slices.Contains(Regions(), s.Region) {
		return true
	}
	c.addf(path, quote(identifier), fmt.Sprintf("an ARN that begins with arn:%s, as stage %s is in %s", want, stage, s.Region), "correct the partition; stages of different partitions need mesh files of their own")
	return false
}

// stages checks where the mesh runs.
func (c *checker) stages() {
	if len(c.d.Stages) == 0 {
		c.addf("stages", "no stage", "at least one stage with its region and accounts", `write for example stages: {dev: {region: us-east-1, accounts: {main: "111111111111"}}}`)
	}
	owners := map[Environment]string{} // stage of each environment
	for _, name := range c.StageNames() {
		c.stage(name)
		c.sharedEnvironments(name, owners)
	}
}

func (c *checker) stage(name string) {
	stage := c.d.Stages[name]
	if !partName.MatchString(name) {
		c.addf(at("stages", name), quote(name), "a name of lower-case letters, digits and single hyphens", "rename the stage, for example dev")
	}
	if !slices.Contains(Regions(), stage.Region) {
		c.addf(at("stages", name, "region"), quote(stage.Region), "the name of an AWS region, such as us-east-1", "name the region that the stage runs in"+suggest(stage.Region, Regions()))
	}
	if len(stage.Accounts) == 0 {
		c.addf(at("stages", name, "accounts"), "no account", "at least one account, by name", `write for example accounts: {main: "111111111111"}`)
	}
	c.sharing(name)
	c.deploymentRole(name)
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

// deploymentRole checks the role that a stage is deployed with. One that is written
// as an ARN stands in one account, which can only be right where all domains do.
func (c *checker) deploymentRole(stage string) {
	role := c.d.Stages[stage].DeploymentRole
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
	arn := c.d.resolveAccount(stage, role)
	if p, err := lf.ParsePrincipal(arn); err != nil || p.Kind != lf.IAMRole {
		c.addf(path, quote(role), "the name of an IAM role, or its ARN", "write for example deploymentRole: lake-deployer")
		return
	}
	if !c.partition(path, role, stage, arn) {
		return
	}
	for _, domain := range c.d.Domains {
		if account := c.d.environment(stage, domain.Account).Account; accountID.MatchString(account) && account != accountOf(arn) {
			c.addf(path, fmt.Sprintf("%q, while domain %s stands in account %s", role, domain.Name, account), "a role of every account that the stage deploys to", "write the role's name alone: each account then has one of that name")
			return
		}
	}
}

// sharedEnvironments refuses two stages in one environment: their names do not
// carry the stage, so each would be the other's.
func (c *checker) sharedEnvironments(name string, owners map[Environment]string) {
	accounts := c.d.Stages[name].Accounts
	for _, account := range slices.Sorted(maps.Keys(accounts)) {
		env := c.d.environment(name, account)
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
	for _, name := range c.StageNames() {
		accounts := c.d.Stages[name].Accounts
		if _, ok := accounts[account]; !ok && len(accounts) > 0 {
			known := slices.Sorted(maps.Keys(accounts))
			c.addf(path, quote(account), "an account of stage "+name+": "+oneOf(known), "name an account that every stage has"+suggest(account, known))
		}
	}
}

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
