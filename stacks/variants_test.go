package stacks_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/variants/schema"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// The load stands in a stack of its own, its tables in that of the product: only names go from
// one to the other, and the key's parameter. Who may do what is as planned.
func TestVariantsOfADomain(t *testing.T) {
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:     map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Principals: map[string]string{"geneticists": "arn:aws:iam::111111111111:role/Geneticist"},
		Domains: []mesh.Domain{
			{Name: "genomics", Account: "lake", Owner: "genomics@example.org", Variants: &mesh.Variants{}, Contracts: []*contract.Contract{schema.Contract()}},
			{Name: "clinic", Account: "lake", Owner: "clinic@example.org"},
		},
		Subscriptions: []mesh.Subscription{{
			Consumer: "clinic", Principals: []string{"geneticists"}, Product: "genomics.variants", Sensitivity: []string{"public", "internal", "deidentified", "phi"},
			Purpose: "diagnosis", Approver: "genomics@example.org", Expires: "2030-01-01",
		}},
	}
	plan, dir := built(t, definition, func(_ awscdk.App, made *stacks.Mesh) {
		if s := made.Variants[0]; len(made.Variants) != 1 || s.Lake() == nil || len(s.Permissions().Grants()) != 9 {
			t.Error("the accessors do not give what was made")
		}
	})
	text := templateText(t, dir, "lakeside-dev-genomics-variants")
	if strings.Contains(text, `"Outputs"`) || strings.Contains(text, "Fn::ImportValue") {
		t.Error("the stack imports or exports")
	}
	var template struct {
		Resources map[string]struct{ Type string }
	}
	if err := json.Unmarshal([]byte(text), &template); err != nil {
		t.Fatal(err)
	}
	types := map[string]int{}
	for _, r := range template.Resources {
		types[r.Type]++
	}
	if types["AWS::EMRServerless::Application"] != 1 || types["AWS::Glue::Table"] != 1 || types["AWS::Lambda::Function"] != 0 || len(template.Resources) > 60 {
		t.Errorf("%d resources, %v", len(template.Resources), types)
	}
	for stack, part := range map[string]string{
		"lakeside-dev-foundation": `"AllowFullTableExternalDataAccess":true`, "lakeside-dev-genomics": `"emr-serverless.amazonaws.com"`,
		"lakeside-dev-genomics-product-variants": `"truncate[10000000]"`,
	} {
		if got := strings.ReplaceAll(templateText(t, dir, stack), `": `, `":`); !strings.Contains(got, part) {
			t.Errorf("%s has no %s", stack, part)
		}
	}
	asPlanned(t, plan, dir)

	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	evaluation := state.Evaluate()
	for _, r := range evaluation.Rows {
		if r.Table == "erased" && strings.HasSuffix(r.Principal, "/Geneticist") {
			t.Error("who reads every column of the product sees who was erased")
		}
	}
	if notes := strings.Join(evaluation.Notes, "\n"); !strings.Contains(notes, "Lake Formation lends credentials for whole tables") {
		t.Errorf("nothing says what the settings allow: %s", notes)
	}
}
