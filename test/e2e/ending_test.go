package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/deploy"
)

// end runs the workflows of a plan that end access: of all who read, then of all who share.
// They are asked for subscriptions by name, or for nothing as the schedule does.
func (l *life) end(t *testing.T, plan *mesh.Plan, names ...string) {
	t.Helper()
	run := func(env mesh.Environment, e *mesh.EndingPlan) {
		if e == nil {
			return
		}
		known := func(name string) bool {
			return slices.ContainsFunc(e.Subscriptions, func(s mesh.EndingSubscription) bool { return s.Name == name })
		}
		asked := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !known(name) })
		l.endIn(t, env, e.StateMachine, asked)
	}
	for _, c := range plan.Consumers {
		run(c.Environment, c.Ending)
	}
	for _, s := range plan.Shares {
		run(s.Environment, s.Ending)
	}
}

func (l *life) endIn(t *testing.T, env mesh.Environment, machine string, asked []string) {
	t.Helper()
	cfg, err := deploy.Config(t.Context(), l.app.Server, env)
	l.must(t, err)
	client := sfn.NewFromConfig(cfg)
	input, err := json.Marshal(map[string]any{"subscriptions": asked})
	l.must(t, err)
	started, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{
		StateMachineArn: aws.String("arn:aws:states:" + env.Region + ":" + env.Account + ":stateMachine:" + machine), Input: aws.String(string(input)),
	})
	l.must(t, err)
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		shown, err := client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
		l.must(t, err)
		if shown.Status == types.ExecutionStatusSucceeded {
			return
		}
		if shown.Status != types.ExecutionStatusRunning || time.Now().After(deadline) {
			t.Fatalf("%s: %s %s %s", machine, shown.Status, aws.ToString(shown.Error), aws.ToString(shown.Cause))
		}
	}
}

// granted are the grants in every environment of a plan, sorted.
func (l *life) granted(t *testing.T, plan *mesh.Plan) []string {
	t.Helper()
	state, err := deploy.ReadBack(t.Context(), l.app.Server, plan)
	l.must(t, err)
	var out []string
	for _, f := range plan.Foundations {
		for _, g := range state.Catalog(f.Environment.Account, f.Environment.Region).Grants {
			text, err := json.Marshal(g)
			l.must(t, err)
			out = append(out, f.Environment.String()+" "+string(text))
		}
	}
	slices.Sort(out)
	return out
}

// same reports grants that differ.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%q\nexpected\n%q", what, got, want)
	}
}

// The workflow takes back what a deployment after the last day would, that deployment and
// one of the older template find nothing to do and do not fail, and what begins anew is
// granted and ended at once.
func TestAccessEndsWithoutADeployment(t *testing.T) {
	l, now := startClinic(t)
	now["expires"] = "2020-02-29" // the workflow has no other clock than the real one
	l.app.Today = "2020-02-29"
	l.writeClinic(t, now)
	plan := l.prepared(t)
	l.deployed(t, plan)
	first := l.granted(t, plan)

	late := l.drift(t, "2020-03-02")
	if len(late) == 0 || slices.ContainsFunc(late, func(found string) bool { return !strings.HasPrefix(found, "not-ended: Analyst still holds ") }) {
		t.Errorf("of what has ended and is granted is found:\n%s", strings.Join(late, "\n"))
	}
	l.end(t, plan)
	if found := l.drift(t, "2020-03-02"); len(found) > 0 {
		t.Errorf("what the workflow has taken back is drift:\n%s", strings.Join(found, "\n"))
	}
	left := l.granted(t, plan)
	if len(left) >= len(first) {
		t.Fatalf("%d of %d grants are left", len(left), len(first))
	}
	l.must(t, l.app.Deploy(t.Context()))
	same(t, "after the old template was deployed again", l.granted(t, plan), left)

	l.app.Today = "2020-03-01"
	l.deployed(t, l.plan(t))
	same(t, "after the next template was deployed", l.granted(t, plan), left)
	l.end(t, plan)

	now["expires"] = "2999-12-31"
	l.writeClinic(t, now)
	plan = l.plan(t)
	l.deployed(t, plan)
	same(t, "after a new beginning", l.granted(t, plan), first)
	l.end(t, plan)
	same(t, "while nothing has ended", l.granted(t, plan), first)
	l.end(t, plan, plan.Consumers[1].Ending.Subscriptions[0].Name)
	same(t, "after it was ended at once", l.granted(t, plan), left)
}

// checkEnding ends subscriptions in their accounts, and deploys a plan that lacks them
// afterwards: everywhere at once, as there is nothing left to take back.
func (l *life) checkEnding(t *testing.T, plan, later *mesh.Plan) {
	var names []string
	for _, s := range later.Expired {
		names = append(names, s.Name)
	}
	l.end(t, plan, names...)
	left := l.granted(t, plan)
	second := l.deployed(t, later)
	l.checkAccess(t, second, later)
	same(t, "after the next template was deployed", l.granted(t, plan), left)
}
