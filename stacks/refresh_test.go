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
	plan, dir, _ := synthesized(t, definition)
	rendered := asPlanned(t, plan, dir)

	registered, resources := product(t, plan.Domains[0], dir, "registry")
	job, _ := machine(t, resources, `lakeside_lab_fhir`)
	waits(t, resources, job, registered.Materialization.RoleARN, 5) // a database, a location, two tables to read and one to write
	if rules := idsOf(resources, "AWS::Events::Rule", "cron(15 1 * * ? *)"); len(rules) != 1 {
		t.Errorf("schedules: %v", rules)
	}
	if keys := idsOf(resources, grantType, "lakeside_lab_keys"); len(keys) > 0 {
		t.Error("the job reads the keys")
	}
	notes := strings.Join(rendered.Evaluate().Notes, "\n")
	if !strings.Contains(notes, "readers of FHIR store lakeside-lab-fhir") || !strings.Contains(notes, registered.Materialization.Role) {
		t.Errorf("nobody says that the job reads the store: %s", notes)
	}
	if !slices.Contains(dependencies(t, dir, plan.FhirStores[0].StackName), registered.StackName) {
		t.Error("the store opens its tables to a role that is not there yet")
	}
	if policies := idsOf(resources, policyType, "-reader-"); len(policies) != 0 {
		t.Errorf("a policy for readers that are none but the job: %v", policies)
	}
}

// The job of a product in parts waits for the tables in the others.
func TestJobOfAProductInParts(t *testing.T) {
	definition := registry(token, gender)
	patients := definition.Domains[0].Contracts[0]
	patients.Parts = 2
	for _, name := range []string{"admission", "ward"} {
		patients.Tables = append(patients.Tables, contract.Table{
			Name: name, Format: contract.FormatIceberg, TransformLogic: "SELECT p.mrn FROM {registry.patient} AS p",
			Columns: []contract.Column{{Name: "mrn", Type: "string", Classification: "phi", Sensitivity: ontology.PHI, Identifier: ontology.MedicalRecordNumber, PrimaryKey: 1}},
		})
	}
	plan, dir, _ := synthesized(t, definition)
	asPlanned(t, plan, dir)
	const home, other = "lakeside-dev-lab-product-registry-part-1", "lakeside-dev-lab-product-registry-part-2"
	job, _ := machine(t, resourcesOf(t, templateText(t, dir, home)), "MERGE INTO")
	waits(t, resourcesOf(t, templateText(t, dir, home)), job, plan.Domains[0].Products[0].Materialization.RoleARN, 7)
	if !slices.Contains(dependencies(t, dir, home), other) || slices.Contains(dependencies(t, dir, other), home) {
		t.Errorf("the first part waits for %v, the other for %v", dependencies(t, dir, home), dependencies(t, dir, other))
	}
}
