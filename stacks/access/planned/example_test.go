package planned_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// Who will see a product, before anything is synthesized.
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
	matrix, err := planned.Read(plan).Evaluate().Filter(access.MatrixFilter{Product: "genomics.study_variants"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range matrix.Rows {
		fmt.Println(row.Principal, row.Table)
	}
	// Output:
	// arn:aws:iam::111111111111:role/CardiologyAnalyst study_variants
	// arn:aws:iam::111111111111:role/GenomicsResearcher study_variants
	// arn:aws:iam::111111111111:role/riverside-genomics-evaluator-us-east-1 study_variants
	// arn:aws:iam::111111111111:role/riverside-genomics-freshness-us-east-1 study_variants
	// arn:aws:iam::111111111111:role/riverside-genomics-optimizer-us-east-1 study_variants
	// arn:aws:iam::111111111111:role/riverside-genomics-pipeline-us-east-1 study_variants
	// arn:aws:iam::111111111111:role/riverside-research-cohort_variants-refresh-us-east-1 study_variants
	// arn:aws:iam::111111111111:role/riverside-research-pipeline-us-east-1 study_variants
}
