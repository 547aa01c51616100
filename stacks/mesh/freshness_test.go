package mesh_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// promising is the clinic whose registry has a table of each kind and promises new data
// every day, of at most 40 hours.
func promising() *mesh.Definition {
	d := ward(
		made("admission", "SELECT mrn FROM {registry.patient}"),
		contract.Table{Name: "plates", Format: contract.FormatParquet, Columns: []contract.Column{{Name: "mrn", Type: "string", Classification: "phi", Sensitivity: "phi"}}},
		contract.Table{Name: "reference", Format: contract.FormatParquet, Location: "s3://published-elsewhere/reference/", Columns: []contract.Column{{Name: "mrn", Type: "string", Classification: "phi", Sensitivity: "phi"}}},
	)
	d.Domains[0].Contracts[0].SLA = contract.SLA{Freshness: contract.Period{Value: 40, Unit: "hour"}, Frequency: contract.Period{Value: 1, Unit: "day"}}
	return d
}

// Each table is watched in the way that reads no data, and the stricter promise counts:
// a day, and a quarter of one more for the job.
func TestPromisesOfAgeAreWatched(t *testing.T) {
	domain := plan(t, promising(), "dev").Domains[0]
	got := domain.Freshness
	if got == nil || len(got.Products) != 1 {
		t.Fatalf("%+v", got)
	}
	p := got.Products[0]
	if p.Product != "registry" || p.Minutes != 1800 ||
		!slices.Equal(p.StateMachineARNs, []string{productOf(t, domain, "registry").Materialization.StateMachineARN}) ||
		len(p.Tables) != 1 || p.Tables[0].Table != "patient" || len(p.Folders) != 1 || !strings.HasSuffix(p.Folders[0].URI(), "/registry/plates/") {
		t.Errorf("%+v", p)
	}
	for _, g := range allGrants(domain) {
		if g.Principal == got.RoleARN && g.Resource.Table != "" && g.Resource.Table != "patient" {
			t.Errorf("the workflow reads %s", g.Resource.Table)
		}
	}
	if !slices.Contains(domain.Jobs(), got.RoleARN) {
		t.Error("the workflow is no job of the domain")
	}
	if plan(t, ward(), "dev").Domains[0].Freshness != nil {
		t.Error("a workflow that nobody asked for")
	}
}

// What nothing can watch is named, and of the rest nothing.
func TestUnwatchedPromisesAreNamed(t *testing.T) {
	warned := func(d *mesh.Definition) (out []string) {
		for _, w := range d.Warnings() {
			if strings.Contains(w.Got, "how old the newest data is") {
				out = append(out, w.Path+": "+w.Got)
			}
		}
		return out
	}
	got := warned(promising())
	if len(got) != 1 || !strings.Contains(got[0], "contracts[0].tables[3]: a promise of how old the newest data is, for a table outside the lake") {
		t.Errorf("%q", got)
	}
	if got := warned(ward(made("admission", "SELECT mrn FROM {registry.patient}"))); len(got) != 0 {
		t.Errorf("%q", got)
	}
}
