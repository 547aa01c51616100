package mesh_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// records is the small mesh with a FHIR store that uses everything.
func records() *mesh.Definition {
	d := small()
	dev := d.Stages["dev"]
	dev.NonProduction = true
	d.Stages["dev"] = dev
	d.Principals["stewards"] = "arn:aws:iam::{main}:role/Steward"
	d.Domains[0].FhirStore = &mesh.FhirStore{
		Authorization: mesh.SmartOnFhirV1, Synthetic: true, Landing: "records/in/",
		Readers: []string{"stewards", "clinical-pipeline"}, Export: &mesh.FhirExport{Schedule: "weekly"},
		Smart: &mesh.Smart{
			IdentityProvider: "arn:aws:lambda:{region}:{main}:function:tokens:live",
			Metadata: mesh.SmartMetadata{
				AuthorizationEndpoint: "https://id.river.example/authorize", TokenEndpoint: "https://id.river.example/token",
				GrantTypes: []string{"client_credentials"}, Capabilities: []string{"permission-v1"}, CodeChallengeMethods: []string{"S256"},
			},
		},
	}
	return d
}

func TestPlanOfAFhirStore(t *testing.T) {
	for stage, want := range map[string]struct {
		idp, role string
		synthetic bool
	}{
		"dev":  {"arn:aws:lambda:us-east-1:111111111111:function:tokens:live", "river-clinical-fhir-access-us-east-1", true},
		"prod": {"arn:aws:lambda:ap-southeast-2:222222222222:function:tokens:live", "river-clinical-fhir-access-ap-southeast-2", false},
	} {
		p := plan(t, records(), stage)
		s, ok := p.FhirStore("clinical")
		if !ok || len(p.FhirStores) != 1 {
			t.Fatalf("%s: %d stores", stage, len(p.FhirStores))
		}
		if s.StackName != "river-"+stage+"-clinical-fhir" || s.DatastoreName != "river-clinical-fhir" || s.Parameters != "/river/clinical/fhir" ||
			s.Database != "river_clinical_fhir" ||
			s.Landing != "records/in/" || s.Exports != "fhir-exports/" || s.ExportDays != 30 || !strings.HasPrefix(s.Schedule, "cron(") {
			t.Errorf("%s: got %+v", stage, s)
		}
		if s.Smart.IdentityProvider != want.idp || s.AccessRole != want.role || s.Synthetic != want.synthetic {
			t.Errorf("%s: got %s, %s, synthetic: %t", stage, s.Smart.IdentityProvider, s.AccessRole, s.Synthetic)
		}
		var metadata map[string]any
		if err := json.Unmarshal([]byte(s.Smart.Metadata), &metadata); err != nil || metadata["token_endpoint"] != "https://id.river.example/token" || len(metadata) != 5 {
			t.Errorf("%s: metadata %s (%v)", stage, s.Smart.Metadata, err)
		}
		var readers []string
		for _, r := range s.Readers {
			readers = append(readers, r.Name)
		}
		if !slices.Equal(readers, []string{"clinical-pipeline", "stewards"}) {
			t.Errorf("%s: readers %v", stage, readers)
		}
		f := p.Foundations[0]
		if !slices.Equal(f.AccessRoles, []string{want.role}) || !slices.Contains(f.Admins, s.AccessARN) || !slices.IsSorted(f.Admins) {
			t.Errorf("%s: the foundation makes %v, with administrators %v", stage, f.AccessRoles, f.Admins)
		}
		if d, _ := p.Domain("clinical"); d.KeyParameter == "" {
			t.Errorf("%s: the store cannot know the domain's key", stage)
		}
	}
}

// The empty store is one for requests with AWS credentials, which nobody queries.
func TestPlanOfAPlainFhirStore(t *testing.T) {
	d := small()
	d.Domains[0].FhirStore = &mesh.FhirStore{}
	p := plan(t, d, "dev")
	s, _ := p.FhirStore("clinical")
	if s.Authorization != mesh.AWSAuth || s.Smart != nil || s.Synthetic || s.Landing != "fhir/" || len(s.Readers) > 0 || s.Exports != "" || s.ExportDays != 0 {
		t.Errorf("got %+v", s)
	}
	if f := p.Foundations[0]; s.AccessRole == "" || !slices.Equal(f.AccessRoles, []string{s.AccessRole}) || !slices.Contains(f.Admins, s.AccessARN) {
		t.Errorf("%v makes no role that takes the last reader off", f)
	}
	if _, ok := p.FhirStore("research"); ok {
		t.Error("research has a store")
	}
}

