package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// PrincipalPlan is a reader by name.
type PrincipalPlan struct {
	Name       string // as subscriptions call the reader
	Identifier string // as Lake Formation takes it
}

// identifier is what Lake Formation takes for a principal's name: the
// identifier that the mesh gives it, else the job role of the domain that
// the name is made of, else "".
func (p *site) identifier(principal string) string {
	if identifier, ok := p.principals[principal]; ok {
		return p.resolve(identifier)
	}
	for _, domain := range p.domains {
		if principal == JobPrincipal(domain.name) {
			n := p.names(domain.name)
			return n.RoleARN(n.JobRole(domain.name))
		}
	}
	return ""
}

// named are principals by their names, sorted.
func (p *site) named(principals []string) []PrincipalPlan {
	var out []PrincipalPlan
	for _, name := range slices.Sorted(slices.Values(principals)) {
		out = append(out, PrincipalPlan{Name: name, Identifier: p.identifier(name)})
	}
	return out
}

// administrators are those of one environment: Lake Formation's settings belong to an
// account, and so do those who administer it.
func (p *site) administrators(env Environment) []string {
	var out []string
	for _, admin := range p.admins {
		if arn := p.resolve(admin); accountOf(arn) == env.Account {
			out = append(out, arn)
		}
	}
	slices.Sort(out)
	return slices.Compact(out) // two names of accounts may stand for one
}

// maxAdmins is Lake Formation's limit of administrators (rule 1.8) without the
// role that deploys, which always is one (rule 1.4).
const maxAdmins = 30 - 1

// maxPrincipalName leaves room in a policy's 128 characters for the names of the mesh,
// the domain and the region.
const maxPrincipalName = 48

// checkAdmins checks the Lake Formation administrators.
func (c *checker) checkAdmins() {
	if n := len(c.admins); n > maxAdmins {
		c.addf("admins", fmt.Sprintf("%d administrators", n), atMost(maxAdmins, "administrators, as Lake Formation takes 30 and the role that deploys is one"), "let one role stand for several people")
	}
	for i, admin := range c.admins {
		path := at("admins", i)
		if !c.accountWords(path, admin) {
			continue
		}
		if slices.Contains(c.admins[:i], admin) {
			c.addf(path, quote(admin)+" again", "each administrator once", "take it out")
			continue
		}
		c.inStages(admin, func(stage, arn string) bool { return c.checkAdmin(path, admin, stage, arn) })
		c.checkAdminAccount(path, admin)
	}
}

// checkAdmin checks one administrator as a stage resolves it, and reports whether it
// is well-formed.
func (c *checker) checkAdmin(path, admin, stage, arn string) bool {
	p, err := lf.ParsePrincipal(arn)
	if err != nil || p.Kind != lf.IAMRole && p.Kind != lf.IAMUser {
		c.addf(path, quote(admin), "the ARN of an IAM role or user", "write for example arn:aws:iam::111111111111:role/LakeAdmin")
		return false
	}
	if domain := c.domainOfJobRole(stage, arn); domain != "" {
		c.addf(path, fmt.Sprintf("%q, the role of the jobs of domain %s", admin, domain), "administrators that are not granted to, as they see everything anyway", "let a role of its own administer the lake")
		return false
	}
	return c.partition(path, admin, stage, arn)
}

// checkAdminAccount refuses an administrator of an account that no stage has: Lake
// Formation's settings name administrators of their own account.
func (c *checker) checkAdminAccount(path, admin string) {
	account := accountOf(admin)
	if !accountID.MatchString(account) || len(c.stages) == 0 {
		return
	}
	for _, stage := range c.stages {
		for _, id := range stage.Accounts {
			if id == account || !accountID.MatchString(id) {
				return // known, or it may be the one that is misspelt
			}
		}
	}
	c.addf(path, quote(admin)+", of an account that no stage has", "an administrator of an account of the mesh", "name a role of an account where a domain stands; {<account name>} in the ARN stands for the account id in each stage")
}

