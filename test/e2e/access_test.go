package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/promised"
)

// checkAccess is checkColumns for a mesh in which every grant reaches something.
func (l *life) checkAccess(t *testing.T, state *access.State, plan *mesh.Plan) {
	t.Helper()
	l.checkColumns(t, state, plan)
	for _, note := range state.Evaluate().Notes {
		if strings.Contains(note, "passes on") || strings.Contains(note, "reaches nothing") {
			t.Error(note)
		}
	}
}

// checkColumns holds what the principals of subscriptions can read in the deployed
// state against what the subscriptions say, column by column with its rows.
func (l *life) checkColumns(t *testing.T, state *access.State, plan *mesh.Plan) {
	t.Helper()
	if diff := cmp.Diff(promises(l.definition(t), plan), seen(state.Evaluate(), readers(plan))); diff != "" {
		t.Errorf("what subscriptions say (-) and what can be read (+) differ:\n%s", diff)
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

// promises maps "principal table.column" to the rows that the subscriptions of people show.
func promises(definition *mesh.Definition, plan *mesh.Plan) map[string]string {
	out := map[string]string{}
	people := readers(plan)
	for cell, rows := range promised.Cells(definition, plan) {
		if people[cell.Principal] {
			out[access.Short(cell.Principal)+" "+cell.Table+"."+cell.Column] = rows
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
