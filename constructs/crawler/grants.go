package crawler

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// grant enters what the crawler needs of Lake Formation into the ledger, for the
// crawler to wait for: tables made in its database, its tables read and altered,
// the registered locations pointed at (rule 6.2). Tables are granted by the
// database's wildcard, because those that a crawl finds have no names yet.
// Source: "Using a crawler with Lake Formation", "Lake Formation permissions reference".
func (p *CrawlerProps) grant(c *Crawler) {
	if p.Grants == nil {
		return
	}
	principal := governance.RolePrincipal(c.role)
	add := func(resource lakeformation.Resource, after []awscdk.CfnResource, permissions ...lakeformation.Permission) {
		p.Grants.Grant(principal, resource, permissions, &governance.GrantOptions{After: after}).ApplyBefore(c.resource)
	}
	tables := []lakeformation.Permission{lakeformation.Describe, lakeformation.Select, lakeformation.Alter}
	if p.OnDelete == DropTable {
		tables = append(tables, lakeformation.Drop)
	}
	if p.Database != nil {
		add(lakeformation.Database(*p.Database), p.After, lakeformation.Describe, lakeformation.CreateTable)
		add(lakeformation.Table(*p.Database, lakeformation.AllTables), p.After, tables...)
	}
	for _, t := range p.Catalog {
		add(lakeformation.Database(t.Database), p.After, lakeformation.Describe)
		for _, table := range t.Tables {
			add(lakeformation.Table(t.Database, table), p.After, tables...)
		}
	}
	for _, location := range p.Locations {
		add(location.Resource().In(cdkx.Value(p.LocationAccount, "")), append([]awscdk.CfnResource{location.Cfn()}, p.After...), lakeformation.DataLocationAccess)
	}
	for _, arn := range p.LocationARNs {
		add(lakeformation.Location(arn).In(cdkx.Value(p.LocationAccount, "")), p.After, lakeformation.DataLocationAccess)
	}
}
