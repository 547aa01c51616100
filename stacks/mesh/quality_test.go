package mesh_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// neverEmpty is a rule of a severity.
func neverEmpty(severity string) contract.QualityRule {
	return contract.QualityRule{Metric: "rowCount", Operator: "mustBeGreaterThan", Values: []string{"0"}, Severity: severity}
}

// tested is a mesh of three products: raw data with a rule, what is made from it, and what is
// made from that.
func tested(severity string, change func(d *mesh.Definition)) *mesh.Definition {
	raw := contract.Table{Name: "visit", Format: contract.FormatIceberg, Columns: []contract.Column{{Name: "mrn", Type: "string", Classification: "phi", Sensitivity: ontology.PHI}}, Quality: []contract.QualityRule{neverEmpty(severity)}}
	product := func(name string, tables ...contract.Table) *contract.Contract {
		return &contract.Contract{Name: name, Sensitivity: ontology.PHI, Tables: tables}
	}
	second := made("ward", "SELECT mrn FROM {visits.visit}")
	second.Quality = []contract.QualityRule{neverEmpty(severity), {Type: contract.QualityText, Path: "read me"}}
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "river",
		Stages:  mesh.Stages{"dev": {Region: "us-east-1", Accounts: map[string]string{"main": "111111111111"}}},
		Domains: []mesh.Domain{{Name: "lab", Account: "main", Owner: "lab@example.org", Contracts: []*contract.Contract{product("visits", raw), product("wards", second), product("last", made("end", "SELECT mrn FROM {wards.ward}"))}}},
	}
	if change != nil {
		change(d)
	}
	return d
}

func TestQualityIsPlanned(t *testing.T) {
	domain := plan(t, tested("error", nil), "dev").Domains[0]
	visits, wards, last := productOf(t, domain, "visits"), productOf(t, domain, "wards"), productOf(t, domain, "last")
	if last.Quality != nil || visits.Quality.Rules != 1 || !visits.Quality.Stops || len(visits.Quality.After) > 0 || !slices.Equal(wards.Quality.Text, []string{"read me"}) {
		t.Errorf("%+v", visits.Quality)
	}
	if got := wards.Quality; !slices.Equal(got.After, []string{wards.Materialization.StateMachineARN}) || !slices.Equal(got.Schedules, []string{"cron(17 1 * * ? *)"}) || got.Metric != "river-lab-wards" {
		t.Errorf("%+v", got)
	}
	if !slices.Contains(wards.Materialization.After, visits.Quality.StateMachineARN) || !slices.Contains(last.Materialization.After, wards.Quality.StateMachineARN) {
		t.Errorf("%v, %v", wards.Materialization.After, last.Materialization.After)
	}
	if !slices.Contains(visits.Ready(), visits.Quality.StateMachineARN) || !slices.Contains(wards.Ready(), wards.Quality.StateMachineARN) {
		t.Error(visits.Ready(), wards.Ready())
	}
	results := productOf(t, domain, measure.ResultsProduct)
	if results.Quality != nil || len(results.Tables) != 1 || domain.Evaluator.Location != results.Tables[0].Location || domain.KeyParameter == "" {
		t.Errorf("%+v of %+v", results, domain.Evaluator)
	}
	if !slices.Contains(domain.Jobs(), domain.Evaluator.RoleARN) || !slices.Contains(domain.Files.Zones[ontology.Curated], domain.Evaluator.RoleARN) {
		t.Errorf("%v, %v", domain.Jobs(), domain.Files)
	}
}

// The role of evaluations reads the tables that have rules and writes the results, and no more.
func TestEvaluationsReadWhatHasRules(t *testing.T) {
	domain := plan(t, tested("warning", nil), "dev").Domains[0]
	var got []string
	for _, g := range allGrants(domain) {
		if g.Principal == domain.Evaluator.RoleARN && g.Resource.Table != "" {
			got = append(got, fmt.Sprint(g.Resource.Table, " ", g.Permissions))
		}
	}
	slices.Sort(got)
	want := []string{"quality_results [DESCRIBE INSERT DELETE ALTER]", "quality_results [SELECT]", "visit [SELECT]", "ward [SELECT]"}
	if !slices.Equal(got, want) {
		t.Error(got)
	}
	for _, p := range domain.Products {
		for _, g := range p.Grants {
			if g.Principal == domain.Evaluator.RoleARN && g.Resource.Kind == lf.KindDatabase {
				t.Errorf("%s is granted by the stack of %s, which waits for no other", g.Resource.Database, p.Name)
			}
		}
	}
}

