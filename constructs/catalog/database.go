package catalog

import (
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// DatabaseProps configures a Database.
type DatabaseProps struct {
	// Name of the database: lower case letters, digits and underscores, at most
	// 255, because Glue folds names and a folded name drifts (rule 6.5). Required.
	Name *string

	// Description is what the catalog shows; at most 2048 characters.
	// Default: none.
	Description *string

	// LocationURI is where tables without a location of their own are put, as an
	// s3:// URI.
	// Default: none; then every table names its location.
	LocationURI *string
}

// Database is a Glue database whose new tables get no permissions by default.
type Database struct {
	constructs.Construct

	name     string
	resource awsglue.CfnDatabase
}

// What the registry of a stack knows names of; a view has the name of a table.
const (
	kindDatabase = "database"
	kindTable    = "table"
)

var catalogName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)

// NewDatabase makes a Glue database in the stack's own catalog. It is retained
// when the stack is deleted: deleting a database drops its tables, and for an
// Iceberg table the catalog entry is the only pointer to the current data.
//
// CreateTableDefaultPermissions is rendered empty, so that new tables are not
// open to IAM_ALLOWED_PRINCIPALS even where the account default could not be
// cleared (rule 1.3). It panics with every problem of the props at once.
func NewDatabase(scope constructs.Construct, id *string, props *DatabaseProps) *Database {
	p := cdkx.Value(props, DatabaseProps{})
	registry := cdkx.RegistryOf(scope)
	problems := p.problems()
	registry.CheckTaken(&problems, "Name", kindDatabase, p.Name)
	cdkx.Check(scope, id, problems)

	d := &Database{name: *p.Name}
	cdkx.Add(d, scope, id)
	registry.Claim(kindDatabase, p.Name, d)
	d.resource = cdkx.Make[awsglue.CfnDatabase](d, "Resource", &awsglue.CfnDatabaseProps{
		CatalogId: cdkx.Account(d),
		DatabaseInput: &awsglue.CfnDatabase_DatabaseInputProperty{
			Name:                          p.Name,
			Description:                   p.Description,
			LocationUri:                   p.LocationURI,
			CreateTableDefaultPermissions: &[]any{},
		},
	}, cdkx.Retained)
	registry.Guard(d, d.resource)
	order.In(registry).Add(&order.Node{
		Resource: d.resource, Names: []order.Name{order.Database(d.name)}, Files: cdkx.Value(p.LocationURI, ""), Governed: true,
	})
	return d
}

// DatabaseName is the name in the catalog, as plain text. What names the database
// in SQL, in another stack or in another account takes it; nothing waits for the
// database because of it.
func (d *Database) DatabaseName() *string { return jsii.String(d.name) }

// DatabaseRef is the name as a reference to the resource: what has it in a
// property, such as a table of your own, is made after the database. In another
// stack of the app it becomes an export; pass DatabaseName there.
func (d *Database) DatabaseRef() *string { return d.resource.Ref() }

// Resource is the database as something Lake Formation grants on.
func (d *Database) Resource() lakeformation.Resource { return lakeformation.Database(d.name) }

// GrantDescribe lets the principal see the database, and none of its tables.
func (d *Database) GrantDescribe(principal governance.Principal) *governance.Grant {
	return grantDatabase(d, d.Resource(), []awscdk.CfnResource{d.resource}, principal, lakeformation.Describe)
}

// GrantCreateTable lets the principal see the database and make tables in it.
// Tables on a registered location also need governance.Location.GrantAccess.
// Source: "Lake Formation permissions reference".
func (d *Database) GrantCreateTable(principal governance.Principal) *governance.Grant {
	return grantDatabase(d, d.Resource(), []awscdk.CfnResource{d.resource}, principal, lakeformation.Describe, lakeformation.CreateTable)
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (d *Database) Cfn() awsglue.CfnDatabase { return d.resource }

func (p *DatabaseProps) problems() problem.List {
	var list problem.List
	checkName(&list, "Name", p.Name)
	cdkx.CheckLength(&list, "Description", p.Description, 2048)
	checkURI(&list, "LocationURI", p.LocationURI)
	return list
}

func checkName(list *problem.List, path string, name *string) {
	switch {
	case name == nil || *name == "":
		list.Addf(path, "nothing", "a name", "set "+path)
	case cdkx.HoldsToken(*name):
		list.Addf(path, "a value known only at deployment", "a plain string", "pass the name itself: grants and other accounts refer to it")
	case !catalogName.MatchString(*name):
		list.Addf(path, cdkx.Quote(*name), "1 to 255 lower case letters, digits and underscores", "rename it")
	}
}

func checkURI(list *problem.List, path string, uri *string) {
	if uri == nil || cdkx.HoldsToken(*uri) {
		return
	}
	if location, ok := s3uri.FromURI(*uri); ok && location.Bucket != "" {
		return
	}
	list.Addf(path, cdkx.Quote(*uri), "an s3:// URI", `write it as "s3://bucket/prefix/"`)
}
