package lakeformation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// MaxFilters is how many data cells filters of one table a principal can be
// granted (rule 4.3). The other limit of that rule, filters in one grant, cannot
// be reached: a CloudFormation grant names one filter.
const MaxFilters = 100

// CheckFilters returns the principals that the grants give more than MaxFilters
// filters of one table, sorted; nil where there are none.
func CheckFilters(grants []Grant) error {
	type cells struct{ principal, table string }
	granted := map[cells][]string{}
	for _, g := range grants {
		if g.Resource.Kind == KindDataCells {
			at := cells{g.Principal, Table(g.Resource.Database, g.Resource.Table).In(g.Resource.Catalog).Key()}
			granted[at] = append(granted[at], g.Resource.Filter)
		}
	}
	var list problem.List
	for at, filters := range granted {
		if n := len(sorted(filters)); n > MaxFilters {
			list.Addf(at.principal, fmt.Sprintf("%d filters of %s", n, at.table), fmt.Sprintf("at most %d, the limit of Lake Formation for one principal and table", MaxFilters), "join their conditions with OR, or give the rows a table of their own")
		}
	}
	slices.SortFunc(list, func(a, b problem.Problem) int { return strings.Compare(a.Error(), b.Error()) })
	return list.Err()
}
