package mesh_test

import (
	"slices"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// allTags are the LF-Tags of a domain's databases and of the tables of its products.
func allTags(d mesh.DomainPlan) []lf.TagAssociation {
	out := slices.Clone(d.Associations)
	for _, p := range d.Products {
		out = append(out, p.Associations...)
	}
	return out
}

// allGrants are what the stacks of a domain and of its products grant.
func allGrants(d mesh.DomainPlan) []lf.Grant {
	out := slices.Clone(d.Grants)
	for _, p := range d.Products {
		out = append(out, p.Grants...)
	}
	return out
}
