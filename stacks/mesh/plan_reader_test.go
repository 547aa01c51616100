package mesh_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// An ended subscription leaves its principal the workgroup, so that nothing has to be
// detached on that day; what was taken out of the mesh leaves nothing.
func TestReadersStayUntilTheirSubscriptionIsTakenOut(t *testing.T) {
	names := func(d *mesh.Definition, day time.Time) string {
		plan, err := d.PlanAt("dev", day)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, domain := range plan.Domains {
			for _, r := range domain.Readers {
				out = append(out, r.WorkGroup)
			}
		}
		return strings.Join(out, " ")
	}
	today := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	before := names(small(), today)
	if before == "" || strings.Contains(before, "pipeline") {
		t.Fatalf("workgroups of readers: %s", before)
	}
	if after := names(small(), today.AddDate(50, 0, 0)); after != before {
		t.Errorf("after the end: %s; expected %s", after, before)
	}
	out := small()
	out.Subscriptions = nil
	if left := names(out, today); left != "" {
		t.Errorf("without subscriptions: %s", left)
	}
}

func TestNamesOfPrincipalsMakeNamesOfWorkGroups(t *testing.T) {
	d := small()
	for _, name := range []string{"Dr. Who", "ANALYSTS", strings.Repeat("x", 49)} {
		d.Principals[name] = "arn:aws:iam::111111111111:role/" + strings.ReplaceAll(name, " ", "")
	}
	err := d.Validate()
	for _, want := range []string{
		`got "Dr. Who"; expected a name of letters, digits, hyphens and underscores`,
		`got "analysts" beside "ANALYSTS"`,
		"which has 49 characters",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %s in %v", want, err)
		}
	}
}

// Names without a database mean the tables for consumers, or those that the query says.
func TestSavedQueriesMeanADatabase(t *testing.T) {
	d := small()
	i := slices.IndexFunc(d.Domains, func(domain mesh.Domain) bool { return domain.Name == "research" })
	d.Domains[i].Queries = []mesh.Query{{Name: "a", SQL: "SELECT 1"}, {Name: "b", SQL: "SELECT 1", Zone: "curated"}}
	plan, err := d.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	research, _ := plan.Domain("research")
	if q := research.Queries; q[0].Database != "river_research_analytics" || q[1].Database != "river_research_curated" {
		t.Errorf("%v", q)
	}
	d.Domains[i].Queries[1].Zone = "curate"
	if err := d.Validate(); err == nil || !strings.Contains(err.Error(), `queries[1].zone: got "curate"; expected one of raw, curated, analytics`) {
		t.Errorf("got %v", err)
	}
}
