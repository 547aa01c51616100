package governance

import (
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// needed are the things in the stack that was asked which come before the grant;
// for the first of a chain also the settings where there is nothing else, and for
// the first that goes by LF-Tags every tag that is put on something.
func (a *pair) needed(first, firstByTags bool) []*order.Node {
	r, home := a.resource, a.grants.home
	var out []*order.Node
	if r.Catalog == "" {
		called := names(r)
		if r.Kind == lakeformation.KindTagPolicy && firstByTags {
			called = append(called, order.Assignments())
		}
		out = home.Needed(called, r.Location)
	}
	if len(out) == 0 && first {
		out = home.Needed([]order.Name{order.Settings()}, "")
	}
	return out
}

// names are what a resource is called, and what it consists of.
func names(r lakeformation.Resource) []order.Name {
	switch r.Kind {
	case lakeformation.KindDatabase:
		return []order.Name{order.Database(r.Database)}
	case lakeformation.KindTable, lakeformation.KindColumns:
		return []order.Name{order.Table(r.Database, r.Table)}
	case lakeformation.KindDataCells:
		return []order.Name{order.Filter(r.Database, r.Table, r.Filter)}
	case lakeformation.KindTag:
		return []order.Name{order.Tag(r.TagKey)}
	case lakeformation.KindTagPolicy:
		out := make([]order.Name, len(r.Expression))
		for i, c := range r.Expression {
			out[i] = order.Tag(c.Key)
		}
		return out
	case lakeformation.KindLocation: // found by its place
	}
	return nil
}
