package mesh_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

func TestPlanRefusesAStackThatIsTooLarge(t *testing.T) {
	wide := func(columns int) *mesh.Definition {
		table := contract.Table{Name: "wide", Format: contract.FormatIceberg, Columns: []contract.Column{
			{Name: "record", Type: "string", Classification: "phi", Sensitivity: ontology.PHI},
		}}
		for i := range columns {
			table.Columns = append(table.Columns, contract.Column{
				Name: fmt.Sprintf("c%d", i), Type: "int", Classification: "public", Sensitivity: ontology.Public,
			})
		}
		return &mesh.Definition{
			APIVersion: mesh.APIVersion, Name: "big",
			Stages: map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"a": "111111111111"}}},
			Domains: []mesh.Domain{{Name: "lab", Account: "a", Owner: "lab@example.org", Contracts: []*contract.Contract{{
				APIVersion: "v3.1.0", ID: "1", Name: "wide", Version: "1.0.0", Status: "active", Owner: "lab@example.org",
				Zone: ontology.Curated, Tables: []contract.Table{table},
			}}}},
		}
	}
	if _, err := wide(400).Plan(""); err != nil {
		t.Errorf("400 columns with tags of their own fit: %v", err)
	}
	_, err := wide(450).Plan("")
	if err == nil || !strings.Contains(err.Error(), "domains[0].products: got 455 resources") {
		t.Errorf("450 columns with tags of their own: got %v; expected a problem that counts the resources", err)
	}
}
