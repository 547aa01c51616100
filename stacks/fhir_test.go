package stacks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// records is a mesh with a FHIR store that uses everything a mesh file can say.
func records() *mesh.Definition {
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:     map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}, NonProduction: true}},
		Admins:     []string{"arn:aws:iam::{lake}:role/LakeAdmin"},
		Principals: map[string]string{"stewards": "arn:aws:iam::{lake}:role/Steward"},
		Domains: []mesh.Domain{{
			Name: "lab", Account: "lake", Owner: "lab@example.org",
			FhirStore: &mesh.FhirStore{
				Authorization: mesh.SmartOnFhir, Synthetic: true, NLP: jsii.Bool(false), Analytics: "enabled", DefaultProfiles: []string{"us-core-6.1.0"}, Ccda: &mesh.FhirDocuments{}, Readers: []string{"stewards", "lab-pipeline"},
				Export: &mesh.FhirExport{Schedule: "daily"},
				Smart: &mesh.Smart{
					IdentityProvider: "arn:aws:lambda:{region}:{lake}:function:tokens",
					Metadata: mesh.SmartMetadata{
						AuthorizationEndpoint: "https://id.example.org/authorize", TokenEndpoint: "https://id.example.org/token",
						GrantTypes: []string{"authorization_code"}, Capabilities: []string{"launch-ehr"}, CodeChallengeMethods: []string{"S256"},
					},
				},
			},
		}},
	}
}

// resourcesIn are the resources of a type in a template.
func resourcesIn(t *testing.T, dir, stack, kind string) []resource {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, stack+".template.json")) //nolint:gosec // a file this test has just made
	if err != nil {
		t.Fatal(err)
	}
	var out []resource
	for _, r := range resourcesOf(t, string(text)) {
		if r.Type == kind {
			out = append(out, r)
		}
	}
	return out
}

// The store stands in a stack of its own with all of its workflows, and the role
// that opens its tables is an administrator that exists before the settings.
func TestFhirStoreOfADomain(t *testing.T) {
	plan, dir, _ := synthesized(t, records())
	const stack = "lakeside-dev-lab-fhir"
	stores := resourcesIn(t, dir, stack, "AWS::HealthLake::FHIRDatastore")
	if len(stores) != 1 || stores[0].DeletionPolicy == "Delete" || stores[0].DeletionPolicy == "" {
		t.Fatalf("stores: %v", stores)
	}
	properties, _ := json.Marshal(stores[0].Properties)
	for _, want := range []string{`"lakeside-lab-fhir"`, `"SYNTHEA"`, `"SMART_ON_FHIR"`, `"arn:aws:lambda:us-east-1:111111111111:function:tokens"`, `"CUSTOMER_MANAGED_KMS_KEY"`,
		`"NlpConfiguration":{"Status":"DISABLED"}`, `"AnalyticsConfiguration":{"Status":"ENABLED"}`,
		`"ProfileConfiguration":{"DefaultProfiles":["us-core-6.1.0"]}`,
	} {
		if !strings.Contains(string(properties), want) {
			t.Errorf("no %s in %s", want, properties)
		}
	}
	if n := len(resourcesIn(t, dir, stack, "AWS::StepFunctions::StateMachine")); n != 6 { // access, export; dispatch and import of FHIR and of documents
		t.Errorf("%d workflows", n)
	}
	if n := len(resourcesIn(t, dir, stack, "AWS::Events::Rule")); n != 6 { // deletion; access twice, two dispatches, export
		t.Errorf("%d rules", n)
	}

	profiles := resourcesIn(t, dir, stack, "AWS::HealthLake::DataTransformationProfile")
	if len(profiles) != 1 || profiles[0].Properties["ProfileName"] != "lakeside-lab-fhir-ccda" || profiles[0].Properties["SourceFormat"] != "CCDA" {
		t.Errorf("profiles: %v", profiles)
	}
	named, _ := json.Marshal(resourcesIn(t, dir, stack, "AWS::IAM::Role"))
	for _, want := range []string{`"lakeside-lab-fhir-ccda-import-us-east-1"`, `"lakeside-lab-fhir-ccda-run-us-east-1"`} {
		if !strings.Contains(string(named), want) {
			t.Errorf("no role %s", want)
		}
	}

	if got := curatedRules(t, dir); !strings.HasSuffix(got, `,{"ExpirationInDays":30,"Id":"expire-fhir-exports","Prefix":"fhir-exports/","Status":"Enabled"}]`) {
		t.Errorf("exports are kept for ever: %s", got)
	}

	const foundation = "lakeside-dev-foundation"
	roles := resourcesIn(t, dir, foundation, "AWS::IAM::Role")
	if len(roles) != 1 || roles[0].Properties["RoleName"] != "lakeside-lab-fhir-access-us-east-1" || !strings.HasPrefix(roles[0].DeletionPolicy, "Retain") {
		t.Errorf("roles of the foundation: %v", roles)
	}
	settings := resourcesIn(t, dir, foundation, "AWS::LakeFormation::DataLakeSettings")[0]
	admins, _ := json.Marshal(settings.Properties["Admins"])
	if !strings.Contains(string(admins), "arn:aws:iam::111111111111:role/lakeside-lab-fhir-access-us-east-1") ||
		!slices.ContainsFunc(settings.DependsOn, func(id string) bool { return strings.HasPrefix(id, "AccessRole") }) {
		t.Errorf("administrators %s, after %v", admins, settings.DependsOn)
	}

	// Whoever reviews the templates hears of the readers, and no plan differs.
	rendered := asPlanned(t, plan, dir)
	notes := rendered.Evaluate().Notes
	if want := "readers of FHIR store lakeside-lab-fhir get SELECT and DESCRIBE on all its tables when it is active, through database lakeside_lab_fhir: Steward, lakeside-lab-pipeline-us-east-1"; !slices.ContainsFunc(notes, func(n string) bool { return strings.Contains(n, want) }) {
		t.Errorf("notes: %q", notes)
	}
}

