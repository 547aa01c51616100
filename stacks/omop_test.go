package stacks_test

import (
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/omop"
)

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
	product, err := omop.Contract()
	if err != nil {
		t.Fatal(err)
	}
	columns := 0
	for _, table := range product.Tables {
		columns += len(table.Columns)
	}
	if len(product.Tables) != 39 || columns != 432 || len(product.Warnings) != 0 {
		t.Errorf("%d tables, %d columns, warnings %v", len(product.Tables), columns, product.Warnings)
	}
	plan, dir, domain := synthesized(t, hospital(product))
	asPlanned(t, plan, dir)
	text := templateText(t, dir, "lakeside-dev-lab-product-omop")
	fitsCloudFormation(t, dir)
	t.Logf("OMOP CDM 5.4: %d resources and %d bytes in the product's stack, %d and %d in the domain's",
		resourceCount(t, text), len(text), resourceCount(t, domain), len(domain))
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
