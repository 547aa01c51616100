package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// checkAccess holds what the principals of subscriptions can read in the deployed
// state against what the subscriptions say, column by column with its rows.
func checkAccess(t *testing.T, state *access.State, plan *mesh.Plan) {
	t.Helper()
	matrix := state.Evaluate()
	if diff := cmp.Diff(promised(plan), seen(matrix, readers(plan))); diff != "" {
		t.Errorf("what subscriptions say (-) and what can be read (+) differ:\n%s", diff)
	}
	for _, note := range matrix.Notes {
		if strings.Contains(note, "passes on") || strings.Contains(note, "reaches nothing") {
			t.Error(note)
		}
	}
}

// readers are the principals of a plan's subscriptions, ended or not, but for the
// roles of jobs, which also own tables.
func readers(plan *mesh.Plan) map[string]bool {
	out := map[string]bool{}
	add := func(s mesh.SubscriptionPlan) {
		for _, p := range s.Principals {
			out[p.Identifier] = p.Name != mesh.JobPrincipal(s.Consumer)
		}
	}
	for _, c := range plan.Consumers {
		for _, s := range c.Subscriptions {
			add(s)
		}
	}
	for _, s := range plan.Expired {
		add(s)
	}
	return out
}

// promised maps "principal table.column" to the rows that a subscription shows.
func promised(plan *mesh.Plan) map[string]string {
	out := map[string]string{}
	people := readers(plan)
	for _, c := range plan.Consumers {
		for _, s := range c.Subscriptions {
			producer, _ := plan.Domain(s.Producer)
			for _, table := range producer.Tables {
				for _, column := range table.Table.Columns {
					if table.Product != s.Product || !slices.Contains(s.Sensitivity, column.Sensitivity) {
						continue
					}
					for _, p := range s.Principals {
						if people[p.Identifier] {
							out[access.Short(p.Identifier)+" "+table.Database+"."+table.Table.Name+"."+column.Name] = s.Rows.Text()
						}
					}
				}
			}
		}
	}
	return out
}

func seen(matrix *access.Matrix, people map[string]bool) map[string]string {
	out := map[string]string{}
	for _, row := range matrix.Rows {
		if row.Kind != access.OnTable || !people[row.Principal] {
			continue
		}
		for _, column := range row.Columns {
			out[access.Short(row.Principal)+" "+row.Database+"."+row.Table+"."+column.Name] = strings.Join(column.Rows, " OR ")
		}
	}
	return out
}