// curatedRules are the lifecycle rules of the curated zone.
func curatedRules(t *testing.T, dir string) string {
	t.Helper()
	for _, bucket := range resourcesIn(t, dir, "lakeside-dev-lab", "AWS::S3::Bucket") {
		if bucket.Properties["BucketName"] == "lakeside-lab-curated-111111111111-us-east-1" {
			lifecycle, _ := bucket.Properties["LifecycleConfiguration"].(map[string]any)
			text, _ := json.Marshal(lifecycle["Rules"])
			return string(text)
		}
	}
	t.Fatal("no curated zone")
	return ""
}

// What a mesh file leaves out is not made, but for the workflow of the tables: it
// takes the last reader off.
func TestPlainFhirStore(t *testing.T) {
	d := records()
	d.Domains[0].FhirStore = &mesh.FhirStore{}
	plan, dir, _ := synthesized(t, d)
	if n := len(resourcesIn(t, dir, "lakeside-dev-lab-fhir", "AWS::StepFunctions::StateMachine")); n != 3 { // access, dispatch, import
		t.Errorf("%d workflows", n)
	}
	if roles := resourcesIn(t, dir, "lakeside-dev-foundation", "AWS::IAM::Role"); len(roles) != 1 {
		t.Errorf("roles of the foundation: %v; expected the administrator that takes readers off", roles)
	}
	rendered, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for what, notes := range map[string][]string{"plan": planned.Read(plan).Evaluate().Notes, "templates": rendered.Evaluate().Notes} {
		if want := "FHIR store lakeside-lab-fhir has no readers: whoever has permissions on database lakeside_lab_fhir loses them"; !slices.Contains(notes, "111111111111/us-east-1: "+want) {
			t.Errorf("notes of the %s: %q", what, notes)
		}
	}
	if rules := curatedRules(t, dir); strings.Contains(rules, "ExpirationInDays") {
		t.Errorf("a zone that loses data: %s", rules)
	}
}