func TestOnlyErrorsStop(t *testing.T) {
	for _, severity := range []string{"warning", "", "info"} {
		domain := plan(t, tested(severity, nil), "dev").Domains[0]
		visits, wards := productOf(t, domain, "visits"), productOf(t, domain, "wards")
		if visits.Quality == nil || visits.Quality.Stops || len(visits.Ready()) > 0 || slices.Contains(wards.Materialization.After, visits.Quality.StateMachineARN) {
			t.Errorf("%q: %+v", severity, visits.Quality)
		}
	}
}

// Without rules that are measured there is nothing.
func TestNoRulesNoEvaluation(t *testing.T) {
	domain := plan(t, tested("", func(d *mesh.Definition) {
		for _, k := range d.Domains[0].Contracts {
			k.Tables[0].Quality = []contract.QualityRule{{Type: contract.QualityText}, {Type: contract.QualityCustom, Engine: "soda", Path: "schema[0].quality[1]"}}
		}
	}), "dev").Domains[0]
	if domain.Evaluator != nil || slices.ContainsFunc(domain.Products, func(p mesh.ProductPlan) bool { return p.Quality != nil || p.Name == measure.ResultsProduct }) {
		t.Errorf("%+v", domain)
	}
}

func TestRulesThatAreNotMeasuredAreNamed(t *testing.T) {
	d := tested("error", func(d *mesh.Definition) {
		table := &d.Domains[0].Contracts[0].Tables[0]
		table.Quality = append(table.Quality, contract.QualityRule{Type: contract.QualityCustom, Engine: "soda", Path: "schema[0].quality[1]"},
			contract.QualityRule{Metric: "rowCount", Operator: "mustBe", Values: []string{"1"}, Schedule: "0 20 * * *", Path: "schema[0].quality[2]"})
	})
	got := d.Warnings().Error()
	for _, want := range []string{`a rule of the tool "soda", which is not run`, "schema[0].quality[2].schedule"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestContractOfResultsInItsPlace(t *testing.T) {
	own := func(change func(k *contract.Contract)) error {
		d := tested("error", func(d *mesh.Definition) {
			k := *measure.ResultsContract()
			k.File = ""
			change(&k)
			d.Domains[0].Contracts = append(d.Domains[0].Contracts, &k)
		})
		_, err := d.Plan("dev")
		return err
	}
	if err := own(func(*contract.Contract) {}); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(k *contract.Contract){
		"the zone raw":                         func(k *contract.Contract) { k.Zone = ontology.Raw },
		"parts":                                func(k *contract.Contract) { k.Parts = 2 },
		`no table "quality_results"`:           func(k *contract.Contract) { k.Tables[0].Name = "others" },
		`no column "passed" of type boolean`:   func(k *contract.Contract) { k.Tables[0].Columns[7].Type = "string" },
		`"quality_results", made otherwise`:    func(k *contract.Contract) { k.Tables[0].Format = contract.FormatParquet },
		"tags of the results of quality rules": nil,
	} {
		var err error
		if change == nil {
			_, err = tested("error", func(d *mesh.Definition) {
				d.Domains[0].Quality = &mesh.Quality{Tags: map[string]string{"a": "b"}}
				d.Domains[0].Contracts = d.Domains[0].Contracts[2:]
			}).Plan("dev")
		} else {
			err = own(change)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %s in %v", want, err)
		}
	}
}

// More rules than a workflow takes are refused.
func TestTooManyRules(t *testing.T) {
	_, err := tested("error", func(d *mesh.Definition) {
		table := &d.Domains[0].Contracts[0].Tables[0]
		for i := range 900 {
			table.Quality = append(table.Quality, contract.QualityRule{Name: fmt.Sprint(i), Type: contract.QualitySQL, Query: "SELECT max(mrn) FROM {object} -- " + strings.Repeat("x", 500), Operator: "mustBe", Values: []string{"1"}})
		}
	}).Plan("dev")
	if err == nil || !strings.Contains(err.Error(), "quality rules of the product visits") {
		t.Error(err)
	}
}
