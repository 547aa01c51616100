package stacks_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

func results(columns ...string) *contract.Contract {
	table := contract.Table{Name: "results", Format: contract.FormatIceberg}
	for _, name := range columns {
		table.Columns = append(table.Columns, contract.Column{Name: name, Type: "string", Classification: "phi", Sensitivity: ontology.PHI})
	}
	return &contract.Contract{
		APIVersion: "v3.1.0", ID: "labs", Name: "labs", Version: "1.0.0", Status: "active",
		Owner: "lab@example.org", Zone: ontology.Curated, Tables: []contract.Table{table},
	}
}

// A column that an engine has added to a deployed Iceberg table is not in the
// table's properties, which CloudFormation must not change, and yet whoever reads
// the templates must see who can see it.
func TestDeployedTableIsEvaluatedAsItIs(t *testing.T) {
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages: map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{
			Name: "lab", Account: "lake", Owner: "lab@example.org",
			Contracts: []*contract.Contract{results("record", "loinc")},
			Deployed:  []*contract.Contract{results("record")},
			Applied:   []*contract.Contract{results("record", "loinc")},
		}},
	}
	plan, dir, text := synthesized(t, definition)
	if got := strings.Count(text, `"Name": "loinc"`); got != 0 {
		t.Error("the table's properties changed with the contract")
	}
	asPlanned(t, plan, dir)
}
