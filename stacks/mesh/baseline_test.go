package mesh_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

const labsFile = `apiVersion: v3.1.0
kind: DataContract
id: labs
name: labs
version: 1.0.0
status: active
schema:
  - name: results
    properties:
      - {name: record, logicalType: string, classification: phi}
`

const added = "      - {name: loinc, logicalType: string, classification: public}\n"

// lab is a mesh with one contract and its earlier copies.
func lab(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{"mesh.yaml": {Data: []byte(`apiVersion: lakemesh/v1
name: river
stages:
  dev: {region: us-east-1, accounts: {main: "111111111111"}}
domains:
  - {name: lab, account: main, owner: lab@river.example, products: [contracts/*.odcs.yaml]}
`)}}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestRowsOfAViewAreRefused(t *testing.T) {
	view := labsFile + "  - name: recent\n    physicalType: view\n    properties:\n      - {name: loinc, logicalType: string, classification: public}\n" +
		"    customProperties:\n      - {property: sql, value: \"SELECT loinc FROM results\"}\n"
	files := lab(map[string]string{"contracts/labs.odcs.yaml": strings.Replace(view, "      - {name: record", added+"      - {name: record", 1)})
	files["mesh.yaml"].Data = append(files["mesh.yaml"].Data, []byte(`  - {name: research, account: main, owner: research@river.example}
subscriptions:
  - consumer: research
    principals: [research-pipeline]
    product: lab.labs
    rows: loinc = '4548-4'
    purpose: counts
    approver: privacy@river.example
    expires: 2030-06-30
`)...)
	d, err := mesh.LoadFS(files, "mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Validate(); err == nil || !strings.Contains(err.Error(), "a row filter on the view recent") {
		t.Errorf("got %v; expected a problem with the view", err)
	}
}

func TestDeployedTables(t *testing.T) {
	const current, deployed, applied = "contracts/labs.odcs.yaml", "contracts/deployed/labs.odcs.yaml", "contracts/applied/labs.odcs.yaml"
	for _, c := range []struct {
		name     string
		files    map[string]string
		problem  string
		deployed int // columns of the table that the template keeps showing
	}{
		{"new", map[string]string{current: labsFile}, "", 0},
		{"unchanged", map[string]string{current: labsFile, deployed: labsFile}, "", 1},
		{"changed", map[string]string{current: labsFile + added, deployed: labsFile}, "ADD COLUMNS", 0},
		{"applied", map[string]string{current: labsFile + added, deployed: labsFile, applied: labsFile + added}, "", 1},
		{"broken copy", map[string]string{current: labsFile, deployed: "kind: x\n"}, "contracts/deployed/labs.odcs.yaml:", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := mesh.LoadFS(lab(c.files), "mesh.yaml")
			if err == nil {
				err = d.Validate()
			}
			if c.problem != "" {
				if err == nil || !strings.Contains(err.Error(), c.problem) {
					t.Fatalf("got %v; expected a problem with %q", err, c.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			plan, err := d.Plan("dev")
			if err != nil {
				t.Fatal(err)
			}
			table := plan.Domains[0].Tables()[0]
			switch {
			case c.deployed == 0 && table.Deployed != nil:
				t.Errorf("a new table has a deployed form: %v", table.Deployed)
			case c.deployed > 0 && (table.Deployed == nil || len(table.Deployed.Columns) != c.deployed):
				t.Errorf("deployed: %v; expected %d columns", table.Deployed, c.deployed)
			}
		})
	}
}
