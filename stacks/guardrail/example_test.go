package guardrail_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// An own guardrail on the plan of the sample mesh.
func ExampleNew() {
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
	judge, err := guardrail.New([]guardrail.Guardrail{{
		Name:   "analysts-see-studies-only",
		Refuse: `name endsWith "Analyst" && right == "SELECT" && level == "deidentified" && rows == ""`,
		Fix:    "give the subscription rows",
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	verdict := judge.Matrix(planned.Read(plan).Evaluate())
	fmt.Println(len(verdict.Violations), "violations")

	_, err = guardrail.New([]guardrail.Guardrail{{Name: "no-files", Refuse: `path == "bypas"`}})
	fmt.Println(err)
	// Output:
	// 0 violations
	// [0].refuse: got "path == \"bypas\"": path "bypas" at character 9; expected one of grant, subscription, bypass, grant-option, administrator, shared-results; fix: did you mean bypass?
}
