package render

import (
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// names says how people call principals and what rows are about.
type names struct {
	principals map[string]string // short name, or more where that is not clear, by identifier
	ambiguous  map[string]bool   // short names of what rows are about that stand for several
	columns    []column          // of the table
	inFull     bool              // purposes are not shortened, and approvers are named
}

func newNames(m *access.Matrix) names {
	var principals []string
	for _, r := range m.Rows {
		principals = append(principals, r.Principal)
	}
	for _, a := range m.Admins {
		principals = append(principals, a.Principal)
	}
	n := names{principals: access.Names(principals), ambiguous: map[string]bool{}, columns: columnsOf(m)}
	meant := map[string]string{}
	for _, r := range m.Rows {
		object := strings.Join([]string{r.Account, r.Region, r.Database, r.Object}, " ")
		if before, seen := meant[shortKey(r)]; seen && before != object {
			n.ambiguous[shortKey(r)] = true
		}
		meant[shortKey(r)] = object
	}
	return n
}

func (n names) hasShortName(r access.Row) bool {
	return shortName(r) != "" && !n.ambiguous[shortKey(r)]
}

func shortKey(r access.Row) string { return productOf(r) + " " + shortName(r) }

// shortName names what a row is about beside its product or domain; "" when
// that cannot be done.
func shortName(r access.Row) string {
	switch {
	case r.Kind == access.OnTable && r.Product != "":
		return r.Table
	case (r.Kind == access.OnDatabase || r.Kind == access.OnLocation) && r.Domain != "" && r.Zone != "":
		return r.Zone + " " + string(r.Kind)
	}
	return ""
}
