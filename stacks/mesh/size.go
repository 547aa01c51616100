package mesh

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// maxResources is how many resources a stack may have ("AWS CloudFormation
// quotas"), less what one more deployment may need while it replaces some.
const maxResources = 480

// Resources is about how many resources the stack of a domain has, and never fewer than
// synthesis makes.
func (d *DomainPlan) Resources() int {
	const (
		ofDomain    = 23 // a key with alias, four buckets with policies, a workgroup, three roles with policies, metadata
		ofReader    = 2  // a workgroup and a policy
		ofCrawler   = 16 // with its role and policy, a log configuration, two queues with their policies, alarms and grants
		ofOptimizer = 3  // compaction, snapshot retention and orphan file deletion of a table
		ofJob       = 16 // a workgroup, a state machine with roles, policies, logs, schedule, queue, topic and alarms
		ofKeys      = 5  // a bucket with its policy, location, database and table
	)
	n := ofDomain + ofReader*len(d.Readers) + len(d.Queries)*max(1, len(d.Readers)) + ofCrawler*len(d.Crawlers) +
		len(d.Locations) + len(d.Databases) + len(d.Tables) + len(d.Associations) + len(d.Grants)
	for _, t := range d.Tables {
		if t.Table.Format == contract.FormatIceberg {
			n += ofOptimizer
		}
	}
	if d.Materialization != nil {
		n += ofJob
	}
	if d.Deidentify != nil {
		n += ofJob + ofKeys
	}
	if d.Evolution != nil {
		n += ofJob
	}
	return n
}

// checkSizes refuses a domain whose stacks CloudFormation would not take.
func (c *checker) checkSizes(domains []DomainPlan, shares []SharePlan, consumers []ConsumerPlan) {
	for _, d := range domains {
		n := d.Resources()
		if n <= maxResources {
			continue
		}
		c.addf(at("domains", c.index(d.Name), "products"),
			fmt.Sprintf("about %d resources in the stack of %s: %d tables and %d databases, tables and columns with tags of their own", n, d.Name, len(d.Tables), len(d.Associations)),
			fmt.Sprintf("at most %d, as CloudFormation takes 500 in a stack", maxResources),
			"split the domain, or move columns of one level into tables of their own: a column only needs a tag where it differs from the most sensitive one beside it")
	}
	for _, consumer := range consumers {
		c.checkGrantCount(consumer.Domain, "subscriptions", len(consumer.Filters)+len(consumer.Grants))
	}
	for _, share := range shares {
		c.checkGrantCount(share.Domain, "shares", len(share.Filters)+len(share.Grants))
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
