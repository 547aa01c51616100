package mesh

import (
	"fmt"
)

// maxResources is how many resources a stack may have ("AWS CloudFormation
// quotas"), less what one more deployment may need while it replaces some.
const maxResources = 450

// How many resources something adds to the stack of a domain.
const (
	lakeResources      = 15 // key with alias, four buckets with policies, workgroup, two roles with policies
	optimizerResources = 2  // the role that all optimizers have, with its policy
	optimizersPerTable = 3  // compaction, snapshot retention and orphan file deletion
	readerResources    = 2  // workgroup and policy
	crawlerResources   = 7  // with role, policy, encryption and alarm
	eventResources     = 5  // two queues with their policies, and a rule
	jobResources       = 16 // workgroup, state machine, roles, policies, log, schedule, queue, topic and alarms
	evolutionResources = 10 // workgroup, state machine, role, policies, log, topic and alarms
	keysResources      = 5  // bucket with its policy, location, database and table
)

// Resources is how many resources the stack of the domain has.
func (d *DomainPlan) Resources() int {
	n := lakeResources + len(d.Queries)*max(1, len(d.Readers)) + readerResources*len(d.Readers) +
		len(d.Locations) + len(d.Databases) + len(d.Associations) + len(d.Grants)
	if d.KeyParameter != "" {
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
	if d.Materialization != nil {
		n += jobResources
	}
	if d.Deidentify != nil {
		n += jobResources
		if d.Deidentify.Keys != nil {
			n += keysResources
		}
	}
	if d.Evolution != nil {
		n += evolutionResources
	}
	return n
}

// Resources is how many resources the stack of the product has.
func (p *ProductPlan) Resources() int {
	n := len(p.Tables) + len(p.Associations) + len(p.Grants)
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
func (s *SharePlan) Resources() int { return max(1, len(s.Filters)+len(s.Grants)) }

// Resources is how many resources the stack of subscriptions has.
func (c *ConsumerPlan) Resources() int { return max(1, len(c.Filters)+len(c.Grants)) }

// checkSizes refuses a domain whose stacks CloudFormation would not take.
func (c *checker) checkSizes(domains []DomainPlan, shares []SharePlan, consumers []ConsumerPlan) {
	for _, d := range domains {
		if n := d.Resources(); n > maxResources {
			c.addf(at("domains", c.index(d.Name), "name"),
				fmt.Sprintf("%d resources in the stack of %s: %d crawlers, %d saved queries, %d principals that query", n, d.Name, len(d.Crawlers), len(d.Queries), len(d.Readers)),
				fmt.Sprintf("at most %d, as CloudFormation takes 500 in a stack", maxResources),
				"split the domain, or let one crawler crawl several folders")
		}
		for _, p := range d.Products {
			if n := p.Resources(); n > maxResources {
				c.addf(at("domains", c.index(d.Name), "products"),
					fmt.Sprintf("%d resources in the stack of product %s: %d tables, and %d of them and of their columns with tags of their own", n, p.Name, len(p.Tables), len(p.Associations)),
					fmt.Sprintf("at most %d, as CloudFormation takes 500 in a stack", maxResources),
					"split the product, or move columns of one level into tables of their own: a column only needs a tag where it differs from the most sensitive one beside it")
			}
		}
	}
	for _, consumer := range consumers {
		c.checkGrantCount(consumer.Domain, "subscriptions", consumer.Resources())
	}
	for _, share := range shares {
		c.checkGrantCount(share.Domain, "shares", share.Resources())
	}
}

// checkGrantCount refuses a stack of grants that is too large: only row and column
// filters need a grant for each table and principal.
func (c *checker) checkGrantCount(domain, kind string, n int) {
	if n <= maxResources {
		return
	}
	c.addf(at("domains", c.index(domain), "name"),
		fmt.Sprintf("%d filters and grants in the %s of %s", n, kind, domain),
		fmt.Sprintf("at most %d, as CloudFormation takes 500 in a stack", maxResources),
		"let one role stand for several principals, or publish the rows as a product of their own, which needs no filter")
}
