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
// crawler to wait for: its database or its tables, and the registered locations.
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
	add := func(of constructs.IConstruct, catalog string, needed ...lakeformation.Grant) {
		after := slices.Concat(made(of), p.After)
		for _, g := range needed {
			grants.Grant(principal, g.Resource.In(catalog), g.Permissions, &governance.GrantOptions{After: after}).ApplyBefore(c.resource)
		}
	}
	drop := p.DeleteBehavior == DropTable
	if p.Database != nil {
		add(p.Database, "", lakeformation.CrawlDatabase(*p.Database.DatabaseName(), drop)...)
	}
	for _, table := range p.Catalog {
		add(table, "", lakeformation.CrawlTable(*table.DatabaseName(), *table.TableName(), drop)...)
	}
	for _, location := range p.Locations {
		add(location, cdkx.Value(p.LocationAccount, ""), lakeformation.UseLocation(*location.ARN()))
	}
	for _, arn := range p.LocationARNs {
		add(nil, cdkx.Value(p.LocationAccount, ""), lakeformation.UseLocation(arn))
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
