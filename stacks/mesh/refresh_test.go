package mesh_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/golden"
)

// made is a table of one column that a query makes.
func made(name, query string) contract.Table {
	return contract.Table{Name: name, Format: contract.FormatIceberg, TransformLogic: query, Columns: []contract.Column{
		{Name: "mrn", Type: "string", Classification: "phi", Sensitivity: ontology.PHI, PrimaryKey: 1},
	}}
}

// ward is the clinic with tables in its registry.
func ward(tables ...contract.Table) *mesh.Definition {
	d := clinic(0)
	d.Domains[0].Contracts = d.Domains[0].Contracts[:1]
	d.Domains[0].Contracts[0].Tables = append(d.Domains[0].Contracts[0].Tables, tables...)
	return d
}

func TestRefreshGolden(t *testing.T) {
	d := ward(made("admission", "SELECT p.mrn FROM {registry.patient} AS p JOIN {fhirStore.encounter} AS e ON e.id = p.mrn"))
	d.Domains[0].FhirStore = &mesh.FhirStore{}
	p := plan(t, d, "dev")
	domain := p.Domains[0]
	job := productOf(t, domain, "registry").Materialization
	var grants []lf.Grant
	for _, g := range allGrants(domain) {
		if g.Principal == job.RoleARN {
			grants = append(grants, g)
		}
	}
	got := struct {
		Job     *mesh.JobPlan
		Grants  []lf.Grant
		Readers []mesh.PrincipalPlan
	}{job, grants, p.FhirStores[0].Readers}
	golden.Check(t, filepath.Join("testdata", "plan", "refresh.json"), []byte(written(t, got)))
	if p.FhirStores[0].AccessRole == "" || !slices.Contains(domain.Jobs(), job.RoleARN) {
		t.Errorf("the job is not let in: %+v", p.FhirStores[0])
	}
}

// Tables are made after those they read, whatever their names are.
func TestTablesAreMadeInOrder(t *testing.T) {
	d := ward(made("c", "SELECT * FROM {registry.patient}"), made("a", "SELECT * FROM {registry.b}"), made("b", "SELECT * FROM {registry.c}"), made("d", "SELECT * FROM {registry.a}"))
	var got []string
	for _, s := range productOf(t, plan(t, d, "dev").Domains[0], "registry").Materialization.Statements {
		got = append(got, s.Table)
	}
	if fmt.Sprint(got) != "[c b a d]" {
		t.Errorf("made in the order %v", got)
	}
	if productOf(t, plan(t, ward(), "dev").Domains[0], "registry").Materialization != nil {
		t.Error("a job without tables")
	}
}

