package mesh

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

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
	c.checkStageAlarms(name)
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
