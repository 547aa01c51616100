package mesh_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// registry is a mesh of one product with tables of two levels.
func registry(tables, columns, parts int) *mesh.Definition {
	product := &contract.Contract{
		APIVersion: "v3.1.0", ID: "1", Name: "big_registry", Version: "1.0.0", Status: "active", Owner: "lab@example.org",
		Zone: ontology.Curated, Parts: parts,
	}
	for i := range tables {
		table := contract.Table{Name: fmt.Sprintf("table_%03d", i), Format: contract.FormatIceberg, Columns: []contract.Column{
			{Name: "record", Type: "string", Classification: "phi", Sensitivity: ontology.PHI},
		}}
		for j := range columns {
			table.Columns = append(table.Columns, contract.Column{
				Name: fmt.Sprintf("c%d", j), Type: "int", Classification: "public", Sensitivity: ontology.Public,
			})
		}
		product.Tables = append(product.Tables, table)
	}
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "big",
		Stages:  map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"a": "111111111111"}}},
		Domains: []mesh.Domain{{Name: "lab", Account: "a", Owner: "lab@example.org", Contracts: []*contract.Contract{product}}},
	}
}

func TestPlanRefusesAStackThatIsTooLarge(t *testing.T) {
	if _, err := registry(1, 400, 0).Plan(""); err != nil {
		t.Errorf("400 columns with tags of their own fit: %v", err)
	}
	for _, c := range []struct {
		tables, columns, parts int
		want                   string
	}{
		{1, 450, 0, "got up to 455 resources and 524 kB in a stack of product big_registry, with 1 tables in 1 parts; " +
			"expected at most 450 resources and 900 kB, as CloudFormation takes 500 and 1 MB; fix: split its largest table"},
		{300, 1, 0, "got up to 1800 resources"},
		{300, 1, 3, "with 300 tables in 3 parts"},
	} {
		_, err := registry(c.tables, c.columns, c.parts).Plan("")
		if err == nil || !strings.Contains(err.Error(), "domains[0].contracts[0].customProperties: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d tables of %d columns in %d parts: got %v; expected %s", c.tables, c.columns, c.parts, err, c.want)
		}
	}
}

// What the plan says about parts is so: with so many it plans, with one less it does not.
func TestPlanSaysHowManyPartsFit(t *testing.T) {
	_, err := registry(300, 1, 0).Plan("")
	if err == nil {
		t.Fatal("1,800 resources are planned into one stack")
	}
	said := regexp.MustCompile(`fix: set the custom property parts of the contract to (\d+): `).FindStringSubmatch(err.Error())
	if said == nil {
		t.Fatalf("no number of parts: %v", err)
	}
	n, _ := strconv.Atoi(said[1])
	if _, err := registry(300, 1, n-1).Plan(""); err == nil {
		t.Errorf("%d parts do, the plan said %d", n-1, n)
	}
	plan, err := registry(300, 1, n).Plan("")
	if err != nil {
		t.Fatal(err)
	}
	products := plan.Domains[0].Products
	if len(products) != n || products[0].StackName != "big-dev-lab-product-big-registry-part-1" || products[0].Part != 1 {
		t.Errorf("%d stacks, the first %s", len(products), products[0].StackName)
	}
	tables := 0
	for _, p := range products {
		tables += len(p.Tables)
		if p.Resources() > 450 || p.Bytes() > 900_000 {
			t.Errorf("%s: %d resources, %d bytes", p.StackName, p.Resources(), p.Bytes())
		}
	}
	if tables != 300 {
		t.Errorf("%d tables", tables)
	}
}

// No table that comes or goes moves another one.
func TestPartsDoNotMove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := registry(rapid.IntRange(2, 40).Draw(t, "tables"), 1, rapid.IntRange(2, contract.MaxParts).Draw(t, "parts"))
		stacks := func() map[string]string {
			out := map[string]string{}
			planned, err := d.Plan("dev")
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range planned.Domains[0].Products {
				for _, table := range p.Tables {
					out[table.Table.Name] = p.StackName
				}
			}
			return out
		}
		before := stacks()
		product := d.Domains[0].Contracts[0]
		gone := rapid.IntRange(0, len(product.Tables)-1).Draw(t, "gone")
		name := product.Tables[gone].Name
		product.Tables = slices.Delete(product.Tables, gone, gone+1)
		for table, stack := range stacks() {
			if before[table] != stack {
				t.Fatalf("without %s, %s moved from %s to %s", name, table, before[table], stack)
			}
		}
	})
}

// The names of parts may not be those of another product.
func TestPartsHaveNamesOfTheirOwn(t *testing.T) {
	d := registry(2, 1, 2)
	other := *d.Domains[0].Contracts[0]
	other.Name, other.Parts = "big_registry_part_2", 0
	other.Tables = []contract.Table{{Name: "other", Columns: other.Tables[0].Columns}}
	d.Domains[0].Contracts = append(d.Domains[0].Contracts, &other)
	if err := d.Validate(); err == nil || !strings.Contains(err.Error(), `got the stack name "big-dev-lab-product-big-registry-part-2", which product big_registry of domain lab has too`) {
		t.Errorf("got %v", err)
	}
}

// The jobs of a product in parts stand in the first, also where that has no tables.
func TestJobsStandInTheFirstPart(t *testing.T) {
	d := ward(made("made", "SELECT mrn FROM {registry.patient}"))
	first := func(parts int) bool {
		return contract.PartOf("made", parts) == 1 || contract.PartOf("patient", parts) == 1
	}
	parts := 2
	for first(parts) {
		parts++
	}
	d.Domains[0].Contracts[0].Parts = parts
	planned := plan(t, d, "dev")
	products := planned.Domains[0].Products
	home := products[0]
	if home.Part != 1 || len(home.Tables) > 0 || home.Materialization == nil || len(home.Grants) != 5 {
		t.Errorf("%d tables and %d grants in part %d", len(home.Tables), len(home.Grants), home.Part)
	}
	for _, p := range products[1:] {
		if p.Materialization != nil || len(p.Tables) == 0 || len(p.Grants) > 0 {
			t.Errorf("part %d has %d tables, %d grants", p.Part, len(p.Tables), len(p.Grants))
		}
	}
	stacks := planned.Stacks()
	place := func(name string) int {
		return slices.IndexFunc(stacks, func(s mesh.StackPlan) bool { return s.Name == name })
	}
	if place(home.StackName) < place(products[len(products)-1].StackName) {
		t.Error("the job comes before the tables that it writes")
	}
}
