package stacks_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

func results(columns ...string) *contract.Contract {
	table := contract.Table{Name: "results", Format: contract.FormatIceberg}
	for _, name := range columns {
		table.Columns = append(table.Columns, contract.Column{Name: name, Type: "string", Classification: "phi", Sensitivity: ontology.PHI})
	}
	return &contract.Contract{
		APIVersion: "v3.1.0", ID: "labs", Name: "labs", Version: "1.0.0", Status: "active",
		Owner: "lab@example.org", Zone: ontology.Curated, Tables: []contract.Table{table},
	}
}

// A column that an engine has added to a deployed Iceberg table is not in the
// table's properties, which CloudFormation must not change, and yet whoever reads
// the templates must see who can see it.
func TestFrozenTableIsEvaluatedAsItIs(t *testing.T) {
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages: map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{
			Name: "lab", Account: "lake", Owner: "lab@example.org",
			Contracts: []*contract.Contract{results("record", "loinc")},
			Deployed:  []*contract.Contract{results("record")},
			Applied:   []*contract.Contract{results("record", "loinc")},
		}},
	}
	plan, dir, text := synthesized(t, definition)
	if got := strings.Count(text, `"Name": "loinc"`); got != 0 {
		t.Error("the table's properties changed with the contract")
	}
	rendered, err := access.FromAssembly(dir)
	if err != nil {
		t.Fatal(err)
	}
	diff := access.Diff(access.FromPlan(plan), rendered).Without("arn:aws:iam::111111111111:role/cdk-hnb659fds-cfn-exec-role-111111111111-us-east-1")
	if !diff.Empty() {
		var out bytes.Buffer
		_ = diff.Text(&out)
		t.Errorf("plan and templates differ:\n%s", &out)
	}
}

// synthesized plans and synthesizes a mesh, and returns the plan, the folder of
// the templates and the template of the domain lab.
func synthesized(t *testing.T, definition *mesh.Definition) (plan *mesh.Plan, dir, lab string) {
	t.Helper()
	plan, err := definition.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &dir, Context: &context, AnalyticsReporting: jsii.Bool(false)})
	stacks.Build(app, plan)
	app.Synth(nil)
	text, err := os.ReadFile(filepath.Join(dir, "lakeside-dev-lab.template.json")) //nolint:gosec // a file this test has just made
	if err != nil {
		t.Fatal(err)
	}
	return plan, dir, string(text)
}
