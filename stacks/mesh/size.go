package mesh

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// maxResources is how many resources a stack may have ("AWS CloudFormation
// quotas"), less what one more deployment may need while it replaces some.
const maxResources = 480

// What every domain's stack holds besides what grows with its products: a key
// with alias, four buckets with policies, a workgroup, three roles with policies, the
// template's metadata.
const fixedResources = 23

// Each principal that queries has a workgroup and a policy, besides the saved queries.
const readerResources = 2

// What each crawler adds: the crawler with its role and policy, a log
// configuration, two queues with their policies, alarms, and its grants.
const crawlerResources = 16

// Compaction, snapshot retention and orphan file deletion.
const optimizersPerTable = 3

// A job: a workgroup, a state machine with roles, policies, logs, schedule, queue, topic
// and alarms.
const jobResources = 16

// The keys' bucket with its policy, location, database and table.
const keysResources = 5

// checkSizes refuses a domain whose stack CloudFormation would not take.
func (c *checker) checkSizes(domains []DomainPlan, shares []SharePlan, consumers []ConsumerPlan) {
	for _, d := range domains {
		iceberg := 0
		for _, t := range d.Tables {
			if t.Table.Format == contract.FormatIceberg {
				iceberg++
			}
		}
		n := optimizersPerTable*iceberg + fixedResources + len(d.Queries)*max(1, len(d.Readers)) + readerResources*len(d.Readers) + len(d.Locations) + len(d.Databases) + len(d.Tables) + len(d.Associations) + len(d.Grants) + crawlerResources*len(d.Crawlers)
		if d.Materialization != nil {
			n += jobResources
		}
		if d.Deidentify != nil {
			n += jobResources + keysResources
		}
		if d.Evolution != nil {
			n += jobResources
		}
		if n <= maxResources {
			continue
		}
		i := c.index(d.Name)
		c.addf(at("domains", i, "products"),
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
