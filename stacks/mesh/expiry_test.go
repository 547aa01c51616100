package mesh_test

import (
	"slices"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// An ended subscription gives nothing any more. Its stack stays in the plan
// without it, because the CDK only takes back grants of stacks that it still knows.
func TestPlanAtDropsWhatHasEnded(t *testing.T) {
	d := apart(mesh.Sharing{Acceptance: "the platform team"})
	for i := range d.Subscriptions {
		d.Subscriptions[i].Expires = "2030-06-30"
	}
	d.Subscriptions[1].Expires = "2029-12-31"
	planned := func(text string) *mesh.Plan {
		t.Helper()
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		p, err := d.PlanAt("dev", day)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	on, after, last := planned("2029-12-31"), planned("2030-01-01"), planned("2030-07-01")
	if len(on.Expired) != 0 || len(on.Grants()) != len(plan(t, d, "dev").Grants()) {
		t.Errorf("on the last day %d subscriptions are left out", len(on.Expired))
	}
	if len(after.Expired) != 1 || after.Expired[0].Product != "labs" {
		t.Fatalf("left out: %+v", after.Expired)
	}
	for _, g := range after.Grants() {
		for _, condition := range g.Resource.Expression {
			if slices.Contains(condition.Values, "labs") {
				t.Errorf("still granted: %s", g.Key())
			}
		}
	}
	if len(last.Expired) != len(d.Subscriptions) || len(last.Consumers) != len(d.Domains) || len(last.Shares) != len(d.Domains) {
		t.Errorf("%d expired, %d stacks of consumers, %d of shares", len(last.Expired), len(last.Consumers), len(last.Shares))
	}
	for i, c := range last.Consumers {
		if len(c.Grants)+len(last.Shares[i].Grants) != 0 {
			t.Errorf("%s: grants after every subscription has ended", c.Domain)
		}
	}
}
