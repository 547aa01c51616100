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
	research := productOf(t, d, "research")
	var grants []lf.Grant
	for _, g := range allGrants(d) {
		if g.Principal == d.Keys.Job.RoleARN || g.Principal == research.Deidentify.RoleARN {
			grants = append(grants, g)
		}
	}
	got := struct {
		Keys   *mesh.KeysPlan
		Job    *mesh.JobPlan
		Grants []lf.Grant
	}{d.Keys, research.Deidentify, grants}
	golden.Check(t, filepath.Join("testdata", "plan", "deidentify.json"), []byte(written(t, got)))
}

// productOf is a product of a domain.
func productOf(t *testing.T, d mesh.DomainPlan, name string) mesh.ProductPlan {
	t.Helper()
	i := slices.IndexFunc(d.Products, func(p mesh.ProductPlan) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("no product %s", name)
	}
	return d.Products[i]
}

// The keys belong to nobody: no grant but the jobs' names them, no tag says a domain
// or a product, and no location or database of the lake holds them.
func TestKeysAreApart(t *testing.T) {
	d := plan(t, clinic(1), "dev").Domains[0]
	keys := d.Keys
	jobs := []string{keys.Job.RoleARN, productOf(t, d, "research").Deidentify.RoleARN}
	for _, g := range allGrants(d) {
		if !slices.Contains(jobs, g.Principal) && (g.Resource.Database == keys.Database || g.Resource.Location == keys.Location) {
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

func TestOneJobForAllTablesOfAProduct(t *testing.T) {
	if got := len(productOf(t, plan(t, clinic(20), "dev").Domains[0], "research").Deidentify.Statements); got != 20 {
		t.Errorf("%d statements", got)
	}
	_, err := clinic(21).Plan("dev")
	want := "domains[0].products: got 21 tables of the product research made by de-identification; expected at most 20 in a product, as one job makes them all; fix: split the product"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	plain := clinic(1)
	plain.Domains[0].Contracts = plain.Domains[0].Contracts[:1]
	d := plan(t, plain, "dev").Domains[0]
	if d.Keys != nil || d.KeyParameter != "" || productOf(t, d, "registry").Deidentify != nil {
		t.Error("a job without tables")
	}
}

// What is de-identified further comes after what it is made from, of the same product and of
// another.
func TestDeidentifiedTablesAreMadeInOrder(t *testing.T) {
	d := clinic(2)
	research := d.Domains[0].Contracts[1]
	research.Tables[0].Deidentify.From = contract.ParseReference("research.patients_01")
	research.Tables[0].Columns[0].Derivation = nil
	published := *research
	published.Name, published.ID = "published", "published"
	again := research.Tables[0]
	again.Name, again.Deidentify = "patients", &contract.Deidentify{From: contract.ParseReference("research.patients_00")}
	published.Tables = []contract.Table{again}
	d.Domains[0].Contracts = append(d.Domains[0].Contracts, &published)
	domain := plan(t, d, "dev").Domains[0]
	job := productOf(t, domain, "research").Deidentify
	if job.Statements[0].Table != "patients_01" || !slices.Equal(job.After, []string{domain.Keys.Job.StateMachineARN}) {
		t.Errorf("%s first, after %v", job.Statements[0].Table, job.After)
	}
	later := productOf(t, domain, "published").Deidentify
	if later.Schedule != "cron(20 3 ? * SUN *)" || !slices.Equal(later.After, []string{job.StateMachineARN}) {
		t.Errorf("at %s, after %v", later.Schedule, later.After)
	}

	research.Tables[1].Deidentify.From = contract.ParseReference("published.patients")
	research.Tables[1].Columns[0].Derivation = nil
	_, err := d.Plan("dev")
	want := "a circle: research.patients_00 reads research.patients_01 reads published.patients reads research.patients_00"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	research.Tables[1].Deidentify.From = contract.ParseReference("research.patients_01")
	_, err = d.Plan("dev")
	if err == nil || !strings.Contains(err.Error(), `from: "research.patients_01", the table itself; expected another table`) {
		t.Errorf("got %v", err)
	}
}
