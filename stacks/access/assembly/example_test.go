package assembly_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// Who can see PHI, once the synthesized stacks are deployed.
func Example() {
	state, err := assembly.Read("testdata/riverside")
	if err != nil {
		fmt.Println(err)
		return
	}
	matrix, err := state.Evaluate().Filter(access.MatrixFilter{Sensitivity: "phi"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range matrix.Rows {
		fmt.Println(row.Principal, row.Table)
	}
	// Output:
	// arn:aws:iam::222222222222:role/ClinicalSteward patients
	// arn:aws:iam::222222222222:role/riverside-clinical-pipeline-us-east-1 patients
}
