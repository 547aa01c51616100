package catalog

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ITable is a Glue table of the stack's account and region: one of the app, or
// one that TableFromName or TableFromAttributes refers to.
type ITable interface {
	constructs.IConstruct

	// TableName is the name in the catalog. Of a table of the app it is plain text,
	// known before deployment: for SQL, and for other stacks and accounts. Nothing
	// waits for the table because of it; use TableRef for that.
	TableName() *string

	// TableRef is the name as a reference to the resource: what has it in a property
	// is made after the table. It is TableName where the table is not of the app.
	TableRef() *string

	// DatabaseName is the name of the database the table stands in.
	DatabaseName() *string

	// Resource is the table as something Lake Formation grants on.
	Resource() lakeformation.Resource

	// GrantRead lets the principal read the table, and see its database.
	GrantRead(principal governance.Principal) *governance.Grant

	// GrantReadWrite lets the principal read the table and write it.
	GrantReadWrite(principal governance.Principal) *governance.Grant
}

// TableAttributes says where an existing table is.
type TableAttributes struct {
	// Database that the table stands in, of the app or imported. Required, or
	// DatabaseName.
	Database IDatabase

	// DatabaseName names the database; a token is taken. Required, or Database.
	DatabaseName *string

	// TableName is the name in the catalog; a token is taken. Required.
	TableName *string
}

// importedTable is a table that is made elsewhere.
type importedTable struct {
	constructs.Construct

	in   place
	name string
}

// TableFromName refers to a table of the stack's account and region that is made
// elsewhere. See TableFromAttributes.
func TableFromName(scope constructs.Construct, id, databaseName, tableName *string) ITable {
	return TableFromAttributes(scope, id, &TableAttributes{DatabaseName: databaseName, TableName: tableName})
}

// TableFromAttributes refers to a table of the stack's account and region that is
// made elsewhere: by another stack, an engine such as Athena or Spark, a crawler,
// or a resource of this app that is no Table, whose Ref is taken as the name. It
// makes no resource. Grants stand in the Permissions of the stack of scope; they wait
// for the table where the name is a reference to it.
//
// It panics with every problem of the attributes at once.
func TableFromAttributes(scope constructs.Construct, id *string, attributes *TableAttributes) ITable {
	a := cdkx.Value(attributes, TableAttributes{})
	in := placeOf(a.Database, a.DatabaseName)
	var list problem.List
	in.check(&list)
	checkReference(&list, "TableName", a.TableName)
	cdkx.Check(scope, id, list)

	t := &importedTable{in: in, name: *a.TableName}
	cdkx.Add(t, scope, id)
	return t
}

// TableName is the name that the table was referred to by.
func (t *importedTable) TableName() *string { return jsii.String(t.name) }

// TableRef is TableName.
func (t *importedTable) TableRef() *string { return t.TableName() }

// DatabaseName is the name of the database the table stands in.
func (t *importedTable) DatabaseName() *string { return jsii.String(t.in.name()) }

// Resource is the table as something Lake Formation grants on.
func (t *importedTable) Resource() lakeformation.Resource {
	return lakeformation.Table(t.in.name(), t.name)
}

// GrantRead grants in the Permissions of the stack that refers to the table.
func (t *importedTable) GrantRead(principal governance.Principal) *governance.Grant {
	r := t.Resource()
	return grantTable(t, t.in, nil, principal, lakeformation.ReadTable(r.Database, r.Table))
}

// GrantReadWrite grants in the Permissions of the stack that refers to the table.
func (t *importedTable) GrantReadWrite(principal governance.Principal) *governance.Grant {
	r := t.Resource()
	return grantTable(t, t.in, nil, principal, lakeformation.WriteTable(r.Database, r.Table))
}
