package mesh_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// viewed is a mesh whose analysts subscribe to a view of SQL that stands in a product of
// its own, and where listed to the table below.
func viewed(sql string, below ...mesh.Subscription) *mesh.Definition {
	d := small()
	d.Domains[0].Contracts = append(d.Domains[0].Contracts, &contract.Contract{
		APIVersion: "v3.1.0", ID: "view", Name: "stays", Version: "1.0.0", Status: "active", Owner: "clinical@river.example", Zone: ontology.Analytics,
		Tables: []contract.Table{{
			Name: "stays", View: &contract.View{SQL: sql},
			Columns: []contract.Column{{Name: "study_id", Type: "string", Classification: "public", Sensitivity: ontology.Public}},
		}},
	})
	d.Subscriptions = slices.Concat(below, []mesh.Subscription{{
		Consumer: "research", Principals: []string{"analysts"}, Product: "clinical.stays",
		Purpose: "stays", Approver: "clinical@river.example", Expires: "2030-06-30",
	}})
	return d
}

// Athena runs a view with the rights of whoever queries it: who does not read the tables
// below sees nothing, and who is held to some of their rows must not see all of them.
func TestViewsAreShownToWhoReadsTheTablesBelow(t *testing.T) {
	all := mesh.Subscription{
		Consumer: "research", Principals: []string{"analysts"}, Product: "clinical.patient_deid", Sensitivity: []string{"deidentified", "public"},
		Purpose: "heart-failure cohort", Approver: "clinical@river.example", Expires: "2030-06-30",
	}
	some, others := all, all
	some.Rows = rowfilter.Raw("study_id = 'NCT0456'")
	others.Principals = []string{"research-pipeline"}
	const table = "river_clinical_analytics.patients"
	for name, test := range map[string]struct {
		definition *mesh.Definition
		want       string
	}{
		"reads it":            {viewed("SELECT study_id FROM patients", all), ""},
		"reads it, by name":   {viewed("SELECT study_id FROM "+table, all), ""},
		"does not":            {viewed("SELECT study_id FROM patients"), "clinical.stays, whose view stays reads " + table + ", which is not read by analysts"},
		"others do":           {viewed("SELECT study_id FROM "+table, others), "which is not read by analysts"},
		"reads some rows":     {viewed("SELECT study_id FROM patients", some), "of which analysts sees some rows or columns"},
		"no product's table":  {viewed("SELECT study_id FROM elsewhere.visits", all), "reads elsewhere.visits, which no product of the mesh has"},
		"reads what it makes": {viewed("WITH p AS (SELECT study_id FROM patients) SELECT study_id FROM p", all), ""},
	} {
		err := test.definition.Validate()
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v; expected %q", name, err, test.want)
		}
	}
}
