package stacks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// A program that imports the stacks grants a product of a domain, and those who
// read the templates see what the reader sees: its public column and no other.
func TestProductOfADomainIsGranted(t *testing.T) {
	labs := results("record")
	labs.Tables[0].Columns = append(labs.Tables[0].Columns, contract.Column{Name: "loinc", Type: "string", Classification: "public", Sensitivity: ontology.Public})
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:  map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{Name: "lab", Account: "lake", Owner: "lab@example.org", Contracts: []*contract.Contract{labs}}},
	}
	plan, err := definition.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &dir, Context: &context, AnalyticsReporting: jsii.Bool(false)})
	built := stacks.Build(app, plan)
	lab, labsStack := built.Domains[0], built.Products[0]
	const visitor = "arn:aws:iam::111111111111:role/Visitor"
	made := lab.Product("labs").GrantRead(governance.PrincipalOf(visitor), nil)
	if len(made.Cfn()) != 2 || !slices.Contains(labsStack.Permissions().Grants(), made.Cfn()[0]) {
		t.Errorf("%d grants, or not in the Permissions of the product", len(made.Cfn()))
	}
	app.Synth(nil)

	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, r := range state.Evaluate().Rows {
		for _, cells := range r.Columns {
			if r.Principal == visitor {
				seen = append(seen, cells.Name)
			}
		}
	}
	if got := strings.Join(seen, " "); got != "loinc" {
		t.Errorf("the visitor sees %q, want loinc", got)
	}
}

func TestProductThatADomainDoesNotPublish(t *testing.T) {
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:  map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{Name: "lab", Account: "lake", Owner: "lab@example.org", Contracts: []*contract.Contract{results("record")}}},
	}
	plan, err := definition.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	context := flags.Recommended()
	lab := stacks.Build(awscdk.NewApp(&awscdk.AppProps{Context: &context}), plan).Domains[0]
	defer func() {
		if got, want := fmt.Sprint(recover()), `lakeside-dev-lab: no product "lab"; expected one of ["labs"]`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}()
	lab.Product("lab")
}