func TestRefreshTakesNoMoreThanAJob(t *testing.T) {
	var many []contract.Table
	for i := range 21 {
		many = append(many, made(fmt.Sprintf("t%02d", i), "SELECT mrn FROM {registry.patient} -- "+strings.Repeat("x", 20_000)))
	}
	_, err := ward(many...).Plan("dev")
	for _, want := range []string{
		"domains[0].products: got 21 tables of the product registry made by queries; expected at most 20 in a product, as one job makes them all",
		"expected at most 400000 in a product, as they stand in one workflow; fix: split the product",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

// The job runs every day; who promises more is told.
func TestWarnsOfPromisesTheJobCannotKeep(t *testing.T) {
	d := ward(made("a", "SELECT mrn FROM {registry.patient}"))
	for _, c := range []struct {
		every contract.Period
		warns bool
	}{
		{contract.Period{}, false},
		{contract.Period{Value: 1, Unit: "day"}, false},
		{contract.Period{Value: 1, Unit: "hour"}, true},
		{contract.Period{Value: 24, Unit: "hour"}, false},
	} {
		d.Domains[0].Contracts[0].SLA.Frequency = c.every
		if got := strings.Contains(d.WarningsAt(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).Error(), "a table that is made every day"); got != c.warns {
			t.Errorf("%v: warned %v", c.every, got)
		}
	}
}

// A misspelt resource type is told before Athena is asked for it.
func TestResourceTypesAreKnown(t *testing.T) {
	d := ward(made("a", "SELECT mrn FROM {fhirStore.researchsubjects}"))
	d.Domains[0].FhirStore = &mesh.FhirStore{}
	_, err := d.Plan("dev")
	want := "domains[0].contracts[0].tables[1].sql: got {fhirStore.researchsubjects}; expected a resource type of FHIR R4 in lower case, " +
		"such as {fhirStore.patient}; fix: correct it (did you mean \"researchsubject\"?)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// A job is granted the tables that its statements name, not those below a view.
func TestJobsReadNoViews(t *testing.T) {
	d := clinic(1)
	d.Domains[0].Contracts[1].Tables[0].Deidentify.From = contract.ParseReference("registry.known")
	registry := d.Domains[0].Contracts[0]
	view := made("known", "")
	view.Format, view.View = "", &contract.View{SQL: "SELECT mrn FROM lakeside_lab_curated.patient"}
	view.Columns[0].PrimaryKey = 0
	registry.Tables = append(registry.Tables, view, made("copy", "SELECT mrn FROM {registry.known}"))
	_, err := d.Plan("dev")
	for _, want := range []string{
		"domains[0].contracts[0].tables[2].sql: got {registry.known}, a view; expected a table; fix: name the tables below it",
		`domains[0].contracts[1].tables[0].deidentify: got from: "registry.known", a view; expected a table; fix: name the tables below it`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

// products are contracts with one table each, made by a query.
func products(queries ...[2]string) *mesh.Definition {
	d := ward()
	for _, q := range queries {
		d.Domains[0].Contracts = append(d.Domains[0].Contracts, &contract.Contract{
			APIVersion: "v3.1.0", ID: q[0], Name: q[0], Version: "1.0.0", Status: "active", Owner: "lab@example.org", Zone: ontology.Curated,
			Tables: []contract.Table{made("t_"+q[0], q[1])},
		})
	}
	return d
}

// The job of a product comes after those of the products that it reads, five minutes later for
// each of the longest chain, and looks only at those that make what it reads. Its stack comes
// after theirs, and stacks with jobs one after another.
func TestJobsComeAfterThoseTheyRead(t *testing.T) {
	d := plan(t, products(
		[2]string{"a", "SELECT * FROM {c.t_c} JOIN {b.t_b} ON true"}, [2]string{"b", "SELECT * FROM {c.t_c} JOIN {registry.patient} ON true"},
		[2]string{"c", "SELECT * FROM {registry.patient}"}, [2]string{"d", "SELECT * FROM {registry.patient}"},
	), "dev").Domains[0]
	arn := func(product string) string { return productOf(t, d, product).Materialization.StateMachineARN }
	for _, c := range []struct {
		product, schedule string
		after, before     []string
	}{
		{"a", "cron(25 1 * * ? *)", []string{arn("b"), arn("c")}, []string{"b", "c"}},
		{"b", "cron(20 1 * * ? *)", []string{arn("c")}, []string{"c", "registry"}},
		{"c", "cron(15 1 * * ? *)", nil, []string{"registry"}},
		{"d", "cron(15 1 * * ? *)", nil, []string{"a", "registry"}},
	} {
		p := productOf(t, d, c.product)
		if p.Materialization.Schedule != c.schedule || !slices.Equal(p.Materialization.After, c.after) || !slices.Equal(d.Before(&p), c.before) {
			t.Errorf("%s: at %s, after %v, the stacks %v come before", c.product, p.Materialization.Schedule, p.Materialization.After, d.Before(&p))
		}
	}
	if p := productOf(t, d, "a"); p.Materialization.Role != "lakeside-lab-a-refresh-us-east-1" || p.Materialization.StateMachine != p.Materialization.Role || p.Materialization.WorkGroup != "lakeside-lab.job.a.refresh" {
		t.Errorf("called %+v", p.Materialization)
	}
}

// Names that AWS does not take in full are cut, and differ all the same.
func TestLongNamesOfJobsAreCut(t *testing.T) {
	long := strings.Repeat("x", 80)
	d := plan(t, products([2]string{long + "1", "SELECT * FROM {registry.patient}"}, [2]string{long + "2", "SELECT * FROM {registry.patient}"}), "dev").Domains[0]
	one, two := productOf(t, d, long+"1").Materialization, productOf(t, d, long+"2").Materialization
	if len(one.Role) != 64 || len(one.StateMachine) != 80 || one.Role == two.Role || one.StateMachine == two.StateMachine || !strings.HasPrefix(one.Role, "lakeside-lab-xxx") {
		t.Errorf("%s, %s; %s, %s", one.Role, one.StateMachine, two.Role, two.StateMachine)
	}
}

// Products are stacks, and one of two comes first, also where no table leads back to itself.
func TestProductsInACircle(t *testing.T) {
	d := products([2]string{"a", "SELECT * FROM {b.t_b}"}, [2]string{"b", "SELECT * FROM {registry.patient}"})
	d.Domains[0].Contracts[2].Tables = append(d.Domains[0].Contracts[2].Tables, made("late", "SELECT * FROM {a.t_a}"))
	_, err := d.Plan("dev")
	want := "domains[0].contracts[1].tables[0].sql: got a circle of products: a.t_a reads b.t_b, b.late reads a.t_a; " +
		"expected products whose jobs can run one after another; fix: put these tables into one product, or one of them into a product of its own"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
