package stacks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// A table that is made by a query from the domain's FHIR store and its own tables is
// made by a job whose role reads these and no others.
func TestRefreshJobIsDeployedAsPlanned(t *testing.T) {
	definition := registry(token, gender)
	definition.Domains[0].FhirStore = &mesh.FhirStore{}
	patients := definition.Domains[0].Contracts[0]
	patients.Tables = append(patients.Tables, contract.Table{
		Name: "admission", Format: contract.FormatIceberg,
		TransformLogic: "SELECT p.mrn FROM {registry.patient} AS p JOIN {fhirStore.encounter} AS e ON e.id = p.mrn",
		Columns: []contract.Column{
			{Name: "mrn", Type: "string", Classification: "phi", Sensitivity: ontology.PHI, Identifier: ontology.MedicalRecordNumber, PrimaryKey: 1},
		},
	})
	plan, dir, text := synthesized(t, definition)
	rendered := asPlanned(t, plan, dir)

	resources := resourcesOf(t, text)
	machines := idsOf(resources, "AWS::StepFunctions::StateMachine", `lakeside_lab_fhir`)
	if len(machines) != 1 || !strings.HasPrefix(machines[0], "Refresh") {
		t.Fatalf("state machines: %v", machines)
	}
	job := resources[machines[0]]
	role := plan.Domains[0].Materialization.RoleARN
	grants := idsOf(resources, grantType, role)
	if len(grants) != 2 { // a database and a location
		t.Errorf("%d grants: %v", len(grants), grants)
	}
	if n := grantsOfProducts(t, dir, plan.Domains[0], role); n != 3 { // two tables to read and one to write
		t.Errorf("%d grants on tables", n)
	}
	for _, grant := range grants {
		if !slices.Contains(job.DependsOn, grant) {
			t.Errorf("the job does not wait for %s", grant)
		}
	}
	if rules := idsOf(resources, "AWS::Events::Rule", "cron(15 1 * * ? *)"); len(rules) != 1 {
		t.Errorf("schedules: %v", rules)
	}
	if keys := idsOf(resources, grantType, "lakeside_lab_keys"); slices.ContainsFunc(keys, func(id string) bool { return slices.Contains(grants, id) }) {
		t.Error("the job reads the keys")
	}
	notes := strings.Join(rendered.Evaluate().Notes, "\n")
	if !strings.Contains(notes, "readers of FHIR store lakeside-lab-fhir") || !strings.Contains(notes, plan.Domains[0].Materialization.Role) {
		t.Errorf("nobody says that the job reads the store: %s", notes)
	}
	if policies := idsOf(resources, policyType, "-reader-"); len(policies) != 0 {
		t.Errorf("a policy for readers that are none but the job: %v", policies)
	}
}
