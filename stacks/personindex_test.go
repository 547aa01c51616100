package stacks_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// The job of a person index is deployed as planned, with its source domains in one account and in
// three: nobody but it and the jobs of the sources is granted more than tokens.
func TestPersonIndexIsDeployedAsPlanned(t *testing.T) {
	for _, stage := range []string{"dev", "prod"} {
		definition, err := mesh.Load("mesh/testdata/persons/mesh.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if stage == "prod" { // what is synthesized is called dev
			definition.Stages["dev"] = definition.Stages["prod"]
		}
		delete(definition.Stages, "prod")
		plan, dir := built(t, definition, nil)
		rendered := asPlanned(t, plan, dir)
		fitsCloudFormation(t, dir)
		identity, _ := plan.Domain("identity")
		index, resources := product(t, identity, dir, "person_index")
		job, _ := machine(t, resources, "person_assignments")
		waits(t, resources, job, index.Materialization.RoleARN, 14) // a database, a location and six tables, each with all columns
		var matrix strings.Builder
		for _, row := range rendered.Evaluate().Rows {
			if strings.Contains(row.Table, "bay_identity") && strings.Contains(row.Principal, ":role/Analyst") {
				t.Errorf("%s: an analyst sees %v", stage, row)
			}
			matrix.WriteString(row.Principal + "\n")
		}
		if !strings.Contains(matrix.String(), index.Materialization.Role) {
			t.Errorf("%s: the access table does not name the job that reads the sources", stage)
		}
	}
}
