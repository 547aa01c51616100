package origin_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/origin"
	"github.com/lakemesh/lakemesh/test/golden"
)

// column is a column of a level.
func column(name string, level ontology.Sensitivity) contract.Column {
	return contract.Column{Name: name, Type: "string", Classification: string(level), Sensitivity: level}
}

// table is a table with a key.
func table(name, query string, columns ...contract.Column) contract.Table {
	columns[0].PrimaryKey = 1
	return contract.Table{Name: name, Format: contract.FormatIceberg, TransformLogic: query, Columns: columns}
}

func product(name string, zone ontology.Zone, level ontology.Sensitivity, tables ...contract.Table) *contract.Contract {
	return &contract.Contract{
		APIVersion: "v3.1.0", ID: name, Name: name, Version: "1.0.0", Status: "active", Owner: "lab@example.org",
		Zone: zone, Sensitivity: level, Tables: tables,
	}
}

// lakeside is a mesh in which data goes from a FHIR store and from deliveries into a view
// of members, over three domains.
func lakeside() *mesh.Definition {
	mrn := column("mrn", ontology.PHI)
	mrn.Identifier = ontology.MedicalRecordNumber
	token := column("token", ontology.Deidentified)
	token.Derivation = &contract.Derivation{Sources: []string{"patient.mrn"}}
	deidentified := table("patient", "", token, column("gender", ontology.Deidentified))
	deidentified.Deidentify = &contract.Deidentify{From: contract.ParseReference("registry.patient")}
	open := table("code", "", column("code", ontology.Public))
	open.Format, open.Location = contract.FormatParquet, "s3://example-codes/icd10/"
	open.Columns[0].PrimaryKey = 0
	view := contract.Table{Name: "by_gender", View: &contract.View{SQL: "SELECT gender, count(*) AS members FROM member GROUP BY gender"},
		Columns: []contract.Column{column("gender", ontology.Deidentified), column("members", ontology.Deidentified)}}
	claims := []contract.Column{column("claim_id", ontology.Deidentified), column("token", ontology.Deidentified), column("paid", ontology.Deidentified)}
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages: map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{
			{Name: "clinic", Account: "lake", Owner: "lab@example.org", FhirStore: &mesh.FhirStore{}, Contracts: []*contract.Contract{
				product("registry", ontology.Curated, ontology.PHI,
					table("patient", "SELECT p.id AS mrn, p.gender FROM {fhirStore.patient} AS p WHERE p.active", mrn, column("gender", ontology.Deidentified)),
					open),
				product("research", ontology.Analytics, ontology.Deidentified, deidentified),
			}},
			{Name: "claims", Account: "lake", Owner: "claims@example.org", Contracts: []*contract.Contract{
				product("claim", ontology.Curated, ontology.Deidentified, table("claim", "", claims...)),
			}},
			{Name: "member360", Account: "lake", Owner: "360@example.org", Contracts: []*contract.Contract{
				product("member_360", ontology.Analytics, ontology.Deidentified,
					table("member", "SELECT p.token, p.gender, 'x' AS note, sum(c.paid) AS cost, count(*) AS claims\nFROM {clinic.research.patient} AS p JOIN {claims.claim.claim} AS c ON c.token = p.token\nGROUP BY 1, 2",
						column("token", ontology.Deidentified), column("gender", ontology.Deidentified), column("note", ontology.Deidentified), column("cost", ontology.Deidentified), column("claims", ontology.Deidentified)),
					view),
			}},
		},
		Subscriptions: []mesh.Subscription{
			{Consumer: "member360", Principals: []string{"member360-pipeline"}, Product: "clinic.research", Sensitivity: []string{"deidentified"},
				Purpose: "find members whom care management can help", Approver: "lab@example.org", Expires: "2030-06-30"},
			{Consumer: "member360", Principals: []string{"member360-pipeline"}, Product: "claims.claim", Sensitivity: []string{"deidentified"},
				Purpose: "find members whom care management can help", Approver: "claims@example.org", Expires: "2030-06-30"},
		},
	}
}

func read(t *testing.T) *origin.Mesh {
	t.Helper()
	plan, err := lakeside().Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	return origin.FromPlan(plan)
}

func TestFormats(t *testing.T) {
	m := read(t)
	tables, found := m.Of("member360.member_360")
	if !found || len(tables) != 2 {
		t.Fatalf("got %d tables", len(tables))
	}
	for format, file := range map[string]string{"text": "member_360.txt", "mermaid": "member_360.mmd", "json": "member_360.json"} {
		write, err := origin.ParseFormat(format)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := write(&out, m, tables); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, filepath.Join("testdata", file), out.Bytes())
		if format == "json" && !json.Valid(out.Bytes()) {
			t.Error("no JSON")
		}
	}
	if _, err := origin.ParseFormat("xml"); err == nil || err.Error() != `got "xml"; expected one of json, mermaid, text` {
		t.Errorf("got %v", err)
	}
}

