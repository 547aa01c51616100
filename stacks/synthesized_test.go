package stacks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

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
	context := asTheCommandLine()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &dir, Context: &context, AnalyticsReporting: jsii.Bool(false)})
	stacks.Build(app, plan)
	app.Synth(nil)
	return plan, dir, templateText(t, dir, "lakeside-dev-lab")
}

// templateText is the template of a stack that was synthesized into a folder.
func templateText(t *testing.T, dir, stack string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, stack+".template.json")) //nolint:gosec // a file this test has just made
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// dependencies are the stacks that one waits for.
func dependencies(t *testing.T, dir, stack string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json")) //nolint:gosec // a file this test has just made
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Artifacts map[string]struct{ Dependencies []string }
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	return manifest.Artifacts[stack].Dependencies
}

// asPlanned reads the templates back and reports where they differ from the plan: in who
// sees what, and in how many resources each stack has.
func asPlanned(t *testing.T, plan *mesh.Plan, dir string) *access.State {
	t.Helper()
	rendered, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var deployers []string // whom CloudFormation makes what the plan says as; the plan names none
	for _, f := range plan.Foundations {
		deployers = append(deployers, fmt.Sprintf("arn:%s:iam::%[2]s:role/cdk-hnb659fds-cfn-exec-role-%[2]s-%[3]s", mesh.Partition(f.Environment.Region), f.Environment.Account, f.Environment.Region))
	}
	diff := access.Diff(planned.Read(plan), rendered).Without(deployers...)
	if !diff.Empty() {
		var out bytes.Buffer
		_ = render.Difference(&out, diff)
		t.Errorf("plan and templates differ:\n%s", &out)
	}
	sameSubscriptions(t, planned.Read(plan).Evaluate(), rendered.Evaluate())
	mayMeet(t, dir)
	for stack, want := range plannedSizes(plan) {
		text := templateText(t, dir, stack)
		if got := resourceCount(t, text); got != want.resources {
			t.Errorf("%s has %d resources, the plan says %d", stack, got, want.resources)
		}
		// A kilobyte more or less says nothing of whether a stack is too large.
		if got := len(text); want.bytes > 0 && (got > want.bytes || 2*(want.bytes-1_000) > 3*got) {
			t.Errorf("%s has %d bytes, the plan says at most %d, which is to be at most half as much again", stack, got, want.bytes)
		}
	}
	return rendered
}

// sameSubscriptions fails the test where plan and templates say different subscriptions of a row.
func sameSubscriptions(t *testing.T, plan, templates *access.Matrix) {
	t.Helper()
	told := func(m *access.Matrix) map[string]string {
		out := map[string]string{}
		for _, r := range m.Rows {
			if len(r.Subscriptions) > 0 {
				out[r.Principal+" "+r.Account+" "+r.Name()] = fmt.Sprint(r.Subscriptions, r.AlsoOtherwise)
			}
		}
		return out
	}
	if diff := cmp.Diff(told(plan), told(templates)); diff != "" {
		t.Errorf("plan and templates say different subscriptions:\n%s", diff)
	}
}

type size struct {
	resources int
	bytes     int // 0 is not planned
}

// plannedSizes is how large stacks are by the plan.
func plannedSizes(plan *mesh.Plan) map[string]size {
	out := map[string]size{}
	for _, d := range plan.Domains {
		out[d.StackName] = size{resources: d.Resources()}
		for _, p := range d.Products {
			out[p.StackName] = size{p.Resources(), p.Bytes()}
		}
	}
	for _, c := range plan.Consumers {
		out[c.StackName] = size{c.Resources(), c.Bytes()}
	}
	for _, s := range plan.Shares {
		out[s.StackName] = size{s.Resources(), s.Bytes()}
	}
	return out
}

func resourceCount(t *testing.T, text string) int {
	t.Helper()
	var template struct{ Resources map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(text), &template); err != nil {
		t.Fatal(err)
	}
	return len(template.Resources)
}

// asTheCommandLine are the flags of an app as cdk synth sets them: with the path of each
// construct in the templates.
func asTheCommandLine() map[string]any {
	context := flags.Recommended()
	context["aws:cdk:enable-path-metadata"] = true
	return context
}