// checkPrincipals checks the readers.
func (c *checker) checkPrincipals() {
	builtIn := map[string]string{}
	for _, name := range c.known {
		builtIn[JobPrincipal(name)] = name
	}
	seen := map[string]string{}   // name by identifier
	folded := map[string]string{} // name by name in lower case
	for _, name := range slices.Sorted(maps.Keys(c.principals)) {
		path, identifier := at("principals", name), c.principals[name]
		c.checkPrincipalName(path, name, folded)
		if domain, taken := builtIn[name]; taken {
			c.addf(path, quote(name), "another name, as this one stands for the role of the jobs of domain "+domain, "rename the principal")
		}
		if !c.accountWords(path, identifier) || !c.checkPrincipal(path, identifier) {
			continue
		}
		if other, taken := seen[identifier]; taken {
			c.addf(path, fmt.Sprintf("%q, which is principal %s too", identifier, other), "one name for each identifier", "use the name "+other+", or give the two different roles")
			continue
		}
		seen[identifier] = name
	}
}

// checkPrincipalName checks the name of a principal, which is part of the names of its
// workgroup and its policy. IAM does not tell upper from lower case.
func (c *checker) checkPrincipalName(path, name string, folded map[string]string) {
	switch {
	case strings.TrimSpace(name) == "":
		c.addf(path, "a principal without a name", "a name that subscriptions can use", "name it, for example cardiology-analysts")
		return
	case !problem.IsPlainKey(name):
		c.addf(path, quote(name), "a name of letters, digits, hyphens and underscores, as a workgroup and a policy are named after it", "rename it, for example to cardiology-analysts")
	case len(name) > maxPrincipalName:
		c.addf(path, fmt.Sprintf("%q, which has %d characters", name, len(name)), atMost(maxPrincipalName, "characters"), "shorten it")
	}
	if other, taken := folded[strings.ToLower(name)]; taken {
		c.addf(path, fmt.Sprintf("%q beside %q", name, other), "names that differ in more than upper and lower case", "rename one of the two")
	}
	folded[strings.ToLower(name)] = name
}

// checkPrincipal checks one identifier, and reports whether it is well-formed.
func (c *checker) checkPrincipal(path, identifier string) bool {
	ok := true
	c.inStages(identifier, func(stage, resolved string) bool {
		if _, err := lf.ParsePrincipal(resolved); err != nil {
			fix := "correct the identifier"
			if strings.EqualFold(resolved, "IAM_ALLOWED_PRINCIPALS") || strings.EqualFold(resolved, "Everyone") {
				fix = "name a role, a group or an account: this word switches Lake Formation off for what it is granted on"
			}
			c.addf(path, quote(identifier), lf.PrincipalForms, fix)
			ok = false
		} else if i := slices.IndexFunc(c.admins, func(a string) bool { return c.stages.resolve(stage, a) == resolved }); i >= 0 {
			c.addf(path, fmt.Sprintf("%q, which is an administrator too (%s)", identifier, at("admins", i)), "principals that are no administrators, as those see everything anyway and must not be granted to", "let readers use a role of their own")
			ok = false
		} else if domain := c.domainOfJobRole(stage, resolved); domain != "" {
			c.addf(path, fmt.Sprintf("%q, the role of the jobs of domain %s", identifier, domain), "roles that the mesh does not make itself", "take the principal out and list "+JobPrincipal(domain)+" in the subscription")
			ok = false
		} else {
			ok = c.partition(path, identifier, stage, resolved)
		}
		return ok
	})
	return ok
}

// domainOfJobRole is the domain whose jobs run as a role in a stage, or "".
func (c *checker) domainOfJobRole(stage, arn string) string {
	for _, domain := range c.domains {
		n := c.names(stage, domain.account)
		if arn == n.RoleARN(n.JobRole(domain.name)) {
			return domain.name
		}
	}
	return ""
}

// domainOfJobs is the domain whose jobs a built-in principal stands for.
func (c *checker) domainOfJobs(principal string) (string, bool) {
	domain, found := strings.CutSuffix(principal, jobSuffix)
	return domain, found && c.isDomain(domain)
}

// JobPrincipal is the name under which a subscription lists the role that a
// domain's own jobs run as.
func JobPrincipal(domain string) string { return domain + jobSuffix }

const jobSuffix = "-pipeline"
