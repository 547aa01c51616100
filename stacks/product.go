package stacks

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// ProductStack is a data product: its tables and views with their LF-Tags, what keeps
// its Iceberg tables tidy, the jobs that fill them, what evaluates their quality, and what roles are granted for that. It is
// protected from termination, and waits for the stack of its domain and for those of the
// products whose tables its jobs read; stacks with jobs come one after another.
type ProductStack struct {
	awscdk.Stack

	mesh *mesh.Plan
	plan *mesh.ProductPlan

	grants  *governance.Permissions // nil until something is granted
	product *governance.DataProduct // nil until somebody asks for it

	lake       storage.ILakeStorage            // what the jobs know of the domain's lake; nil without jobs
	alarms     awssns.ITopic                   // of the domain; nil without jobs
	refresh    *query.Job                      // nil without tables that are made by queries
	deidentify *query.Job                      // nil without de-identified tables
	retention  *query.Job                      // nil without rows that are kept for a time
	evaluator  string                          // ARN of the role of quality
	quality    *query.Evaluation               // nil without quality rules that are measured
	principals map[string][]awscdk.CfnResource // what a grant to the ARN waits for
	granted    map[string][]*governance.Grant  // the grants to the ARN

	databases map[string]catalog.IDatabase // by name
	tables    []awscdk.CfnResource         // without views
	iceberg   []*catalog.Table
}

// Permissions are the Lake Formation grants of the stack.
func (s *ProductStack) Permissions() *governance.Permissions {
	if s.grants == nil {
		s.grants = governance.NewPermissions(s, jsii.String("Grants"))
	}
	return s.grants
}

// data is the product, to grant on. It makes no resources.
func (s *ProductStack) data() *governance.DataProduct {
	if s.product == nil {
		s.Permissions()
		s.product = governance.NewDataProduct(s, jsii.String("Product"), &governance.DataProductProps{
			Mesh:    jsii.String(s.mesh.Mesh),
			Domain:  jsii.String(s.plan.Domain),
			Product: jsii.String(s.plan.Name),
			Zone:    s.plan.Zone,
		})
	}
	return s.product
}

// allProducts makes the stacks of the products of all domains.
func (b *builder) allProducts() []*ProductStack {
	var out []*ProductStack
	for i := range b.plan.Domains {
		domain := &b.plan.Domains[i]
		for j := range domain.Products {
			out = append(out, b.product(b.domains[domain.Name], &domain.Products[j]))
		}
	}
	for _, s := range out {
		for _, other := range b.domains[s.plan.Domain].plan.Before(s.plan) {
			b.afterProduct(s, s.plan.Domain, other)
		}
		if s.refresh != nil || s.deidentify != nil || s.quality != nil {
			b.afterProduct(s, s.plan.Domain, s.plan.Name) // its other parts
		}
		if s.quality != nil {
			b.afterProduct(s, s.plan.Domain, measure.ResultsProduct)
		}
	}
	return out
}

// afterProduct makes a stack wait for the tables of a product and their tags.
func (b *builder) afterProduct(stack awscdk.Stack, domain, product string) {
	for _, made := range b.products[domain+"."+product] {
		if made == stack {
			continue
		}
		stack.AddStackDependency(made, jsii.String("tables and their tags come first"))
	}
}

// product makes the stack of a product of a domain.
func (b *builder) product(domain *DomainStack, plan *mesh.ProductPlan) *ProductStack {
	s := &ProductStack{
		mesh: b.plan, plan: plan, databases: map[string]catalog.IDatabase{},
		principals: map[string][]awscdk.CfnResource{}, granted: map[string][]*governance.Grant{},
	}
	props := b.domainProps(plan.StackName, plan.Domain, plan.Environment,
		fmt.Sprintf("Product %s of the domain %s of the data mesh %s", plan.Name, plan.Domain, b.plan.Mesh), true)
	(*props.Tags)["lakemesh:product"] = jsii.String(plan.Name)
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), withOwner(props, domain.plan))
	s.AddStackDependency(domain, jsii.String("databases, locations and roles come first"))
	b.products[plan.Domain+"."+plan.Name] = append(b.products[plan.Domain+"."+plan.Name], s)

	s.addTables()
	s.addViews()
	s.addAssociations()
	s.addJobs(domain.plan)
	s.addQuality(domain.plan)
	for _, grant := range plan.Grants {
		made := s.Permissions().Grant(governance.PrincipalOf(grant.Principal), grant.Resource, grant.Permissions, &governance.GrantOptions{
			After: s.principals[grant.Principal],
		})
		s.granted[grant.Principal] = append(s.granted[grant.Principal], made)
	}
	s.jobsAfterGrants()
	s.addOptimizers()
	if domain.products[plan.Name] == nil {
		domain.products[plan.Name] = s
	}
	return s
}

