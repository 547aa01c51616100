package stacks_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// omopField is a line of the field list of the OMOP Common Data Model.
type omopField struct{ table, name, kind, refersTo string }

// omopFields is the published field list.
func omopFields(t *testing.T) []omopField {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "omop", "omop_cdm_5.4_fields.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []omopField
	for _, line := range lines[1:] {
		out = append(out, omopField{table: line[0], name: line[1], kind: strings.ToLower(line[3]), refersTo: line[5]})
	}
	return out
}

// classification is how sensitive a field is and, of what identifies a patient, the
// identifier of HIPAA. Vocabularies are public; of what is about persons, keys, dates,
// places, texts and the codes of the source system are phi, and the rest deidentified.
func (f omopField) classification() (level, identifier string) {
	vocabulary := []string{
		"concept", "vocabulary", "domain", "concept_class", "concept_relationship", "relationship", "concept_synonym", "concept_ancestor",
		"source_to_concept_map", "drug_strength",
	}
	operations := []string{"metadata", "cdm_source", "care_site", "provider", "cohort_definition"}
	switch {
	case slices.Contains(vocabulary, f.table):
		return "public", ""
	case slices.Contains(operations, f.table):
		return "internal", ""
	case f.name == "person_id", f.name == "subject_id", f.name == "person_source_value", f.name == "family_source_value":
		return "phi", "medical_record_number"
	case f.table == "location" && !strings.Contains(f.name, "country"):
		return "phi", "geographic_detail"
	case f.kind == "date", f.kind == "datetime", strings.HasSuffix(f.name, "_of_birth"):
		return "phi", "date"
	case f.name == "unique_device_id", f.name == "production_id":
		return "phi", "device_identifier"
	case strings.HasPrefix(f.kind, "varchar"):
		return "phi", ""
	case strings.HasSuffix(f.name, "_id") && f.refersTo != "concept" && !strings.HasSuffix(f.name, "concept_id"):
		return "phi", "other_unique_identifier"
	default:
		return "deidentified", ""
	}
}

// omopContract writes the field list as a contract of the Open Data Contract Standard.
func omopContract(fields []omopField) string {
	var out strings.Builder
	out.WriteString(`apiVersion: v3.1.0
kind: DataContract
id: b7a5ab04-7f0a-4d2b-9a43-54e5f0c2d540
name: omop
version: 5.4.0
status: active
team: {name: research, members: [{username: research@example.org, role: owner}]}
schema:
`)
	table := ""
	for _, f := range fields {
		if f.table != table {
			table = f.table
			fmt.Fprintf(&out, "  - name: %s\n    properties:\n", table)
		}
		logical := map[bool]string{true: "string"}[strings.HasPrefix(f.kind, "varchar")]
		switch f.kind {
		case "integer":
			logical = "integer"
		case "float":
			logical = "number"
		case "date":
			logical = "date"
		case "datetime":
			logical = "timestamp"
		}
		level, identifier := f.classification()
		fmt.Fprintf(&out, "      - {name: %s, logicalType: %s, physicalType: %s, classification: %s", f.name, logical, f.kind, level)
		if identifier != "" {
			fmt.Fprintf(&out, ", customProperties: [{property: hipaaIdentifier, value: %s}]", identifier)
		}
		out.WriteString("}\n")
	}
	return out.String()
}

// hospital is a mesh with one domain.
func hospital(products ...*contract.Contract) *mesh.Definition {
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:  map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{Name: "lab", Account: "lake", Owner: "lab@example.org", Contracts: products}},
	}
}

// The OMOP Common Data Model 5.4 is a product of one stack, with room.
func TestOmop(t *testing.T) {
	fields := omopFields(t)
	omop, err := contract.Parse("omop.odcs.yaml", []byte(omopContract(fields)))
	if err != nil {
		t.Fatal(err)
	}
	columns := 0
	for _, table := range omop.Tables {
		columns += len(table.Columns)
	}
	if len(omop.Tables) != 39 || columns != 432 || len(omop.Warnings) != 0 {
		t.Errorf("%d tables, %d columns, warnings %v", len(omop.Tables), columns, omop.Warnings)
	}
	plan, dir, domain := synthesized(t, hospital(omop))
	asPlanned(t, plan, dir)
	product := templateText(t, dir, "lakeside-dev-lab-product-omop")
	fitsCloudFormation(t, dir)
	t.Logf("OMOP CDM 5.4: %d resources and %d bytes in the product's stack, %d and %d in the domain's",
		resourceCount(t, product), len(product), resourceCount(t, domain), len(domain))
}

// fitsCloudFormation reports templates that are larger than a mesh lets them be.
func fitsCloudFormation(t *testing.T, dir string) {
	t.Helper()
	for name, text := range templates(t, dir) {
		if n := resourceCount(t, text); n > 450 || len(text) > 900_000 {
			t.Errorf("%s has %d resources and %d bytes", name, n, len(text))
		}
	}
}
