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

func TestDeidentifyJobIsDeployedAsPlanned(t *testing.T) {
	plan, dir, text := synthesized(t, registry(token, gender))
	asPlanned(t, plan, dir)

	resources := resourcesOf(t, text)
	machines := idsOf(resources, "AWS::StepFunctions::StateMachine", "MERGE INTO")
	if len(machines) != 1 {
		t.Fatalf("state machines: %v", machines)
	}
	job := resources[machines[0]]
	definition, _ := job.Properties["DefinitionString"].(string)
	create, merge := strings.Index(definition, `INSERT INTO \"lakeside_lab_keys\"`), strings.Index(definition, `MERGE INTO \"lakeside_lab_analytics\"`)
	if create < 0 || merge < create {
		t.Errorf("the key is made at %d, the table at %d", create, merge)
	}
	grants := idsOf(resources, grantType, plan.Domains[0].Deidentify.RoleARN)
	if len(grants) != 7 { // three databases, the table of keys to read and to write, two locations
		t.Errorf("%d grants: %v", len(grants), grants)
	}
	if n := grantsOfProducts(t, dir, plan.Domains[0], plan.Domains[0].Deidentify.RoleARN); n != 3 { // two tables to read and one to write
		t.Errorf("%d grants on tables", n)
	}
	for _, grant := range grants {
		if !slices.Contains(job.DependsOn, grant) {
			t.Errorf("the job does not wait for %s", grant)
		}
	}
	if rules := idsOf(resources, "AWS::Events::Rule", "cron(15 3 ? * SUN *)"); len(rules) != 1 {
		t.Errorf("schedules: %v", rules)
	}
}

// Lake Formation decides about tables; files are IAM's. Only the role that Lake
// Formation itself works with and the job's reach those of the keys.
func TestNoOtherRoleReachesTheFilesOfKeys(t *testing.T) {
	_, _, text := synthesized(t, registry(token, gender))
	resources := resourcesOf(t, text)
	buckets := idsOf(resources, "AWS::S3::Bucket", `"lakeside-lab-keys-111111111111-us-east-1"`)
	if len(buckets) != 1 {
		t.Fatalf("buckets: %v", buckets)
	}
	for _, kind := range []string{policyType, "AWS::IAM::Policy"} {
		for _, holds := range []string{buckets[0], "lakeside-lab-keys"} {
			for _, id := range idsOf(resources, kind, holds) {
				if !strings.HasPrefix(id, "Deidentify") && !strings.HasPrefix(id, "Location") {
					t.Errorf("%s reaches the keys", id)
				}
			}
		}
	}
	if reach := idsOf(resources, policyType, buckets[0]); len(reach) == 0 {
		t.Error("not even the job reaches the keys")
	}
	if optimizers := idsOf(resources, "AWS::Glue::TableOptimizer", "lakeside_lab_keys"); len(optimizers) > 0 {
		t.Errorf("the optimizer reads the keys: %v", optimizers)
	}
}

// A product without codes and shifts needs no key.
func TestDeidentifyWithoutKey(t *testing.T) {
	id := gender
	id.PrimaryKey = 1
	plan, _, text := synthesized(t, registry(id))
	if plan.Domains[0].Deidentify == nil || plan.Domains[0].Deidentify.Keys != nil {
		t.Errorf("planned %+v", plan.Domains[0].Deidentify)
	}
	if strings.Contains(text, "deidentification_key") || strings.Contains(text, "lakeside-lab-keys") {
		t.Error("there is a place for keys")
	}
	if !strings.Contains(text, "MERGE INTO") {
		t.Error("no job")
	}
}
