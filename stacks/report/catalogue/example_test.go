package catalogue_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/report/catalogue"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// What somebody who looks for data is told of a product.
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
	for _, p := range catalogue.Of(plan, planned.Read(plan).Evaluate()) {
		if p.Name != "patient_deid" {
			continue
		}
		fmt.Println(p.Domain, p.Name, p.Version, p.Status, p.Level)
		fmt.Println(p.Promises)
		fmt.Println(p.Tables[0].Queries[0].Title)
		for _, r := range p.Readers {
			fmt.Println(r.Domain, r.Principals, r.Rows, r.Until)
		}
	}
	// Output:
	// clinical patient_deid 1.4.0 active deidentified
	// [The newest data is at most 14 days old. New data arrives every 7 days. Data is kept for 6 years.]
	// What CardiologyAnalyst, riverside-research-cohort_variants-refresh-us-east-1, riverside-research-pipeline-us-east-1 can select
	// research [cardiology-analysts research-pipeline] study_id = 'NCT0456' 2027-12-31
}
