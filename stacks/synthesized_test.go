package stacks_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/access/render"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

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

// asPlanned reads the templates back and reports where they differ from the plan.
func asPlanned(t *testing.T, plan *mesh.Plan, dir string) *access.State {
	t.Helper()
	rendered, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	diff := access.Diff(planned.Read(plan), rendered).Without("arn:aws:iam::111111111111:role/cdk-hnb659fds-cfn-exec-role-111111111111-us-east-1")
	if !diff.Empty() {
		var out bytes.Buffer
		_ = render.Difference(&out, diff)
		t.Errorf("plan and templates differ:\n%s", &out)
	}
	return rendered
}
