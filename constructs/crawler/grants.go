package crawler

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// grant enters what the crawler needs of Lake Formation into the Permissions, for the
// crawler to wait for: tables made in its database, its tables read and altered,
// the registered locations pointed at (rule 6.2). Tables are granted by the
// database's wildcard, because those that a crawl finds have no names yet.
// Source: "Using a crawler with Lake Formation", "Lake Formation permissions reference".
func (p *CrawlerProps) grant(c *Crawler) {
	grants := p.Permissions
	switch {
	case grants != nil:
	case p.lakeFormation():
		grants = governance.PermissionsOf(c)
	default:
		return
	}
	principal := governance.RolePrincipal(c.role)
	add := func(resource lakeformation.Resource, of constructs.IConstruct, permissions ...lakeformation.Permission) {
		after := slices.Concat(made(of), p.After)
		grants.Grant(principal, resource, permissions, &governance.GrantOptions{After: after}).ApplyBefore(c.resource)
	}
	tables := []lakeformation.Permission{lakeformation.Describe, lakeformation.Select, lakeformation.Alter}
	if p.DeleteBehavior == DropTable {
		tables = append(tables, lakeformation.Drop)
	}
	if p.Database != nil {
		add(p.Database.Resource(), p.Database, lakeformation.Describe, lakeformation.CreateTable)
		add(lakeformation.Table(*p.Database.DatabaseName(), lakeformation.AllTables), p.Database, tables...)
	}
	for _, table := range p.Catalog {
		add(lakeformation.Database(*table.DatabaseName()), table, lakeformation.Describe)
		add(table.Resource(), table, tables...)
	}
	for _, location := range p.Locations {
		add(location.Resource().In(cdkx.Value(p.LocationAccount, "")), location, lakeformation.DataLocationAccess)
	}
	for _, arn := range p.LocationARNs {
		add(lakeformation.Location(arn).In(cdkx.Value(p.LocationAccount, "")), nil, lakeformation.DataLocationAccess)
	}
}

// needs are what must exist before the crawler.
func (p *CrawlerProps) needs() []awscdk.CfnResource {
	out := made(p.Database)
	for _, table := range p.Catalog {
		out = append(out, made(table)...)
	}
	return append(out, p.After...)
}

// made is the resource of a construct that this app makes; an imported one has none.
func made(construct constructs.IConstruct) []awscdk.CfnResource {
	switch own := construct.(type) {
	case *catalog.Database:
		return []awscdk.CfnResource{own.Cfn()}
	case *catalog.Table:
		return []awscdk.CfnResource{own.Cfn()}
	case *governance.Location:
		return []awscdk.CfnResource{own.Cfn()}
	}
	return nil
}

// named are the databases and tables that the crawler knows by name.
func (p *CrawlerProps) named() []order.Name {
	var out []order.Name
	if p.Database != nil {
		out = append(out, order.Database(*p.Database.DatabaseName()))
	}
	for _, table := range p.Catalog {
		out = append(out, order.Table(*table.DatabaseName(), *table.TableName()))
	}
	return out
}
