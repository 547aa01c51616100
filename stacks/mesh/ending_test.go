package mesh_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/randommesh"
)

// held are the permissions of grants, one by one, in each environment.
func held(p *mesh.Plan) map[string]bool {
	out := map[string]bool{}
	for _, s := range p.Stacks() {
		hold(out, s.Environment, s.Grants, true)
	}
	return out
}

func hold(held map[string]bool, env mesh.Environment, grants []lf.Grant, has bool) {
	for _, g := range grants {
		for _, permission := range g.Permissions {
			key := fmt.Sprintf("%s: %s %s", env, g.Key(), permission)
			if delete(held, key); has {
				held[key] = true
			}
		}
	}
}

// endings are the plans of all workflows, with where they work.
func endings(p *mesh.Plan) map[*mesh.EndingPlan]mesh.Environment {
	out := map[*mesh.EndingPlan]mesh.Environment{}
	for _, c := range p.Consumers {
		if c.Ending != nil {
			out[c.Ending] = c.Environment
		}
	}
	for _, s := range p.Shares {
		if s.Ending != nil {
			out[s.Ending] = s.Environment
		}
	}
	return out
}

// run takes back what the workflows of a plan do when some subscriptions have ended.
func run(held map[string]bool, p *mesh.Plan, ended func(mesh.EndingSubscription) bool) {
	for e, env := range endings(p) {
		var over []string
		for _, s := range e.Subscriptions {
			if ended(s) {
				over = append(over, s.Name)
			}
		}
		for _, g := range e.Grants {
			if !slices.ContainsFunc(g.Needs, func(name string) bool { return !slices.Contains(over, name) }) {
				hold(held, env, []lf.Grant{g.Grant}, false)
			}
		}
	}
}

// After the workflows have run on a day, what is granted is what the plan of that day
// grants: of a template of any day before, and whatever subscriptions share.
func TestEndingLeavesWhatTheNextPlanGrants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randommesh.Draw(t)
		day := func(label string) time.Time {
			return time.Date(2030, time.January, rapid.IntRange(1, 4).Draw(t, label), 0, 0, 0, 0, time.UTC)
		}
		for i := range d.Subscriptions {
			s := &d.Subscriptions[i]
			s.Expires = "2030-01-31"
			if !slices.Contains(s.Principals, mesh.JobPrincipal(s.Consumer)) { // no plan has a job that reads by what has ended
				s.Expires = day("expires").Format(time.DateOnly)
			}
		}
		deployed, today := day("deployed"), day("today")
		if today.Before(deployed) {
			deployed, today = today, deployed
		}
		for _, stage := range d.Stages.Names() {
			before, err := d.PlanAt(stage, deployed)
			if err != nil {
				t.Fatal(err)
			}
			after, err := d.PlanAt(stage, today)
			if err != nil {
				t.Fatal(err)
			}
			granted := held(before)
			run(granted, before, func(s mesh.EndingSubscription) bool { return s.Expires < today.Format(time.DateOnly) })
			if diff := cmp.Diff(held(after), granted); diff != "" {
				t.Fatalf("stage %s on %s, deployed on %s (-planned +left):\n%s", stage, today, deployed, diff)
			}
			// The record is the same on every day, so that nothing is deployed for it.
			was, is := endings(before), endings(after)
			if len(was) != len(is) {
				t.Fatalf("stage %s: %d workflows, then %d", stage, len(was), len(is))
			}
			for i := range before.Consumers {
				if diff := cmp.Diff(before.Consumers[i].Ending, after.Consumers[i].Ending); diff != "" {
					t.Fatal(diff)
				}
			}
		}
	})
}

// What the producer granted to an account stays while another subscription of the account
// needs it: here both read one product.
func TestEndingKeepsWhatOthersNeed(t *testing.T) {
	d := apart(mesh.Sharing{Acceptance: "the platform team"})
	d.Subscriptions[0].Principals = []string{"analysts"}
	d.Subscriptions[1] = d.Subscriptions[0]
	d.Subscriptions[1].Principals, d.Subscriptions[1].Expires = []string{"research-pipeline"}, "2029-12-31"
	p := plan(t, d, "dev")
	research, _ := p.Consumer("research")
	if e := p.Shares[0].Ending; e.StateMachine != "river-clinical-ended-shares-us-east-1" || e.Role != "river-ended-access-us-east-1" || e.Schedule <= research.Ending.Schedule {
		t.Errorf("%+v", e)
	}
	const early, late = "research/clinical.patient_deid/research-pipeline", "research/clinical.patient_deid/analysts"
	needs := map[string]int{}
	for _, g := range slices.Concat(p.Shares[0].Ending.Grants, research.Ending.Grants) {
		needs[fmt.Sprint(g.Needs)]++
	}
	// All that is shared with the account, which both read; each principal has its own.
	if diff := cmp.Diff(map[string]int{fmt.Sprint([]string{late, early}): len(p.Shares[0].Grants), "[" + early + "]": 4, "[" + late + "]": 4}, needs); diff != "" {
		t.Error(diff)
	}
	granted := held(p)
	run(granted, p, func(s mesh.EndingSubscription) bool { return s.Name == early })
	if n := len(held(p)) - len(granted); n != 4 {
		t.Errorf("%d permissions taken back, expected the four of the pipeline", n)
	}
	for _, f := range p.Foundations {
		if f.EndingRole == "" || !slices.ContainsFunc(f.Admins, func(arn string) bool { return strings.HasSuffix(arn, ":role/"+f.EndingRole) }) {
			t.Errorf("%s: the role %q is no administrator", f.Environment, f.EndingRole)
		}
	}
	d.Subscriptions = nil
	p = plan(t, d, "dev")
	if c, _ := p.Consumer("research"); c.Ending != nil || p.Shares[0].Ending != nil || p.Foundations[0].EndingRole == "" {
		t.Error("something ends without subscriptions, or the role goes with them")
	}
}
