package catalog

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// GrantRead lets the principal read the table: DESCRIBE on its database, DESCRIBE
// and SELECT on the table, every column of it. Grants by name grow with tables
// and readers; governance.DataProduct grants by LF-Tags, and
// governance.RowColumnFilter shows a part of a table.
//
// Each grant stands in the ledger of the stack that makes the table or database,
// after it. A database known by name only is granted in the table's stack.
func (t *Table) GrantRead(principal governance.Principal) *governance.Grant {
	return grantTable(t, t.parent, t.resource, t.Resource(), principal, lakeformation.Describe, lakeformation.Select)
}

// GrantReadWrite lets the principal read the table and write it: beside what
// GrantRead gives INSERT and DELETE, and ALTER, which engines need to add
// partitions and to commit to Iceberg tables. It may not drop the table.
func (t *Table) GrantReadWrite(principal governance.Principal) *governance.Grant {
	return grantTable(t, t.parent, t.resource, t.Resource(), principal,
		lakeformation.Describe, lakeformation.Select, lakeformation.Insert, lakeformation.Delete, lakeformation.Alter)
}

// GrantRead lets the principal read the view: DESCRIBE on its database, DESCRIBE
// and SELECT on the view. Athena reads the tables under it as the principal, who
// therefore needs grants on them too.
func (v *View) GrantRead(principal governance.Principal) *governance.Grant {
	return grantTable(v, v.parent, v.resource, v.Resource(), principal, lakeformation.Describe, lakeformation.Select)
}

func grantTable(scope constructs.IConstruct, database *Database, made awscdk.CfnResource, table lakeformation.Resource, principal governance.Principal, permissions ...lakeformation.Permission) *governance.Grant {
	ledger := governance.PermissionsOf(scope)
	after := &governance.GrantOptions{After: []awscdk.CfnResource{made}}
	var described *governance.Grant
	if database != nil {
		described = database.GrantDescribe(principal)
	} else {
		described = ledger.Grant(principal, lakeformation.Database(table.Database), []lakeformation.Permission{lakeformation.Describe}, nil)
	}
	return described.Combine(ledger.Grant(principal, table, permissions, after))
}
