package stacks_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// registry is a domain with patients and a product without their identifiers.
func registry(columns ...contract.Column) *mesh.Definition {
	patients := &contract.Contract{
		APIVersion: "v3.1.0", ID: "registry", Name: "registry", Version: "1.0.0", Status: "active", Owner: "lab@example.org", Zone: ontology.Curated,
		Tables: []contract.Table{{Name: "patient", Format: contract.FormatIceberg, Columns: []contract.Column{
			{Name: "mrn", Type: "string", Classification: "phi", Sensitivity: ontology.PHI, Identifier: ontology.MedicalRecordNumber},
			{Name: "gender", Type: "string", Classification: "deidentified", Sensitivity: ontology.Deidentified},
		}}},
	}
	research := &contract.Contract{
		APIVersion: "v3.1.0", ID: "research", Name: "research", Version: "1.0.0", Status: "active", Owner: "lab@example.org", Zone: ontology.Analytics,
		Sensitivity: ontology.Deidentified,
		Tables: []contract.Table{{
			Name: "patient_deid", Format: contract.FormatIceberg, Columns: columns, Deidentify: &contract.Deidentify{From: contract.ParseReference("registry.patient")},
		}},
	}
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:  map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{Name: "lab", Account: "lake", Owner: "lab@example.org", Contracts: []*contract.Contract{patients, research}}},
	}
}

var (
	token  = contract.Column{Name: "token", Type: "string", Classification: "deidentified", Sensitivity: ontology.Deidentified, PrimaryKey: 1, Derivation: &contract.Derivation{Sources: []string{"patient.mrn"}}}
	gender = contract.Column{Name: "gender", Type: "string", Classification: "deidentified", Sensitivity: ontology.Deidentified}
)

const (
	policyType = "AWS::IAM::ManagedPolicy"
	grantType  = "AWS::LakeFormation::PrincipalPermissions"
)

type resource struct {
	Type           string
	Properties     map[string]any
	DependsOn      []string
	DeletionPolicy string
}

// resourcesOf are the resources of a template.
func resourcesOf(t *testing.T, text string) map[string]resource {
	t.Helper()
	var template struct{ Resources map[string]resource }
	if err := json.Unmarshal([]byte(text), &template); err != nil {
		t.Fatal(err)
	}
	return template.Resources
}

// idsOf are the ids of the resources of a type whose properties hold the text.
func idsOf(resources map[string]resource, kind, holds string) []string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		properties, _ := json.Marshal(resources[id].Properties)
		if resources[id].Type == kind && strings.Contains(string(properties), holds) {
			out = append(out, id)
		}
	}
	return out
}

// product is the plan of a product of a domain with its resources in the assembly.
func product(t *testing.T, domain mesh.DomainPlan, dir, name string) (mesh.ProductPlan, map[string]resource) {
	t.Helper()
	for _, p := range domain.Products {
		if p.Name == name {
			return p, resourcesOf(t, templateText(t, dir, p.StackName))
		}
	}
	t.Fatalf("no product %s", name)
	return mesh.ProductPlan{}, nil
}

// machine is the only state machine whose definition holds a text, and that text's place.
func machine(t *testing.T, resources map[string]resource, holds string) (resource, string) {
	t.Helper()
	machines := idsOf(resources, "AWS::StepFunctions::StateMachine", holds)
	if len(machines) != 1 {
		t.Fatalf("state machines: %v", machines)
	}
	definition, _ := resources[machines[0]].Properties["DefinitionString"].(string)
	return resources[machines[0]], definition
}

// waits reports grants that a job does not wait for, and their number where it is another.
func waits(t *testing.T, resources map[string]resource, job resource, role string, number int) {
	t.Helper()
	grants := idsOf(resources, grantType, role)
	if len(grants) != number {
		t.Errorf("%d grants to %s: %v", len(grants), role, grants)
	}
	for _, grant := range grants {
		if !slices.Contains(job.DependsOn, grant) {
			t.Errorf("the job does not wait for %s", grant)
		}
	}
}

