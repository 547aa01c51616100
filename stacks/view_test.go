package stacks_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// A view of a contract is made after the tables of its product, has no location,
// and its columns are tagged and evaluated as those of a table.
func TestViewOfAContract(t *testing.T) {
	labs := results("record")
	labs.Tables = append(labs.Tables, contract.Table{
		Name: "recent", View: &contract.View{SQL: "SELECT record FROM results"},
		Columns: []contract.Column{{Name: "record", Type: "string", Classification: "phi", Sensitivity: ontology.PHI}},
	})
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages: map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{
			Name: "lab", Account: "lake", Owner: "lab@example.org", Contracts: []*contract.Contract{labs},
		}},
	}
	plan, dir, _ := synthesized(t, definition)
	if !strings.Contains(templateText(t, dir, "lakeside-dev-lab-product-labs"), `"VIRTUAL_VIEW"`) {
		t.Error("the template has no view")
	}
	state := asPlanned(t, plan, dir)
	matrix, err := state.Evaluate().Filter(access.MatrixFilter{Table: "recent", Sensitivity: "phi"})
	if err != nil {
		t.Fatal(err)
	}
	var who []string
	for _, r := range matrix.Rows {
		who = append(who, access.Short(r.Principal))
	}
	if got, want := strings.Join(who, " "), "lakeside-lab-optimizer-us-east-1 lakeside-lab-pipeline-us-east-1"; got != want {
		t.Errorf("phi in the view is seen by %q; expected the jobs of the domain, %q", got, want)
	}
}
