package mesh

import (
	"cmp"
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// maxResources is how many resources a stack may have ("AWS CloudFormation
// quotas"), less what one more deployment may need while it replaces some.
const maxResources = 450

// maxTemplate is how long a template may be in bytes; CloudFormation takes 1 MB.
const maxTemplate = 900_000

// How many resources something adds to the stack of a domain or of a product.
const (
	lakeResources      = 18               // key with alias, four buckets with policies, workgroup, two roles with policies, topic of alarms, dashboard
	optimizerResources = 2                // the role that all optimizers have, with its policy
	optimizersPerTable = 3                // compaction, snapshot retention and orphan file deletion
	readerResources    = 2                // workgroup and policy
	crawlerResources   = 5                // with role, policy, encryption and alarm
	eventResources     = 5                // two queues with their policies, and a rule
	jobResources       = 14               // workgroup, state machine, roles, policies, log, schedule, queue and alarms
	evolutionResources = 8                // workgroup, state machine, role, policies, log and alarms
	evaluatorResources = 3                // workgroup, role and policy
	qualityResources   = 11               // state machine, log, role and policy of what starts it, queue with its policy, and alarms; without schedules
	keysResources      = jobResources + 5 // bucket with its policy, location, database and table
	endingResources    = 10               // state machine, log, rule, role and policy that start it, queue with its policy, and alarms
)

// Resources is how many resources the stack of the domain has.
func (d *DomainPlan) Resources() int {
	n := lakeResources + len(d.Queries)*max(1, len(d.Readers)) + readerResources*len(d.Readers) +
		len(d.Locations) + len(d.Databases) + len(d.Tags) + len(d.Associations) + len(d.Grants)
	if d.KeyParameter != "" {
		n++
	}
	if d.Alarms.Email != "" {
		n++
	}
	if d.OptimizerRole != "" {
		n += optimizerResources
	}
	for _, crawler := range d.Crawlers {
		n += crawlerResources + len(crawler.Grants)
		if crawler.Events {
			n += eventResources
		}
	}
	n += d.Freshness.Resources()
	if d.Keys != nil {
		n += keysResources
	}
	if d.Evolution != nil {
		n += evolutionResources
	}
	if d.Evaluator != nil {
		n += evaluatorResources
	}
	return n
}

// Resources is how many resources the stack of the product has.
func (p *ProductPlan) Resources() int {
	n := len(p.Tables) + len(p.Associations) + len(p.Grants) + jobResources*len(p.jobs())
	if p.Quality != nil {
		n += qualityResources + len(p.Quality.Schedules)
	}
	if p.OptimizerARN != "" {
		for _, t := range p.Tables {
			if t.optimized() {
				n += optimizersPerTable
			}
		}
	}
	return n
}

// Resources is how many resources the stack of shares has.
func (s *SharePlan) Resources() int {
	return s.Ending.resources() + max(1, len(s.Filters)+len(s.Grants)) + 2*len(s.Readiness) // a role and its policy
}

// Resources is how many resources the stack of subscriptions has.
func (c *ConsumerPlan) Resources() int {
	return c.Ending.resources() + max(1, len(c.Filters)+len(c.Grants))
}

func (e *EndingPlan) resources() int {
	if e == nil {
		return 0
	}
	return endingResources
}

// checkSizes refuses what CloudFormation would not take in a stack.
func (c *checker) checkSizes(plan *Plan, all products) {
	for _, d := range plan.Domains {
		if n := d.Resources(); n > maxResources {
			c.addf(at("domains", c.index(d.Name), "name"),
				fmt.Sprintf("%d resources in the stack of %s: %d crawlers, %d saved queries, %d principals that query", n, d.Name, len(d.Crawlers), len(d.Queries), len(d.Readers)),
				fmt.Sprintf("at most %d, as CloudFormation takes 500 in a stack", maxResources),
				"split the domain, or let one crawler crawl several folders")
		}
		if n := d.Files.characters(); n > maxAdmitted {
			c.addf(at("domains", c.index(d.Name), "s3Access"), fmt.Sprintf("%d characters of ARNs that reach the files of one zone of %s: roles of jobs, and s3Access", n, d.Name),
				atMost(maxAdmitted, "characters, as a bucket policy holds 20 KB"), "let a * of s3Access stand for several names, or put tables that jobs make into fewer products")
		}
		c.checkProductSizes(d, all.of(c.index(d.Name)))
	}
	for _, consumer := range plan.Consumers {
		c.checkGrantsSize(consumer.Domain, "subscriptions", consumer.Resources(), consumer.Bytes())
	}
	for _, share := range plan.Shares {
		c.checkGrantsSize(share.Domain, "shares", share.Resources(), share.Bytes())
	}
}

// checkProductSizes refuses products that do not fit into the parts that they have.
func (c *checker) checkProductSizes(d DomainPlan, own products) {
	for _, p := range own {
		whole := d.whole(p.contract.Name)
		parts := max(1, p.contract.Parts)
		resources, bytes := whole.largest(parts)
		if resources <= maxResources && bytes <= maxTemplate {
			continue
		}
		fix := "split its largest table, or move columns of one level into a table of their own: a column only needs a tag where it differs from the most sensitive one beside it"
		for n := parts + 1; n <= contract.MaxParts; n++ {
			if r, b := whole.largest(n); r <= maxResources && b <= maxTemplate {
				fix = fmt.Sprintf("set the custom property parts of the contract to %d: each table then stands in one of so many stacks", n)
				break
			}
		}
		c.inContract(p, "customProperties", fmt.Sprintf("up to %d resources and %d kB in a stack of product %s, with %d tables in %d parts", resources, (bytes+999)/1000, p.contract.Name, len(whole.Tables), parts),
			fmt.Sprintf("at most %d resources and %d kB, as CloudFormation takes 500 and 1 MB", maxResources, maxTemplate/1000), fix)
	}
}

// whole is a product with all of its parts.
func (d *DomainPlan) whole(product string) *ProductPlan {
	out := &ProductPlan{}
	for _, p := range d.Products {
		if p.Name != product {
			continue
		}
		out.StackName, out.OptimizerARN = p.StackName, cmp.Or(out.OptimizerARN, p.OptimizerARN)
		out.Materialization, out.Deidentify = cmp.Or(out.Materialization, p.Materialization), cmp.Or(out.Deidentify, p.Deidentify)
		out.Retention = cmp.Or(out.Retention, p.Retention)
		out.Quality = cmp.Or(out.Quality, p.Quality)
		out.Tables = append(out.Tables, p.Tables...)
		out.Associations = append(out.Associations, p.Associations...)
		out.Grants = append(out.Grants, p.Grants...)
	}
	return out
}

// largest is how many resources, and how many bytes at most, the largest part has of a
// product in so many parts.
func (p *ProductPlan) largest(parts int) (resources, bytes int) {
	byPart := make([]ProductPlan, parts+1)
	for i := range byPart {
		byPart[i].StackName, byPart[i].OptimizerARN = p.StackName, p.OptimizerARN
	}
	of := func(table string) *ProductPlan { return &byPart[contract.PartOf(table, parts)] }
	home := &byPart[1] // of the jobs
	home.Materialization, home.Deidentify, home.Quality = p.Materialization, p.Deidentify, p.Quality
	jobs := map[string]bool{}
	for _, job := range p.jobs() {
		jobs[job.RoleARN] = true
	}
	for _, t := range p.Tables {
		part := of(t.Table.Name)
		part.Tables = append(part.Tables, t)
	}
	for _, a := range p.Associations {
		part := of(a.Resource.Table)
		part.Associations = append(part.Associations, a)
	}
	for _, g := range p.Grants {
		part := home
		if !jobs[g.Principal] {
			part = of(g.Resource.Table)
		}
		part.Grants = append(part.Grants, g)
	}
	for i := range byPart {
		resources, bytes = max(resources, byPart[i].Resources()), max(bytes, byPart[i].Bytes())
	}
	return resources, bytes
}

// checkGrantsSize refuses a stack of grants that is too large: only row and column
// filters need a grant for each table and principal.
func (c *checker) checkGrantsSize(domain, kind string, resources, bytes int) {
	if resources <= maxResources && bytes <= maxTemplate {
		return
	}
	c.addf(at("domains", c.index(domain), "name"),
		fmt.Sprintf("%d filters and grants of up to %d kB in the %s of %s", resources, (bytes+999)/1000, kind, domain),
		fmt.Sprintf("at most %d resources and %d kB, as CloudFormation takes 500 and 1 MB", maxResources, maxTemplate/1000),
		"let one role stand for several principals, or publish the rows as a product of their own, which needs no filter")
}
