package mesh_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

const placesMesh = `apiVersion: lakemesh/v1
name: river
stages:
  dev: {region: us-east-1, accounts: {main: "111111111111"}}
  prod: {region: us-east-1, accounts: {main: "222222222222"}}
domains:
  - name: clinical
    account: main
    owner: clinical@river.example
    products: [visits.odcs.yaml]
    productNames: {visits.odcs.yaml: visits}
`

const placesContract = `apiVersion: v3.1.0
kind: DataContract
id: visits
name: Visits to the wards
version: 1.0.0
status: active
team:
  members:
    - {username: aide@river.example, role: steward}
    - {username: boss@river.example, role: owner, dateOut: "2030-01-01"}
servers:
  - {server: a, type: s3, environment: dev, location: "s3://dev-bucket/visits", format: parquet}
  - {server: b, type: glue, environment: Prod, account: "222222222222", database: d, location: "s3://prod-bucket/visits/", format: parquet}
schema:
  - name: visits
    properties: [{name: site, logicalType: string, classification: public}]
  `

// TestPlaceOfStage checks that a stage has the place of its environment, that a
// title has a name in the mesh, and who owns the product on a day.
func TestPlaceOfStage(t *testing.T) {
	d, err := mesh.LoadFS(fstest.MapFS{
		"mesh.yaml": &fstest.MapFile{Data: []byte(placesMesh)}, "visits.odcs.yaml": &fstest.MapFile{Data: []byte(placesContract)},
	}, "mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for stage, want := range map[string]string{"dev": "s3://dev-bucket/visits/", "prod": "s3://prod-bucket/visits/"} {
		plan, err := d.PlanAt(stage, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		domain := plan.Domains[0]
		table := domain.Tables()[0]
		if table.Location != want || table.Table.Location != want || table.Table.Locations != nil || table.Product != "visits" {
			t.Errorf("%s: product %s at %s, %s, %v", stage, table.Product, table.Location, table.Table.Location, table.Table.Locations)
		}
		if table.Contract.Owner != "boss@river.example" {
			t.Errorf("the owner is %s", table.Contract.Owner)
		}
		found := false
		for _, l := range domain.Locations {
			found = found || l.ReadOnly && l.ARN == "arn:aws:s3:::"+strings.Trim(want[len("s3:"):], "/")
		}
		if !found {
			t.Errorf("%s registers %v", stage, domain.Locations)
		}
	}
	later, err := d.PlanAt("dev", time.Date(2031, 6, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if owner := later.Domains[0].Tables()[0].Contract.Owner; owner != "aide@river.example" {
		t.Errorf("later the owner is %s", owner)
	}
}

// A place outside the lake may be left to IAM, with a reason, in the stages that have it.
func TestHybridAccess(t *testing.T) {
	text := placesMesh + "    hybridAccess: {s3://dev-bucket/visits: Old jobs read it until 2027-03-31.}\n"
	d, err := mesh.LoadFS(fstest.MapFS{
		"mesh.yaml": &fstest.MapFile{Data: []byte(text)}, "visits.odcs.yaml": &fstest.MapFile{Data: []byte(placesContract)},
	}, "mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for stage, want := range map[string]string{"dev": "Old jobs read it until 2027-03-31.", "prod": ""} {
		plan, err := d.PlanAt(stage, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range plan.Domains[0].Locations {
			if outside := l.Zone == ""; l.HybridAccess != want && outside || l.HybridAccess != "" && !outside {
				t.Errorf("%s: %+v", stage, l)
			}
		}
	}
	if notes := strings.Join(d.Notes(), "\n"); !strings.Contains(notes, "hybridAccess of clinical leaves s3://dev-bucket/visits open to IAM") {
		t.Errorf("notes\n%s", notes)
	}
}