// A table is found by its product, with or without its domain, and by its own name.
func TestOf(t *testing.T) {
	m := read(t)
	for name, want := range map[string]string{
		"research":                       "clinic.research.patient",
		"clinic.registry":                "clinic.registry.code clinic.registry.patient",
		"clinic.registry.patient":        "clinic.registry.patient",
		"":                               "clinic.registry.patient clinic.research.patient member360.member_360.by_gender member360.member_360.member",
		"fhirStore":                      "",
		"clinic":                         "",
		"member360.member_360.by_gender": "member360.member_360.by_gender",
	} {
		tables, found := m.Of(name)
		var got []string
		for _, table := range tables {
			got = append(got, table.String())
		}
		if strings.Join(got, " ") != want || found != (want != "") {
			t.Errorf("%q: got %v, %t; want %s", name, got, found, want)
		}
	}
	if got := strings.Join(m.Products(), " "); got != "claims.claim clinic.registry clinic.research member360.member_360" {
		t.Errorf("got %s", got)
	}
}

// What a query says that nobody can follow is said, and the tables that it names count as
// read whole.
func TestWhatCannotBeFollowedIsSaid(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT id AS mrn, gender FROM {fhirStore.patient} NATURAL JOIN {fhirStore.encounter}": "line 1, column 51: got NATURAL JOIN",
		"SELECT id AS mrn gender, FROM {fhirStore.patient}":                                    "line 1, column 18: got gender",
	} {
		d := lakeside()
		d.Domains[0].Contracts[0].Tables[0].TransformLogic = query
		plan, err := d.Plan("dev")
		if err != nil {
			t.Fatal(err)
		}
		m := origin.FromPlan(plan)
		made, _ := m.Find(origin.Name{Domain: "clinic", Product: "registry", Table: "patient"})
		if !slices.ContainsFunc(made.Problems, func(p string) bool { return strings.Contains(p, want) }) {
			t.Errorf("got %v; want %s", made.Problems, want)
		}
		if len(made.Reads) == 0 || !made.Reads[len(made.Reads)-1].Whole {
			t.Errorf("got %+v; want the tables, read whole", made.Reads)
		}
		var out bytes.Buffer
		if err := origin.Text(&out, m, []*origin.Table{made}); err != nil || !strings.Contains(out.String(), "not followed: "+want) {
			t.Errorf("%v\n%s", err, out.String())
		}
	}
}

// The tables of a person index come from what it compares.
func TestPersonIndex(t *testing.T) {
	index := &contract.PersonIndex{
		Sources: []contract.PersonSource{{Name: "clinic", From: contract.ParseReference("registry.patient"), Record: "mrn",
			Attributes: []contract.PersonAttribute{{Attribute: contract.PersonSex, Column: "gender"}}}},
		Rules: []contract.PersonRule{{Name: "sex", Same: []contract.PersonMatch{{Attribute: contract.PersonSex, How: contract.ComparedExact}}}},
	}
	d := lakeside()
	d.Domains[0].Contracts = append(d.Domains[0].Contracts, product("persons", ontology.Curated, ontology.PHI, contract.PersonIndexTables(index)...))
	plan, err := d.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	m := origin.FromPlan(plan)
	tables, _ := m.Of("clinic.persons")
	for _, made := range tables {
		if made.Kind != origin.PersonIndex || made.Job == "" || len(made.Reads) != 1 || strings.Join(made.Reads[0].Columns, " ") != "gender mrn" {
			t.Errorf("got %+v", made)
		}
	}
	var out bytes.Buffer
	if err := origin.Text(&out, m, tables[:1]); err != nil || !strings.Contains(out.String(), ": a person index, made every day at 01:20 UTC by ") || strings.Contains(out.String(), "Columns of") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestResultsOfQualityRules(t *testing.T) {
	d := lakeside()
	claims := &d.Domains[1].Contracts[0].Tables[0]
	claims.Quality = []contract.QualityRule{{Metric: "rowCount", Operator: "mustBeGreaterThan", Values: []string{"0"}}}
	plan, err := d.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	results, found := origin.FromPlan(plan).Of("quality")
	if !found || len(results) != 1 || results[0].Kind != origin.Quality || results[0].Role == "" {
		t.Errorf("%+v", results)
	}
}
