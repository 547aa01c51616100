package catalog

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// IDatabase is a Glue database of the stack's account and region: one of the app,
// or one that DatabaseFromName refers to.
type IDatabase interface {
	constructs.IConstruct

	// DatabaseName is the name in the catalog. Of a database of the app it is plain
	// text, known before deployment: for SQL, and for other stacks and accounts.
	// Nothing waits for the database because of it; use DatabaseRef for that.
	DatabaseName() *string

	// DatabaseRef is the name as a reference to the resource, as the names of the
	// CDK's own constructs are: what has it in a property is made after the
	// database. In another stack of the app it becomes an export. It is
	// DatabaseName where the database is not of the app.
	DatabaseRef() *string

	// Resource is the database as something Lake Formation grants on.
	Resource() lakeformation.Resource

	// GrantDescribe lets the principal see the database, and none of its tables.
	GrantDescribe(principal governance.Principal) *governance.Grant

	// GrantCreateTable lets the principal see the database and make tables in it.
	GrantCreateTable(principal governance.Principal) *governance.Grant
}

// importedDatabase is a database that is made elsewhere.
type importedDatabase struct {
	constructs.Construct

	name string
}

// DatabaseFromName refers to a database of the stack's account and region that is
// made elsewhere: by another stack, another tool, or a resource of this app that
// is no Database, whose Ref is taken as the name. It makes no resource. Grants
// stand in the Permissions of the stack of scope; they wait for the database where the
// name is a reference to it.
//
// For a database of another account use governance.ResourceLink. It panics with
// every problem at once.
func DatabaseFromName(scope constructs.Construct, id, databaseName *string) IDatabase {
	var list problem.List
	checkReference(&list, "databaseName", databaseName)
	cdkx.Check(scope, id, list)

	d := &importedDatabase{name: *databaseName}
	cdkx.Add(d, scope, id)
	return d
}

// DatabaseName is the name that the database was referred to by.
func (d *importedDatabase) DatabaseName() *string { return jsii.String(d.name) }

// DatabaseRef is DatabaseName.
func (d *importedDatabase) DatabaseRef() *string { return d.DatabaseName() }

// Resource is the database as something Lake Formation grants on.
func (d *importedDatabase) Resource() lakeformation.Resource { return lakeformation.Database(d.name) }

// GrantDescribe grants in the Permissions of the stack that refers to the database.
func (d *importedDatabase) GrantDescribe(principal governance.Principal) *governance.Grant {
	return grantDatabase(d, d.Resource(), nil, principal, lakeformation.Describe)
}

// GrantCreateTable grants in the Permissions of the stack that refers to the database.
func (d *importedDatabase) GrantCreateTable(principal governance.Principal) *governance.Grant {
	return grantDatabase(d, d.Resource(), nil, principal, lakeformation.Describe, lakeformation.CreateTable)
}
