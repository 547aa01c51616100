package mesh_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/golden"
)

// The sizes that grants are counted for.
var (
	grantTables  = []int{1, 10, 200}
	grantReaders = []int{1, 5, 20}
)

// published is a mesh in which readers subscribe to a product of many tables.
func published(tables, readers int) *mesh.Definition {
	product := &contract.Contract{Name: "results"}
	for i := range tables {
		product.Tables = append(product.Tables, contract.Table{
			Name: fmt.Sprintf("results_%d", i), Format: contract.FormatParquet,
			Columns: []contract.Column{column("value", "int", ontology.Public)},
		})
	}
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion,
		Name:       "river",
		Stages:     map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"main": "111111111111"}}},
		Principals: map[string]string{},
		Domains: []mesh.Domain{
			{Name: "lab", Account: "main", Owner: "lab@river.example", Contracts: []*contract.Contract{product}},
			{Name: "research", Account: "main", Owner: "research@river.example"},
		},
	}
	s := mesh.Subscription{Consumer: "research", Product: "lab.results", Purpose: "reference ranges", Approver: "lab@river.example", Expires: "2030-06-30"}
	for i := range readers {
		name := fmt.Sprintf("reader-%d", i)
		d.Principals[name] = "arn:aws:iam::{main}:role/" + name
		s.Principals = append(s.Principals, name)
	}
	d.Subscriptions = []mesh.Subscription{s}
	return d
}

// grantCounts are the grants by LF-Tags that the mesh plans, and those that show
// the same readers the same tables by name.
func grantCounts(tb testing.TB, tables, readers int) (byTags, byName int) {
	tb.Helper()
	plan, err := published(tables, readers).Plan("dev")
	if err != nil {
		tb.Fatal(err)
	}
	consumer, _ := plan.Consumer("research")
	var named []lf.Grant
	for _, reader := range consumer.Subscriptions[0].Principals {
		for _, domain := range plan.Domains {
			for _, t := range domain.Tables() {
				named = append(named,
					lf.Grant{Principal: reader.Identifier, Resource: lf.Database(t.Database), Permissions: []lf.Permission{lf.Describe}},
					lf.Grant{Principal: reader.Identifier, Resource: lf.Table(t.Database, t.Table.Name), Permissions: []lf.Permission{lf.Describe, lf.Select}},
				)
			}
		}
	}
	return len(consumer.Grants), len(lf.MergeGrants(named))
}

// The page on grants holds the numbers that the planner really gives.
func TestGrantsPage(t *testing.T) {
	var table strings.Builder
	for _, tables := range grantTables {
		for _, readers := range grantReaders {
			byTags, byName := grantCounts(t, tables, readers)
			if byTags != 2*readers {
				t.Errorf("%d tables, %d readers: %d grants by LF-Tags, want two a reader", tables, readers, byTags)
			}
			fmt.Fprintf(&table, "| %d | %d | %d | %d |\n", tables, readers, byTags, byName)
		}
	}
	page := filepath.Join("..", "..", "constructs", "docs", "grants.md")
	golden.Check(t, page, []byte(strings.Replace(grantsPage, "{table}\n", table.String(), 1)))
}

// How long a mesh takes to plan, and how many grants it has.
func BenchmarkReaderGrants(b *testing.B) {
	for _, tables := range grantTables {
		for _, readers := range grantReaders {
			b.Run(fmt.Sprintf("tables=%d/readers=%d", tables, readers), func(b *testing.B) {
				var byTags, byName int
				for b.Loop() {
					byTags, byName = grantCounts(b, tables, readers)
				}
				b.ReportMetric(float64(byTags), "tag-grants")
				b.ReportMetric(float64(byName), "named-grants")
			})
		}
	}
}

const grantsPage = `# Grants by LF-Tags and grants by name

<!-- This page is written by stacks/mesh/grants_test.go; make snapshots rewrites it. -->

How many ` + "`AWS::LakeFormation::PrincipalPermissions`" + ` resources let readers read
one data product, as the planner counts them for the same mesh:

| tables | readers | by LF-Tags | by name |
|---:|---:|---:|---:|
{table}

By LF-Tags each reader has two grants: one on the databases of the domain and zone,
one on the tables and columns of the product. A table that is added is tagged, and
nobody is granted anything anew. By name each reader has one grant on the database
and one on every table.

Grants of a stack are made one after another, because Lake Formation fails on grants
made at once, and a stack holds at most 500 resources. A few hundred grants by name
make deployments slow and have to be split over several stacks.

## Which to use

- **` + "`governance.DataProduct.GrantRead`" + `**, by LF-Tags, for readers of a product.
  What is shown follows the sensitivity of each column, and columns that nobody has
  classified stay hidden.
- **` + "`catalog.Table.GrantRead`" + `** and **` + "`GrantReadWrite`" + `**, by name, for one job on one
  or two tables, and where tables have no LF-Tags. They show every column.
- **` + "`governance.DataCellsFilter`" + `**, for a part of the rows: one filter and one grant per
  table, as LF-Tags do not choose rows.
- **` + "`catalog.Database.GrantCreateTable`" + `** with **` + "`governance.Location.GrantAccess`" + `** for
  what makes tables. Neither has a counterpart in tags that says exactly the same.
- **` + "`governance.ResourceLink.GrantRead`" + `** for a database of another account that was
  shared by name.

## Whom to grant to

- **` + "`governance.PrincipalFrom`" + `** takes what the CDK grants to: a role or user of the app,
  an imported one, a function or job, an account. A service, a principal with
  conditions and an imported function without its role are errors of the grant.
- **` + "`governance.RolePrincipal`" + `** takes a role, **` + "`governance.PrincipalOf`" + `** an identifier of Lake
  Formation: a SAML or Identity Center group, an organization, an ARN; tokens too.

A principal reached in two ways is one principal: a role with a name and its ARN
written out, or one role imported twice, have one grant on each resource. The
grant refers to the role that the app makes, so that CloudFormation makes it first.

## Where a grant stands, and what it waits for

Grants are made when the app is synthesized, when the whole program is known; the
order of calls changes nothing. A grant verb returns a ` + "`governance.Grant`" + `, whose
` + "`ApplyBefore`" + ` makes a job, say, wait for it.

- In one stack a grant waits for the database, table, filter, location or LF-Tags that
  it names, and these for the settings, their location and their database.
- To a principal that another stack of the environment makes, it stands in that stack,
  which then waits for the one of the database or table: as the CDK's own grants do. Only
  where that stack waits for the principal's already, it stands there.
- What another stack makes and this library cannot know is named by ` + "`After`" + ` of
  ` + "`GrantOptions`" + `, or by a dependency between the stacks.

The logical id of a grant follows from the principal and the resource alone: for
what the app makes from its place in its stack, never from the name of a CDK stage.

Counted by ` + "`go test ./stacks/mesh -bench ReaderGrants`" + `; nothing here was measured in an
AWS account.
`
