package report

import "github.com/lakemesh/lakemesh/stacks/report/catalogue"

// catalogueOf is the catalogue of the mesh, or of what templates alone tell.
func catalogueOf(in *input) any {
	if in.Plan != nil {
		return catalogue.Of(in.Plan, in.matrix)
	}
	return catalogue.FromState(in.State, in.matrix)
}