func TestNotesNameThePrice(t *testing.T) {
	if notes := small().Notes(); len(notes) != 0 {
		t.Errorf("got %q", notes)
	}
	withImages := records()
	withImages.Domains[0].ImageStore = &mesh.ImageStore{}
	if notes := withImages.Notes(); len(notes) != 2 || !strings.HasPrefix(notes[1], "imageStore of clinical costs nothing while it is empty") {
		t.Errorf("got %q", notes)
	}
	notes := records().Notes()
	if len(notes) != 1 || !strings.HasPrefix(notes[0], "fhirStore of clinical costs about 0.27 USD an hour") || !strings.Contains(notes[0], "(dev, prod)") {
		t.Errorf("got %q", notes)
	}
}

// Documents arrive in a folder of their own, and the roles of their import reach the raw
// zone, as those of the other one do.
func TestPlanOfDocumentsOfAFhirStore(t *testing.T) {
	d := records()
	if s, _ := plan(t, d, "dev").FhirStore("clinical"); s.Ccda != nil {
		t.Errorf("documents that nobody wants: %+v", s.Ccda)
	}
	d.Domains[0].FhirStore.Ccda = &mesh.FhirDocuments{}
	p := plan(t, d, "dev")
	s, _ := p.FhirStore("clinical")
	if want := (mesh.FhirDocumentsPlan{
		Landing: "ccda/", Profile: "river-clinical-fhir-ccda",
		ImportRole: "river-clinical-fhir-ccda-import-us-east-1", RunRole: "river-clinical-fhir-ccda-run-us-east-1",
	}); *s.Ccda != want {
		t.Errorf("got %+v, want %+v", *s.Ccda, want)
	}
	domain, _ := p.Domain("clinical")
	if admitted := fmt.Sprint(domain.Files); !strings.Contains(admitted, s.Ccda.ImportRole) || !strings.Contains(admitted, s.Ccda.RunRole) {
		t.Errorf("the raw zone admits %s", admitted)
	}
}

// What HealthLake does beside storing is said or left to HealthLake, never guessed.
func TestPlanSaysNLPAndAnalyticsOnlyWhereTheMeshDoes(t *testing.T) {
	d := records()
	s, _ := plan(t, d, "dev").FhirStore("clinical")
	if s.NLP != nil || s.Analytics != "" {
		t.Errorf("got %v, %q", s.NLP, s.Analytics)
	}
	on := true
	d.Domains[0].FhirStore.NLP, d.Domains[0].FhirStore.Analytics = &on, "paused"
	s, _ = plan(t, d, "dev").FhirStore("clinical")
	if s.NLP == nil || !*s.NLP || s.Analytics != "PAUSED" {
		t.Errorf("got %v, %q", s.NLP, s.Analytics)
	}
	if notes := d.Notes(); len(notes) != 2 || !strings.HasPrefix(notes[1], "fhirStore of clinical has nlp on") {
		t.Errorf("got %q", notes)
	}
	const warned = `domains[0].fhirStore.analytics: got paused, and there are readers or queries of contracts`
	if got := fmt.Sprint(d.Warnings().Err()); !strings.Contains(got, warned) {
		t.Errorf("got %s", got)
	}
	d.Domains[0].FhirStore.Readers = nil
	if got := fmt.Sprint(d.Warnings().Err()); strings.Contains(got, warned) {
		t.Errorf("a warning of tables that nobody reads: %s", got)
	}
}

