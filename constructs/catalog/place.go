package catalog

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// place is the database that a table, view or import names: one of the two.
type place struct {
	database     IDatabase
	databaseName *string
}

// placeOf takes a nil pointer in place of a database for none.
func placeOf(database IDatabase, name *string) place {
	if cdkx.Missing(database) {
		database = nil
	}
	return place{database, name}
}

func (p place) name() string {
	if p.database != nil {
		return *p.database.DatabaseName()
	}
	return cdkx.Value(p.databaseName, "")
}

func (p place) check(list *problem.List) {
	given := p.database != nil
	switch {
	case given && p.databaseName != nil:
		list.Addf("Database", "a database beside DatabaseName", "exactly one of them", "leave DatabaseName out")
	case !given && p.databaseName == nil:
		list.Addf("Database", "nothing", "a database, or its name as DatabaseName", "pass a database of the app, or the name of one that is made elsewhere")
	case !given:
		checkReference(list, "DatabaseName", p.databaseName)
	}
}

// after are the resources of the database: none where the app does not make it,
// or where it is known by name.
func (p place) after() []awscdk.CfnResource {
	if own, made := p.database.(*Database); made {
		return []awscdk.CfnResource{own.Cfn()}
	}
	return nil
}

// checkReference checks the name of something that exists; tokens are taken.
func checkReference(list *problem.List, path string, name *string) {
	if name == nil || !cdkx.HoldsToken(*name) {
		checkName(list, path, name)
	}
}

// checkAfter reports what is missing among the resources to wait for.
func checkAfter(list *problem.List, after []awscdk.CfnResource) {
	for i, needed := range after {
		if cdkx.Missing(needed) {
			list.Addf(problem.Index("After", i), "nothing", "a resource", "leave it out")
		}
	}
}
