package stacks_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// ward is a product with Iceberg tables whose names begin with its own, each with columns
// of which every fourth is less sensitive than the others.
func ward(name string, tables int, columns func(table int) int) *contract.Contract {
	product := &contract.Contract{
		APIVersion: "v3.1.0", ID: "id-" + name, Name: name, Version: "1.0.0", Status: "active", Owner: "lab@example.org", Zone: ontology.Curated,
	}
	for i := range tables {
		table := contract.Table{Name: fmt.Sprintf("%s_%03d", name, i), Format: contract.FormatIceberg}
		for j := range columns(i) {
			level := ontology.PHI
			if j%4 == 3 {
				level = ontology.Deidentified
			}
			table.Columns = append(table.Columns, contract.Column{
				Name: fmt.Sprintf("measured_value_%d", j), Type: "double", Classification: string(level), Sensitivity: level,
			})
		}
		product.Tables = append(product.Tables, table)
	}
	return product
}

// A domain of 300 tables and 5,000 columns fits, as products and as one in parts, and is
// deployed as planned.
func TestLargeDomain(t *testing.T) {
	columns := func(i int) int { return 16 + i%3%2 + i%3/2 } // 16, 17, 17: 5,000 in 300 tables
	var products []*contract.Contract
	for i := range 15 {
		products = append(products, ward(fmt.Sprintf("ward_%02d", i), 20, func(j int) int { return columns(20*i + j) }))
	}
	whole := ward("registry", 300, columns)
	whole.Parts = 8
	for _, c := range []struct {
		name     string
		products []*contract.Contract
		stacks   int
	}{{"15 products", products, 15}, {"1 product in parts", []*contract.Contract{whole}, 8}} {
		t.Run(c.name, func(t *testing.T) {
			tables, sum := 0, 0
			for _, p := range c.products {
				for _, table := range p.Tables {
					tables, sum = tables+1, sum+len(table.Columns)
				}
			}
			if tables != 300 || sum != 5000 {
				t.Fatalf("%d tables with %d columns", tables, sum)
			}
			plan, dir, domain := synthesized(t, hospital(c.products...))
			asPlanned(t, plan, dir)
			fitsCloudFormation(t, dir)
			if n := len(plan.Domains[0].Products); n != c.stacks {
				t.Errorf("%d stacks of products", n)
			}
			largest := 0
			for _, p := range plan.Domains[0].Products {
				largest = max(largest, p.Resources())
			}
			t.Logf("at most %d resources in a product's stack, %d in the domain's", largest, resourceCount(t, domain))
		})
	}
}

// A change of one product is a change of one stack, and what stands beside another thing
// does not change with it. Of a product that comes its domain must know, which has the LF-Tag of its products.
func TestChangesTouchOneStack(t *testing.T) {
	base := func() *mesh.Definition {
		parts := ward("registry", 12, func(int) int { return 4 })
		parts.Parts = 4
		d := hospital(ward("ward_a", 2, func(int) int { return 4 }), ward("ward_b", 2, func(int) int { return 4 }), parts)
		d.Principals = map[string]string{"analysts": "arn:aws:iam::111111111111:role/Analyst"}
		d.Domains = append(d.Domains, mesh.Domain{Name: "research", Account: "lake", Owner: "research@example.org"})
		d.Subscriptions = []mesh.Subscription{{
			Consumer: "research", Principals: []string{"analysts"}, Product: "lab.ward_a", Sensitivity: []string{"deidentified"},
			Purpose: "method", Approver: "lab@example.org", Expires: "2030-06-30",
		}}
		return d
	}
	const part = "lakeside-dev-lab-product-registry-part-"
	more := func(name string) contract.Table {
		table := ward("more", 1, func(int) int { return 4 }).Tables[0]
		table.Name = name
		return table
	}
	_, dir, _ := synthesized(t, base())
	before := templates(t, dir)
	for _, c := range []struct {
		name   string
		change func(*mesh.Definition)
		want   []string // stacks that change or come
	}{
		{"a table", func(d *mesh.Definition) {
			d.Domains[0].Contracts[0].Tables = append(d.Domains[0].Contracts[0].Tables, more("ward_a_more"))
		}, []string{"lakeside-dev-lab-product-ward-a"}},
		{"a table of a product in parts", func(d *mesh.Definition) {
			d.Domains[0].Contracts[2].Tables = append(d.Domains[0].Contracts[2].Tables, more("registry_more"))
		}, []string{part + fmt.Sprint(contract.PartOf("registry_more", 4))}},
		{"no table", func(d *mesh.Definition) {
			d.Domains[0].Contracts[1].Tables = d.Domains[0].Contracts[1].Tables[1:]
		}, []string{"lakeside-dev-lab-product-ward-b"}},
		{"a level", func(d *mesh.Definition) {
			column := &d.Domains[0].Contracts[1].Tables[0].Columns[0]
			column.Classification, column.Sensitivity = "internal", ontology.Internal
		}, []string{"lakeside-dev-lab-product-ward-b"}},
		{"a product", func(d *mesh.Definition) {
			d.Domains[0].Contracts = append(d.Domains[0].Contracts, ward("ward_c", 2, func(int) int { return 4 }))
		}, []string{"lakeside-dev-lab", "lakeside-dev-lab-product-ward-c"}},
		{"a neighbour", func(d *mesh.Definition) {
			d.Domains = append(d.Domains, mesh.Domain{Name: "neighbour", Account: "lake", Owner: "n@example.org", Contracts: []*contract.Contract{ward("visits", 1, func(int) int { return 4 })}})
		}, []string{"lakeside-dev-foundation", "lakeside-dev-neighbour", "lakeside-dev-neighbour-product-visits", "lakeside-dev-neighbour-subscriptions"}}, // the foundation has the dashboard of all domains
	} {
		changed := base()
		c.change(changed)
		_, dir, _ := synthesized(t, changed)
		after := templates(t, dir)
		var got []string
		for _, name := range slices.Sorted(maps.Keys(after)) {
			if before[name] != after[name] {
				got = append(got, name)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("with %s changed: %v; expected %v", c.name, got, c.want)
		}
		for name := range before {
			if _, kept := after[name]; !kept {
				t.Errorf("with %s changed, %s is gone", c.name, name)
			}
		}
	}
}

// templates are those in a folder, by the name of their stack.
func templates(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.template.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates (%v)", err)
	}
	out := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // a file this test has just made
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".template.json")] = string(text)
	}
	return out
}
