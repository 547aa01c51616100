package mesh_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// keeping is the clinic that keeps rows of a loaded and of a made table for six years, and
// files for ninety days.
func keeping() *mesh.Definition {
	day := contract.Column{Name: "day", Type: "date", Classification: "phi", Sensitivity: "phi"}
	admission := made("admission", "SELECT mrn, day FROM {registry.visit}")
	admission.Columns = append(admission.Columns, day)
	kept := &contract.Retention{Period: contract.Period{Value: 6, Unit: "year"}, Column: "day"}
	admission.Retention = kept
	return ward(admission,
		contract.Table{Name: "visit", Format: contract.FormatIceberg, Columns: []contract.Column{day, {Name: "mrn", Type: "string", Classification: "phi", Sensitivity: "phi"}}, Retention: kept},
		contract.Table{
			Name: "plates", Format: contract.FormatParquet, Columns: []contract.Column{day},
			Retention: &contract.Retention{Period: contract.Period{Value: 90, Unit: "day"}},
		})
}

// A loaded table has a statement of the nightly job, one that is made leaves old rows out
// itself, and files expire.
func TestRowsLeaveWhenTheyAreOlderThanPromised(t *testing.T) {
	domain := plan(t, keeping(), "dev").Domains[0]
	registry := productOf(t, domain, "registry")
	job := registry.Retention
	if job == nil || len(job.Statements) != 1 || job.Statements[0].Table != "visit" || job.Schedule != "cron(30 0 * * ? *)" ||
		!strings.HasPrefix(job.Statements[0].SQL, `DELETE FROM "lakeside_lab_curated"."visit"`) {
		t.Fatalf("%+v", job)
	}
	if sql := registry.Materialization.Statements[0].SQL; !strings.Contains(sql, `("r"."day" IS NULL OR "r"."day" >= date_add('year', -6, current_date))`) {
		t.Errorf("old rows come back by\n%s", sql)
	}
	if len(domain.Expirations) != 1 || domain.Expirations[0] != (mesh.ExpirationPlan{Zone: "curated", Folder: "registry/plates/", Days: 90}) {
		t.Errorf("%+v", domain.Expirations)
	}
	var permissions []lf.Permission
	for _, g := range allGrants(domain) {
		if g.Principal == job.RoleARN && g.Resource.Table == "visit" {
			permissions = append(permissions, g.Permissions...)
		}
		if g.Principal == job.RoleARN && g.Resource.Table == "admission" {
			t.Error("the job reaches a table that it does not delete from")
		}
	}
	if !slices.Contains(permissions, lf.Delete) || !slices.Contains(domain.Jobs(), job.RoleARN) {
		t.Errorf("the job may %v", permissions)
	}
	if slices.Contains(registry.Ready(), job.StateMachineARN) {
		t.Error("who reads the product waits for what deletes from it")
	}
}

// A legal hold stops all of it, and says so to whoever deploys the mesh.
func TestLegalHoldKeepsEverything(t *testing.T) {
	d := keeping()
	d.Domains[0].Contracts[0].LegalHold = "Doe v. Lakeside"
	domain := plan(t, d, "dev").Domains[0]
	registry := productOf(t, domain, "registry")
	if registry.Retention != nil || len(domain.Expirations) > 0 || strings.Contains(registry.Materialization.Statements[0].SQL, "date_add") {
		t.Error("rows leave under a legal hold")
	}
	if notes := d.Notes(); !slices.Contains(notes, "legal hold on product registry of lab, nothing of it is deleted for its age: Doe v. Lakeside") {
		t.Errorf("%q", notes)
	}
}
