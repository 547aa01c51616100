package mesh_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// A limit that is written and empty is an error, wherever a mesh can write one:
// never every row, every column, every value or every reader.
func TestEmptyLimitsAreRefused(t *testing.T) {
	const subscription, fhirStore, top = "subscriptions:\n  - consumer: research\n    ", "domains:\n  - name: clinical\n    fhirStore:\n      ", ""
	for _, limit := range []struct {
		path   string
		before string // of the key in a mesh file
		empty  []string
		set    func(d *mesh.Definition) // the same in Go; nil where Go has no such value
	}{
		{"subscriptions[0].rows", subscription, []string{"", "~", "''", `" "`, ">-", "|", "{}"}, func(d *mesh.Definition) { d.Subscriptions[0].Rows = rowfilter.Raw("") }},
		{"subscriptions[0].rows", subscription, nil, func(d *mesh.Definition) { d.Subscriptions[0].Rows = rowfilter.Raw(" \t\n") }},
		{"subscriptions[0].rows.a", subscription + "rows: {a: []} #", []string{""}, nil},
		{"subscriptions[0].columns", subscription, []string{"", "~", "[]"}, func(d *mesh.Definition) { d.Subscriptions[0].Columns = []string{} }},
		{"subscriptions[0].except", subscription, []string{"", "~", "[]"}, func(d *mesh.Definition) { d.Subscriptions[0].Except = []string{} }},
		{"subscriptions[0].sensitivity", subscription, []string{"", "~", "[]"}, func(d *mesh.Definition) { d.Subscriptions[0].Sensitivity = []string{} }},
		{"subscriptions[0].tags", subscription, []string{"", "~", "{}"}, func(d *mesh.Definition) { d.Subscriptions[0].Tags = map[string][]string{} }},
		{"subscriptions[0].principals", subscription, []string{"", "[]"}, func(d *mesh.Definition) { d.Subscriptions[0].Principals = []string{} }},
		{"subscriptions[0].expires", subscription, []string{"", "''"}, func(d *mesh.Definition) { d.Subscriptions[0].Expires = "" }},
		{"subscriptions[0].purpose", subscription, []string{"", "''"}, func(d *mesh.Definition) { d.Subscriptions[0].Purpose = "" }},
		{"domains[0].fhirStore.readers", fhirStore, []string{"", "~", "[]"}, func(d *mesh.Definition) { d.Domains[0].FhirStore = &mesh.FhirStore{Readers: []string{}} }},
		{"guardrails", top, []string{"", "~", "[]"}, func(d *mesh.Definition) { d.Guardrails = []mesh.GuardrailRule{} }},
	} {
		key := limit.path[strings.LastIndex(limit.path, ".")+1:]
		for _, empty := range limit.empty {
			file := "apiVersion: lakemesh/v1\n" + limit.before + key + ": " + empty + "\n"
			d, err := mesh.LoadFS(fstest.MapFS{"mesh.yaml": {Data: []byte(file)}}, "mesh.yaml")
			if err == nil {
				err = d.Validate()
			}
			refusedOnce(t, file, limit.path, err)
		}
		if limit.set != nil {
			d := small()
			limit.set(d)
			refusedOnce(t, limit.path+" in Go", limit.path, d.Validate())
		}
	}
}

// The values of a tag are a limit of their own.
func TestEmptyValuesOfATagAreRefused(t *testing.T) {
	d := small()
	d.Ontology = map[string][]string{"consent": {"research", "treatment"}}
	d.Subscriptions[0].Tags = map[string][]string{"consent": {}}
	refusedOnce(t, "an empty list of values", "subscriptions[0].tags.consent", d.Validate())
}

func refusedOnce(t *testing.T, what, path string, err error) {
	t.Helper()
	found := 0
	for _, p := range problem.Of(err) {
		if p.Path == path {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%s: got %d problems at %s, want 1:\n%v", what, found, path, err)
	}
}

// What is sound without phi-stays-in-domain is refused with it before anything is planned.
func TestPHIStaysInDomainRefusesSubscriptions(t *testing.T) {
	d := small()
	d.Subscriptions[1].Sensitivity = []string{"phi"}
	d.Guardrails = nil
	if err := d.Validate(); err != nil {
		t.Errorf("it is off: %v", err)
	}
	d.Guardrails = []mesh.GuardrailRule{{Name: mesh.PHIStaysInDomain}}
	if err := d.Validate(); err == nil || !strings.Contains(err.Error(), mesh.PHIStaysInDomain) {
		t.Errorf("it is on: got %v", err)
	}
}

// A guardrail that is always on is no choice, and a mesh that lists it is told so.
func TestGuardrailsThatAreAlwaysOn(t *testing.T) {
	for _, g := range mesh.Guardrails() {
		d := small()
		d.Guardrails = []mesh.GuardrailRule{{Name: g.Name}}
		if g.Name == guardrail.AdministratorsAreKnown {
			d.Guardrails[0].Known = []string{"LakeAdmin"}
		}
		if err := d.Validate(); err != nil {
			t.Errorf("%s: %v", g.Name, err)
		}
		said := strings.Contains(d.Warnings().Err().Error(), `guardrails[0]: got "`+g.Name+`", which is on in every mesh`)
		if said != g.Always {
			t.Errorf("%s: always on is %t, and %t is said", g.Name, g.Always, said)
		}
	}
}

// The products of a domain are the values of one LF-Tag, of which CloudFormation takes 50:
// one of them stands for what is no product. Any number of domains stand in an account.
func TestProductsOfADomainAreCounted(t *testing.T) {
	d := small()
	template := *d.Domains[0].Contracts[0]
	d.Domains[0].Contracts = nil
	for i := range 50 {
		k := template
		k.Name, k.Tables = fmt.Sprintf("visits_%d", i), slices.Clone(template.Tables)
		for j := range k.Tables {
			k.Tables[j].Name = fmt.Sprintf("%s_%d", k.Tables[j].Name, i)
		}
		d.Domains[0].Contracts = append(d.Domains[0].Contracts, &k)
	}
	d.Subscriptions = nil
	if err := d.Validate(); err == nil || !strings.Contains(err.Error(), "got 50 products of domain "+d.Domains[0].Name+"; expected at most 49 products") {
		t.Errorf("got %v", err)
	}
	d.Domains[0].Contracts = d.Domains[0].Contracts[1:]
	plan, err := d.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	if tags := plan.Domains[0].Tags; len(tags) != 1 || tags[0].Key != "river:"+d.Domains[0].Name+".product" || len(tags[0].Values) != 50 || tags[0].Values[0] != ontology.NoProduct {
		t.Errorf("got %v", tags)
	}
}
