package stacks_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	opendata "github.com/lakemesh/lakemesh/constructs/opendata/registry"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// reference is a mesh whose domain has open data, and whose researchers read most of it.
func reference(t *testing.T) *mesh.Definition {
	t.Helper()
	var products []*contract.Contract
	for _, id := range []string{"thousandgenomes_dragen", "clinvar", "gnomad", "gtex", "open_targets"} {
		d, _ := opendata.Find(id)
		use := opendata.Use{Location: "s3://reference-copies/" + id + "/"}
		if d.Status == opendata.Open {
			use.Location = ""
		}
		k, err := d.Contract(use)
		if err != nil {
			t.Fatal(err)
		}
		products = append(products, k)
	}
	read := func(product string) mesh.Subscription {
		return mesh.Subscription{
			Consumer: "research", Principals: []string{"researchers"}, Product: "lab." + product, Sensitivity: []string{"public"},
			Purpose: "annotation", Approver: "lab@example.org", Expires: "2030-01-01",
		}
	}
	d := hospital(products...)
	d.Domains = append(d.Domains, mesh.Domain{Name: "research", Account: "lake", Owner: "research@example.org"})
	d.Principals = map[string]string{"researchers": "arn:aws:iam::111111111111:role/Researcher"}
	d.Subscriptions = []mesh.Subscription{read("clinvar"), read("thousandgenomes_dragen"), read("open_targets")}
	return d
}

// Open data sets are products as any others: their readers see every column of them, and who
// is not given one sees nothing of it.
func TestOpenData(t *testing.T) {
	plan, dir := built(t, reference(t), nil)
	asPlanned(t, plan, dir)
	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	matrix := state.Evaluate()
	seen := map[string]int{}
	for _, r := range matrix.Rows {
		if strings.HasSuffix(r.Principal, "role/Researcher") && len(r.Columns) > 0 {
			seen[r.Table] = len(r.Columns)
		}
	}
	for table, columns := range map[string]int{"variant_summary": 34, "var_partby_samples": 41, "var_partby_chrom": 40, "var_nested": 6} {
		if seen[table] != columns {
			t.Errorf("researchers see %d columns of %s, want %d", seen[table], table, columns)
		}
	}
	if seen["sites"] > 0 {
		t.Error("researchers see gnomAD, which nobody gave them")
	}
	notes := strings.Join(matrix.Notes, "\n")
	if !strings.Contains(notes, "open data, whose files everybody may read where they are") || !strings.Contains(notes, "lakeside_lab_curated.target") || strings.Contains(notes, "variant_summary") {
		t.Errorf("notes\n%s", notes)
	}
}
