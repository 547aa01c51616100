package mesh_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

const openDataMesh = `apiVersion: lakemesh/v1
name: lakeside
stages:
  dev: {region: us-east-1, accounts: {lake: "111111111111"}}
  near: {region: eu-west-1, accounts: {lake: "111111111111"}}
ontology: {consent: [not-required, research]}
domains:
  - name: reference
    account: lake
    owner: reference@example.org
    openData:
      - dataset: clinvar
        location: s3://reference-copies/clinvar/
        tags: {consent: not-required}
      - dataset: thousandgenomes_dragen
        location: s3://reference-copies/1kg
        tags: {consent: not-required}
      - dataset: open_targets
        tables: [target, disease]
        tags: {consent: not-required}
`

func loadOpenData(t *testing.T, text string) (*mesh.Definition, error) {
	t.Helper()
	return mesh.LoadFS(fstest.MapFS{"mesh.yaml": {Data: []byte(text)}}, "mesh.yaml")
}

// Open data sets are products of their domain, read only and registered as one place each.
func TestOpenDataIsPlanned(t *testing.T) {
	d, err := loadOpenData(t, openDataMesh)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := d.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	domain := plan.Domains[0]
	var products, places []string
	for _, p := range domain.Products {
		products = append(products, p.Name)
		for _, table := range p.Tables {
			if !strings.HasPrefix(table.Location, "s3://reference-copies/") && !strings.HasPrefix(table.Location, "s3://open-targets-public-data-releases/platform/25.12/output/") {
				t.Errorf("%s is at %s", table.Table.Name, table.Location)
			}
		}
		if p.OptimizerARN != "" || p.Materialization != nil {
			t.Errorf("something writes to %s", p.Name)
		}
	}
	for _, l := range domain.Locations {
		if l.ReadOnly {
			places = append(places, l.ARN)
		}
	}
	if want := []string{"clinvar", "open_targets", "thousandgenomes_dragen"}; !slices.Equal(products, want) {
		t.Errorf("products %v, want %v", products, want)
	}
	want := []string{
		"arn:aws:s3:::open-targets-public-data-releases/platform/25.12/output",
		"arn:aws:s3:::reference-copies/1kg", "arn:aws:s3:::reference-copies/clinvar",
	}
	for i := range places {
		places[i] = strings.TrimSuffix(places[i], "/")
	}
	if !slices.Equal(places, want) {
		t.Errorf("registered to be read are %v, want %v", places, want)
	}
}

// A stage that reads open data from another region is told so; a copy is where it is.
func TestFarOpenDataIsNoted(t *testing.T) {
	d, err := loadOpenData(t, openDataMesh)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range d.Warnings() {
		got = append(got, w.Path+": "+w.Got)
	}
	if want := []string{"domains[0].openData[2].dataset: open_targets in eu-west-1, read from us-east-1 in the stage dev"}; !slices.Equal(got, want) {
		t.Errorf("warned of %q, want %q", got, want)
	}
}

// Every data set with tables fits into a stack.
func TestAllOpenDataFits(t *testing.T) {
	text := openDataMesh
	for _, id := range []string{"gnomad", "gtex", "chembl", "binding_db"} {
		text += "      - {dataset: " + id + ", location: s3://reference-copies/" + id + "/, tags: {consent: not-required}}\n"
	}
	d, err := loadOpenData(t, text)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := d.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	for _, p := range plan.Domains[0].Products {
		tables += len(p.Tables)
	}
	if tables != 119 || len(plan.Domains[0].Products) != 7 {
		t.Errorf("%d tables of %d products", tables, len(plan.Domains[0].Products))
	}
}

// Nothing is read across partitions.
func TestOpenDataOfAnotherPartition(t *testing.T) {
	d, err := loadOpenData(t, strings.Replace(openDataMesh, "region: us-east-1", "region: us-gov-west-1", 1))
	if err != nil {
		t.Fatal(err)
	}
	found := problem.Of(d.Validate())
	if len(found) != 1 || found[0].Path != "domains[0].openData[2].location" || found[0].Got != "nothing, with open_targets in the partition aws and the stage dev in aws-us-gov" {
		t.Errorf("found %v", found)
	}
}
