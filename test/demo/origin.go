package main

import (
	"fmt"
	"io"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/origin"
)

// shownProduct is the product whose origin the demo prints.
const shownProduct = "member360.member_360"

// printOrigin says where the view of members comes from: which job makes it out of what.
func printOrigin(out io.Writer, plan *mesh.Plan) error {
	made := origin.FromPlan(plan)
	tables, _ := made.Of(shownProduct)
	fmt.Fprintf(out, "\nWhere %s comes from (build/lakemesh lineage says it of every product):\n\n", shownProduct)
	return origin.Text(out, made, tables)
}
