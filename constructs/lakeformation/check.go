package lakeformation

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// maxConditions is how many keys an LF-Tag policy may name (rule 2.9).
const maxConditions = 5

// Check returns everything that keeps the permissions from being granted on the
// resource: a missing name, an empty or over-long expression, a permission that
// Lake Formation does not take on this kind (rules 2.3, 2.6 and 2.9). Paths start
// with Resource or Permissions.
func (r Resource) Check(permissions []Permission) error {
	allowed := PermissionsFor(r)
	if allowed == nil {
		var list problem.List
		list.Addf("Resource", fmt.Sprintf("%q, which is no kind of resource", r.Kind), "a database, table, columns, filter, location or LF-Tags", "make it with a function of lakeformation, such as lakeformation.Table")
		return list.Err()
	}
	list := r.problems()
	if len(permissions) == 0 {
		list.Addf("Permissions", "none", fmt.Sprintf("some of %v", allowed), "say what is allowed")
	}
	for i, p := range permissions {
		if !slices.Contains(allowed, p) {
			list.Addf(fmt.Sprintf("Permissions[%d]", i), fmt.Sprintf("%s on the %s", p, r.Key()), fmt.Sprintf("one of %v", allowed), "leave out what the resource does not take")
		}
	}
	return list.Err()
}

func (r Resource) problems() problem.List {
	var list problem.List
	required := func(path, value, expected string) {
		if value == "" {
			list.Addf("Resource."+path, "nothing", expected, "name it")
		}
	}
	switch r.Kind {
	case KindCatalog: // takes no permission
	case KindDatabase:
		required("Database", r.Database, "the name of a database")
	case KindTable, KindColumns:
		required("Database", r.Database, "the name of a database")
		required("Table", r.Table, "the name of a table")
	case KindDataCells:
		required("Database", r.Database, "the name of a database")
		required("Table", r.Table, "the name of a table")
		required("Filter", r.Filter, "the name of a data cells filter")
	case KindLocation:
		required("Location", r.Location, "the ARN of a registered location")
	case KindTag:
		required("TagKey", r.TagKey, "the key of an LF-Tag")
		if len(r.TagValues) == 0 {
			list.Addf("Resource.TagValues", "none", "at least one value of the LF-Tag", "name the values")
		}
	case KindTagPolicy:
		r.checkExpression(&list)
	}
	if r.Kind == KindColumns {
		r.checkColumns(&list)
	}
	return list
}

func (r Resource) checkColumns(list *problem.List) {
	switch {
	case len(r.Columns) > 0 && len(r.Excluded) > 0:
		list.Addf("Resource.Excluded", fmt.Sprintf("%v beside the columns %v", r.Excluded, r.Columns), "columns that are either listed or excluded", "leave out one")
	case len(r.Columns) == 0 && len(r.Excluded) == 0:
		list.Addf("Resource.Columns", "no column that is listed or excluded", "at least one", "name the columns, or AllColumns to show all of them")
	case len(r.Columns) > 1 && slices.Contains(r.Columns, AllColumns):
		list.Addf("Resource.Columns", "every column and columns by name", "one of the two", "leave out one")
	}
}

func (r Resource) checkExpression(list *problem.List) {
	if n := len(r.Expression); n < 1 || n > maxConditions {
		list.Addf("Resource.Expression", fmt.Sprintf("%d conditions", n), fmt.Sprintf("1 to %d", maxConditions), "name the keys that tell the resources apart")
	}
	for i, c := range r.Expression {
		path := fmt.Sprintf("Resource.Expression[%d]", i)
		if c.Key == "" {
			list.Addf(path+".Key", "nothing", "the key of an LF-Tag", "name it")
		}
		if len(c.Values) == 0 {
			list.Addf(path+".Values", "none", "at least one value of the LF-Tag", "name the values")
		}
		if i > 0 && c.Key != "" && r.Expression[i-1].Key == c.Key {
			list.Addf(path+".Key", fmt.Sprintf("%q again", c.Key), "each key once", "join the values under one key")
		}
	}
}
