package catalog

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// GrantRead lets the principal read the table: DESCRIBE on its database, SELECT on
// every column of the table. Grants by name grow with tables and readers;
// governance.DataProduct grants by LF-Tags, and governance.DataCellsFilter shows a
// part of a table.
//
// Each grant stands in the Permissions of the stack that makes the table or database,
// after it. A database known by name only is granted in the table's stack.
func (t *Table) GrantRead(principal governance.Principal) *governance.Grant {
	r := t.Resource()
	return grantTable(t, t.in, t.made(), principal, lakeformation.ReadTable(r.Database, r.Table))
}

// GrantReadWrite lets the principal read the table and write it: beside what
// GrantRead gives INSERT and DELETE, and ALTER, which engines need to add
// partitions and to commit to Iceberg tables. It may not drop the table. A
// principal that reads becomes one that writes, and the reverse, in one deployment.
func (t *Table) GrantReadWrite(principal governance.Principal) *governance.Grant {
	r := t.Resource()
	return grantTable(t, t.in, t.made(), principal, lakeformation.WriteTable(r.Database, r.Table))
}

// GrantRead lets the principal read the view: DESCRIBE on its database, DESCRIBE
// and SELECT on the view. Athena reads the tables under it as the principal, who
// therefore needs grants on them too.
func (v *View) GrantRead(principal governance.Principal) *governance.Grant {
	return grantTable(v, v.in, []awscdk.CfnResource{v.resource}, principal,
		[]lakeformation.Grant{{Resource: v.Resource(), Permissions: []lakeformation.Permission{lakeformation.Describe, lakeformation.Select}}})
}

// grantDatabase grants on a database in the Permissions of what refers to it.
func grantDatabase(scope constructs.IConstruct, database lakeformation.Resource, made []awscdk.CfnResource, principal governance.Principal, permissions ...lakeformation.Permission) *governance.Grant {
	return governance.PermissionsOf(scope).Grant(principal, database, permissions, &governance.GrantOptions{After: made})
}

// grantTable grants on a table after what made it, and DESCRIBE on its database.
func grantTable(scope constructs.IConstruct, in place, made []awscdk.CfnResource, principal governance.Principal, grants []lakeformation.Grant) *governance.Grant {
	var out *governance.Grant
	if in.databaseName == nil {
		out = in.database.GrantDescribe(principal)
	} else {
		out = grantDatabase(scope, lakeformation.Database(grants[0].Resource.Database), made, principal, lakeformation.Describe)
	}
	for _, g := range grants {
		out = out.Combine(governance.PermissionsOf(scope).Grant(principal, g.Resource, g.Permissions, &governance.GrantOptions{After: made}))
	}
	return out
}