// The job of the domain makes the key, and that of the product comes after it.
func TestDeidentifyJobsAreDeployedAsPlanned(t *testing.T) {
	plan, dir, text := synthesized(t, registry(token, gender))
	asPlanned(t, plan, dir)
	domain := plan.Domains[0]
	research, ofProduct := product(t, domain, dir, "research")

	resources := resourcesOf(t, text)
	makes, definition := machine(t, resources, `INSERT INTO`)
	if !strings.Contains(definition, `"lakeside_lab_keys\"`) || strings.Contains(definition, "MERGE") {
		t.Errorf("the key is made by %s", definition)
	}
	waits(t, resources, makes, domain.Keys.Job.RoleARN, 4) // the database, the table to read and to write, the location
	if rules := idsOf(resources, "AWS::Events::Rule", "cron(10 3 ? * SUN *)"); len(rules) != 1 {
		t.Errorf("schedules: %v", rules)
	}

	job, definition := machine(t, ofProduct, "MERGE INTO")
	if !strings.Contains(definition, `MERGE INTO \"lakeside_lab_analytics\"`) || !strings.Contains(definition, `"StateMachineArn":"`+domain.Keys.Job.StateMachineARN+`"`) {
		t.Errorf("the table is made by %s", definition)
	}
	waits(t, ofProduct, job, research.Deidentify.RoleARN, 8) // three databases, the key and two tables to read, one to write, a location
	if rules := idsOf(ofProduct, "AWS::Events::Rule", "cron(15 3 ? * SUN *)"); len(rules) != 1 {
		t.Errorf("schedules: %v", rules)
	}
	if !slices.Contains(dependencies(t, dir, research.StackName), "lakeside-dev-lab-product-registry") {
		t.Errorf("the product waits for %v", dependencies(t, dir, research.StackName))
	}
}

// Lake Formation decides about tables; files are IAM's. Only the role that Lake
// Formation itself works with and that of the job which makes the key reach those of the keys.
func TestNoOtherRoleReachesTheFilesOfKeys(t *testing.T) {
	plan, dir, text := synthesized(t, registry(token, gender))
	resources := resourcesOf(t, text)
	buckets := idsOf(resources, "AWS::S3::Bucket", `"lakeside-lab-keys-111111111111-us-east-1"`)
	if len(buckets) != 1 {
		t.Fatalf("buckets: %v", buckets)
	}
	for _, kind := range []string{policyType, "AWS::IAM::Policy"} {
		for _, holds := range []string{buckets[0], "lakeside-lab-keys"} {
			for _, id := range idsOf(resources, kind, holds) {
				if !strings.HasPrefix(id, "MakeKey") && !strings.HasPrefix(id, "Location") {
					t.Errorf("%s reaches the keys", id)
				}
			}
		}
	}
	if reach := idsOf(resources, policyType, buckets[0]); len(reach) == 0 {
		t.Error("not even the job reaches the keys")
	}
	for _, p := range plan.Domains[0].Products {
		if others := idsOf(resourcesOf(t, templateText(t, dir, p.StackName)), policyType, "lakeside-lab-keys"); len(others) > 0 {
			t.Errorf("%v of %s reach the keys", others, p.Name)
		}
	}
	if optimizers := idsOf(resources, "AWS::Glue::TableOptimizer", "lakeside_lab_keys"); len(optimizers) > 0 {
		t.Errorf("the optimizer reads the keys: %v", optimizers)
	}
}

// A product without codes and shifts needs no key.
func TestDeidentifyWithoutKey(t *testing.T) {
	id := gender
	id.PrimaryKey = 1
	plan, dir, text := synthesized(t, registry(id))
	research, resources := product(t, plan.Domains[0], dir, "research")
	if research.Deidentify == nil || len(research.Deidentify.After) > 0 || plan.Domains[0].Keys != nil {
		t.Errorf("planned %+v", research.Deidentify)
	}
	if strings.Contains(text, "deidentification_key") || strings.Contains(text, "lakeside-lab-keys") {
		t.Error("there is a place for keys")
	}
	machine(t, resources, "MERGE INTO")
}
