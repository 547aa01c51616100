package mesh_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/golden"
)

// clinic is a domain with patients and a number of tables made of them.
func clinic(tables int) *mesh.Definition {
	product := func(name string, zone ontology.Zone, sensitivity ontology.Sensitivity, tables ...contract.Table) *contract.Contract {
		return &contract.Contract{
			APIVersion: "v3.1.0", ID: name, Name: name, Version: "1.0.0", Status: "active", Owner: "lab@example.org",
			Zone: zone, Sensitivity: sensitivity, Tables: tables,
		}
	}
	var targets []contract.Table
	for i := range tables {
		targets = append(targets, contract.Table{
			Name: fmt.Sprintf("patients_%02d", i), Format: contract.FormatIceberg, Deidentify: &contract.Deidentify{From: contract.ParseReference("registry.patient")},
			Columns: []contract.Column{{
				Name: "token", Type: "string", Classification: "deidentified", Sensitivity: ontology.Deidentified, PrimaryKey: 1,
				Derivation: &contract.Derivation{Sources: []string{"patient.mrn"}},
			}},
		})
	}
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages: map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{Name: "lab", Account: "lake", Owner: "lab@example.org", Contracts: []*contract.Contract{
			product("registry", ontology.Curated, ontology.PHI, contract.Table{Name: "patient", Format: contract.FormatIceberg, Columns: []contract.Column{
				{Name: "mrn", Type: "string", Classification: "phi", Sensitivity: ontology.PHI, Identifier: ontology.MedicalRecordNumber},
			}}),
			product("research", ontology.Analytics, ontology.Deidentified, targets...),
		}}},
	}
}

func TestDeidentifyGolden(t *testing.T) {
	d := plan(t, clinic(2), "dev").Domains[0]
	var grants []lf.Grant
	for _, g := range allGrants(d) {
		if g.Principal == d.Deidentify.RoleARN {
			grants = append(grants, g)
		}
	}
	got := struct {
		Job    *mesh.DeidentifyPlan
		Grants []lf.Grant
	}{d.Deidentify, grants}
	golden.Check(t, filepath.Join("testdata", "plan", "deidentify.json"), []byte(written(t, got)))
}

// The keys belong to nobody: no grant but the job's names them, no tag says a domain
// or a product, and no location or database of the lake holds them.
func TestKeysAreApart(t *testing.T) {
	d := plan(t, clinic(1), "dev").Domains[0]
	keys := d.Deidentify.Keys
	for _, g := range allGrants(d) {
		if g.Principal != d.Deidentify.RoleARN && (g.Resource.Database == keys.Database || g.Resource.Location == keys.Location) {
			t.Errorf("%s has %v on %s", g.Principal, g.Permissions, g.Resource.Key())
		}
	}
	for _, a := range allTags(d) {
		if a.Resource.Database != keys.Database {
			continue
		}
		for _, tag := range a.Tags {
			if tag.Key != ontology.Key("lakeside", ontology.TagKeySensitivity) || !slices.Equal(tag.Values, []string{string(ontology.PHI)}) {
				t.Errorf("tagged %v", tag)
			}
		}
	}
	for _, l := range d.Locations {
		if strings.HasPrefix(keys.Location, l.ARN) {
			t.Errorf("%s holds the keys", l.ARN)
		}
	}
	for _, database := range d.Databases {
		if database.Name == keys.Database {
			t.Error("the keys are in a database of the lake")
		}
	}
}

func TestOneJobForAllTablesOfADomain(t *testing.T) {
	if got := len(plan(t, clinic(19), "dev").Domains[0].Deidentify.Statements); got != 20 {
		t.Errorf("%d statements", got)
	}
	_, err := clinic(20).Plan("dev")
	want := "domains[0].products: got 20 tables made by de-identification; expected at most 19 in a domain, as one job makes them all; fix: split the domain"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	plain := clinic(1)
	plain.Domains[0].Contracts = plain.Domains[0].Contracts[:1]
	if plan(t, plain, "dev").Domains[0].Deidentify != nil {
		t.Error("a job without tables")
	}
}
