package origin_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/origin"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// What a column is made of, and which job does it, before anything is deployed.
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
	conditions, _ := origin.FromPlan(plan).Find(origin.Name{Domain: "clinical", Product: "fhir", Table: "condition"})
	fmt.Println(conditions.Job, conditions.Schedule)
	for _, c := range conditions.Columns {
		if c.Name == "code" {
			fmt.Println(c.Name, "←", c.From)
		}
	}
	// Output:
	// riverside-clinical-fhir-refresh-us-east-1 cron(15 1 * * ? *)
	// code ← [clinical.fhirStore.condition.code]
}
