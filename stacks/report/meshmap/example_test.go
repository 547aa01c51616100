package meshmap_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/report/meshmap"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// What leads to a product, and who reads it.
func Example() {
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := definition.Plan("dev")
	if err != nil {
		fmt.Println(err)
		return
	}
	m := meshmap.FromPlan(plan)
	for _, e := range m.Edges {
		from, to := m.Nodes[e.From], m.Nodes[e.To]
		if from.Product == "research.cohort_variants" || to.Product == "research.cohort_variants" {
			fmt.Println(from.Name, "→", to.Name, e.Relation, e.Until)
		}
	}
	// Output:
	// cohort_variants → precision-medicine-board subscription 2027-09-30
	// cohort_variants refresh → cohort_variants makes
}