// database is the domain's database that a table stands in.
func (s *ProductStack) database(name string) catalog.IDatabase {
	if s.databases[name] == nil {
		s.databases[name] = catalog.DatabaseFromName(s, jsii.String("Database-"+name), jsii.String(name))
	}
	return s.databases[name]
}

func (s *ProductStack) addTables() {
	for i := range s.plan.Tables {
		t := &s.plan.Tables[i]
		if t.Table.View != nil {
			continue
		}
		made := catalog.NewTable(s, jsii.String("Table-"+t.Table.Name), &catalog.TableProps{
			Database: s.database(t.Database),
			Table:    &t.Table,
			Contract: t.Contract,
			Location: jsii.String(t.Location),
			Deployed: t.Deployed,
			// The plan has refused what no engine was told of.
			AcceptChanges: jsii.Bool(t.Deployed != nil),
		})
		s.tables = append(s.tables, made.Cfn())
		if t.Table.Format == contract.FormatIceberg && t.Table.Location == "" { // else it is not of the lake, and read only
			s.iceberg = append(s.iceberg, made)
		}
	}
}

// addViews makes the views of the product after its tables. What a view reads of other
// products need not be there yet: to Glue it is text.
func (s *ProductStack) addViews() {
	for i := range s.plan.Tables {
		t := &s.plan.Tables[i]
		if t.Table.View == nil {
			continue
		}
		catalog.NewView(s, jsii.String("View-"+t.Table.Name), &catalog.ViewProps{
			Database: s.database(t.Database),
			Table:    &t.Table,
			Contract: t.Contract,
			After:    s.tables,
		})
	}
}

func (s *ProductStack) addAssociations() {
	for _, a := range s.plan.Associations {
		addAssociation(s, s.mesh.Mesh, a)
	}
}

// addOptimizers compacts every Iceberg table of the product, expires its snapshots and
// deletes its orphan files. Glue tries the role when an optimizer is made: the domain's
// stack, which comes first, has made it and granted what it needs.
func (s *ProductStack) addOptimizers() {
	if s.plan.OptimizerARN == "" {
		return // no Iceberg tables, or Glue has no optimizers in the region
	}
	role := catalog.OptimizerRoleFromRoleArn(s, jsii.String("OptimizerRole"), jsii.String(s.plan.OptimizerARN))
	for _, table := range s.iceberg {
		catalog.NewTableOptimizer(s, jsii.String("Optimizer-"+*table.TableName()), &catalog.TableOptimizerProps{Table: table, Role: role})
	}
}

// addAssociation puts tags on a database, a table or a column.
func addAssociation(scope awscdk.Stack, meshName string, a lakeformation.TagAssociation) {
	governance.NewTagAssociation(scope, jsii.String("Tags-"+associationID(meshName, a)), &governance.TagAssociationProps{
		Association: a,
		Fixed:       jsii.Bool(true), // the id names the target and, of keys that come and go, the key
	})
}

// associationID names an association by its target, and by its key where that is
// one of the mesh file.
func associationID(meshName string, a lakeformation.TagAssociation) string {
	id := a.Resource.Database
	if a.Resource.Table != "" {
		id += "-" + a.Resource.Table
	}
	if a.Resource.Kind == lakeformation.KindColumns {
		id += "-" + strings.Join(a.Resource.Columns, "-")
	}
	if !ontology.IsBuiltIn(a.Tags[0].Key) {
		id += "-" + a.Tags[0].Key
	}
	return id
}
