package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// checkMeshName checks what begins the name of everything.
func (c *checker) checkMeshName() {
	name := c.mesh
	switch {
	case !meshName.MatchString(name):
		c.addf("name", quote(name), "a name of lower-case letters, digits and single hyphens that begins with a letter", "name the mesh, for example riverside")
	case len(name) > maxMeshName:
		c.addf("name", fmt.Sprintf("%q, which has %d characters", name, len(name)), atMost(maxMeshName, "characters"), "shorten it: it begins the name of everything in the mesh")
	case slices.ContainsFunc(reservedNames, func(r string) bool { return name == r || strings.HasPrefix(name, r+"-") }):
		c.addf("name", quote(name), "a name that AWS does not keep for itself", "choose another name")
	}
}

// checkNames checks the names that the plans would give, in every stage.
func (c *checker) checkNames(domains []Domain, all products, o *ontologies) {
	if !meshName.MatchString(c.mesh) || len(c.mesh) > maxMeshName {
		return
	}
	for i, domain := range domains {
		if !partName.MatchString(domain.Name) || len(domain.Name) > maxDomainName {
			continue
		}
		var names []planned
		for _, stage := range c.stages.Names() {
			names = append(names, domain.plannedNames(c.names(stage, domain.Account))...)
		}
		c.refuseLongest(at("domains", i, "name"), names)
	}
	c.checkProductStacks(all)
	c.checkStackNames(domains, all)
	c.countProducts(all)
	c.countTagKeys(o)
}

// refuseLongest reports, of each kind of name that is too long, the longest one.
func (c *checker) refuseLongest(path string, all []planned) {
	worst := map[string]planned{}
	var kinds []string
	for _, p := range all {
		if len(p.name) <= p.limit {
			continue
		}
		if _, ok := worst[p.kind]; !ok {
			kinds = append(kinds, p.kind)
		}
		if len(p.name) > len(worst[p.kind].name) {
			worst[p.kind] = p
		}
	}
	for _, kind := range kinds {
		p := worst[kind]
		c.addf(path,
			fmt.Sprintf("the %s name %q, which has %d characters", p.kind, p.name, len(p.name)),
			atMost(p.limit, "characters"),
			fmt.Sprintf("shorten the name of the mesh or of the domain by %d", len(p.name)-p.limit))
	}
}

// checkProductStacks refuses products whose stacks would have too long a name.
func (c *checker) checkProductStacks(all products) {
	for _, p := range all {
		longest := ""
		for _, stage := range c.stages.Names() {
			for _, name := range c.productStacks(stage, p) {
				if len(name) > len(longest) {
					longest = name
				}
			}
		}
		if n := len(longest); n > maxStack {
			c.atName(p, fmt.Sprintf("the stack name %q, which has %d characters", longest, n), atMost(maxStack, "characters"),
				fmt.Sprintf("shorten the name of the product by %d", n-maxStack))
		}
	}
}

// productStacks are the names of the stacks of a product; none where its own name is refused.
func (c *checker) productStacks(stage string, p product) []string {
	if n := p.contract.Name; !catalogName.MatchString(n) || len(n) > maxTagValue || !partName.MatchString(p.owner) {
		return nil
	}
	n := c.names(stage, "")
	if p.contract.Parts < 2 {
		return []string{n.ProductStack(p.owner, p.contract.Name, 0)}
	}
	var out []string
	for part := 1; part <= min(p.contract.Parts, contract.MaxParts); part++ {
		out = append(out, n.ProductStack(p.owner, p.contract.Name, part))
	}
	return out
}

// checkStackNames refuses two stacks of one name: the words foundation, fhir, images, links,
// product, shares and subscriptions may also be parts of names of domains.
func (c *checker) checkStackNames(domains []Domain, all products) {
	reported := map[string]bool{} // by path
	for _, stage := range c.stages.Names() {
		owners := map[string]string{}
		take := func(path, name, owner string) bool {
			if other, taken := owners[name]; taken && other != owner {
				if !reported[path] {
					kind, _, _ := strings.Cut(owner, " ")
					c.addf(path, fmt.Sprintf("the stack name %q, which %s has too", name, other), "a stack name of its own", "rename the "+kind)
				}
				reported[path] = true
				return false
			}
			owners[name] = owner
			return true
		}
		for _, domain := range c.domains {
			n := c.names(stage, domain.account)
			word := c.stages.foundationWord(stage, c.stages.environment(stage, domain.account))
			take("", n.FoundationStack(word), "the foundation")
			take("", n.LinksStack(word), "the resource links")
		}
		for i, domain := range domains {
			for _, p := range domain.plannedNames(c.names(stage, domain.Account)) {
				if p.kind == stackName && !take(at("domains", i, "name"), p.name, "domain "+domain.Name) {
					break
				}
			}
			for _, p := range all.of(i) {
				for _, name := range c.productStacks(stage, p) {
					take(at("domains", i, "name"), name, "product "+p.contract.Name+" of domain "+domain.Name)
				}
			}
		}
	}
}

// countProducts refuses a domain with more products than an LF-Tag takes values:
// CloudFormation takes 50 of a key, and one stands for what is no product.
func (c *checker) countProducts(all products) {
	for i, domain := range c.domains {
		if n := len(all.of(i)); n >= maxTagValues {
			c.addf(at("domains", i, "products"), fmt.Sprintf("%d products of domain %s", n, domain.name),
				atMost(maxTagValues-1, "products of a domain, as each is a value of the domain's LF-Tag"), "split the domain, or join products: one has any number of tables")
		}
	}
}

// countTagKeys refuses an account with more LF-Tag keys than Lake Formation has: those
// that all domains share, and, of each domain in the account, its own.
func (c *checker) countTagKeys(o *ontologies) {
	for _, stage := range c.stages.Names() {
		n := map[Environment]int{}
		for _, domain := range c.domains {
			env := c.stages.environment(stage, domain.account)
			if env.Account == "" {
				continue
			}
			if n[env] == 0 {
				n[env] = len(o.commonTags())
			}
			n[env] += len(o.domainTags(domain.name, nil))
		}
		for _, env := range slices.SortedFunc(maps.Keys(n), compareEnvironments) {
			if n[env] > maxTagKeys {
				c.addf("domains", fmt.Sprintf("%d LF-Tag keys in account %s of stage %s", n[env], env.Account, stage),
					atMost(maxTagKeys, "in an account: some for all domains, and one for each domain with those of its own ontology"), "spread the domains over accounts, or join keys of ontologies")
			}
		}
	}
}