func fhirBreakages() []breakage {
	store := func(change func(s *mesh.FhirStore)) func(d *mesh.Definition) {
		return func(d *mesh.Definition) {
			*d = *records()
			change(d.Domains[0].FhirStore)
		}
	}
	return []breakage{
		{"fhir store in a region without HealthLake", func(d *mesh.Definition) {
			*d = *records()
			prod := d.Stages["prod"]
			prod.Region = "eu-west-3"
			d.Stages["prod"] = prod
		}},
		{"fhir analytics", store(func(s *mesh.FhirStore) { s.Analytics = "off" })},
		{"fhir default profiles", store(func(s *mesh.FhirStore) { s.DefaultProfiles = []string{"us-core-3.1.1", "", "us-core-3.1.1"} })},
		{"fhir no default profile", store(func(s *mesh.FhirStore) { s.DefaultProfiles = []string{} })},
		{"fhir authorization", store(func(s *mesh.FhirStore) { s.Authorization = "SMART_ON_FHIR_V2" })},
		{"fhir smart without authorization", store(func(s *mesh.FhirStore) { s.Authorization = "" })},
		{"fhir authorization without smart", store(func(s *mesh.FhirStore) { s.Smart = nil })},
		{"fhir identity provider of another region", store(func(s *mesh.FhirStore) { s.Smart.IdentityProvider = "arn:aws:lambda:us-east-1:{main}:function:f" })},
		{"fhir identity provider of an unknown account", store(func(s *mesh.FhirStore) { s.Smart.IdentityProvider = "arn:aws:lambda:{region}:{mian}:function:f" })},
		{"fhir identity provider is no function", store(func(s *mesh.FhirStore) { s.Smart.IdentityProvider = "tokens" })},
		{"fhir metadata missing", store(func(s *mesh.FhirStore) { s.Smart.Metadata = mesh.SmartMetadata{} })},
		{"fhir synthetic in production", func(d *mesh.Definition) {
			d.Domains[0].FhirStore = &mesh.FhirStore{Synthetic: true}
		}},
		{"fhir landing", store(func(s *mesh.FhirStore) { s.Landing = "records/../in/" })},
		{"fhir landing in results", store(func(s *mesh.FhirStore) { s.Landing = "fhir-import-results/" })},
		{"fhir landing holds quarantine", store(func(s *mesh.FhirStore) { s.Landing = "quarantine/" })},
		{"fhir landing in a product", func(d *mesh.Definition) {
			*d = *records()
			d.Domains[0].FhirStore.Landing = "notes/2026/"
			d.Domains[0].Contracts = append(d.Domains[0].Contracts, &contract.Contract{
				Name: "notes", Zone: ontology.Raw,
				Tables: []contract.Table{{Name: "note", Columns: []contract.Column{column("id", "string", ontology.Internal)}}},
			})
		}},
		{"fhir landing of documents", store(func(s *mesh.FhirStore) { s.Ccda = &mesh.FhirDocuments{Landing: "quarantine/fhir/ccda/"} })},
		{"fhir landing of documents among those of FHIR", store(func(s *mesh.FhirStore) { s.Ccda = &mesh.FhirDocuments{Landing: "records/in/ccda/"} })},
		{"fhir documents are crawled", func(d *mesh.Definition) {
			*d = *records()
			d.Domains[0].FhirStore.Ccda = &mesh.FhirDocuments{}
			d.Domains[0].Crawlers = []mesh.Crawler{{Zone: "raw", Path: "ccda/"}}
		}},
		{"fhir landing is crawled", func(d *mesh.Definition) {
			*d = *records()
			d.Domains[0].Crawlers = []mesh.Crawler{{Zone: "raw", Path: "records/"}}
		}},
		{"fhir reader unknown", store(func(s *mesh.FhirStore) { s.Readers = []string{"analyst"} })},
		{"fhir reader twice", store(func(s *mesh.FhirStore) { s.Readers = []string{"stewards", "stewards"} })},
		{"fhir reader is the pipeline of another domain", store(func(s *mesh.FhirStore) { s.Readers = []string{"research-pipeline"} })},
		{"fhir reader of another account", func(d *mesh.Definition) {
			*d = *records()
			d.Principals["stewards"] = "arn:aws:iam::222222222222:role/Steward"
		}},
		{"fhir reader is an account", func(d *mesh.Definition) {
			*d = *records()
			d.Principals["stewards"] = "222222222222"
		}},
		{"fhir reader of another domain", store(func(s *mesh.FhirStore) { s.Readers = []string{"analysts"} })},
		{"fhir export without a schedule", store(func(s *mesh.FhirStore) { s.Export.Schedule = "" })},
		{"fhir export schedule", store(func(s *mesh.FhirStore) { s.Export.Schedule = "fortnightly" })},
		{"fhir stack name taken", func(d *mesh.Definition) {
			*d = *records()
			d.Domains = append(d.Domains, mesh.Domain{Name: "clinical-fhir", Account: "main", Owner: "lab@river.example"})
		}},
		{"fhir stores make too many admins", func(d *mesh.Definition) {
			*d = *records()
			for i := range 28 {
				d.Admins = append(d.Admins, fmt.Sprintf("arn:aws:iam::111111111111:user/u%d", i))
			}
		}},
	}
}
