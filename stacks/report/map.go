package report

import "github.com/lakemesh/lakemesh/stacks/report/meshmap"

// libraries of the map, each after those that it needs. Their licences come first.
var mapLibraries = []string{
	"vendor/licences.js", "vendor/d3-dispatch.min.js", "vendor/d3-selection.min.js", "vendor/d3-drag.min.js", "vendor/d3-color.min.js",
	"vendor/d3-interpolate.min.js", "vendor/d3-timer.min.js", "vendor/d3-ease.min.js", "vendor/d3-transition.min.js", "vendor/d3-zoom.min.js",
	"vendor/dagre.min.js",
}

// mapOf is the map of the mesh, or of what templates alone tell.
func mapOf(in *input) any {
	if in.Plan != nil {
		return meshmap.FromPlan(in.Plan)
	}
	return meshmap.FromState(in.State, in.matrix)
}
