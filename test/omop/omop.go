package omop

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// Contract is the contract of the whole model, in one product. Its error is one of the
// field list or of the contract, and neither has any.
func Contract() (*contract.Contract, error) {
	list, err := fields()
	if err != nil {
		return nil, err
	}
	return contract.Parse("omop.odcs.yaml", []byte(odcs(list)))
}

// field is a line of the field list of the OMOP Common Data Model.
type field struct{ table, name, kind, refersTo string }

//go:embed omop_cdm_5.4_fields.csv
var published string

// fields are the published field list.
func fields() ([]field, error) {
	lines, err := csv.NewReader(strings.NewReader(published)).ReadAll()
	if err != nil {
		return nil, err
	}
	var out []field
	for _, line := range lines[1:] {
		out = append(out, field{table: line[0], name: line[1], kind: strings.ToLower(line[3]), refersTo: line[5]})
	}
	return out, nil
}

// classification is how sensitive a field is and, of what identifies a patient, the
// identifier of HIPAA. Vocabularies are public; of what is about persons, keys, dates,
// places, texts and the codes of the source system are phi, and the rest deidentified.
func (f field) classification() (level, identifier string) {
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

// odcs writes the field list as a contract of the Open Data Contract Standard.
func odcs(fields []field) string {
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
