package refresh_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/athena"
)

// riverside is the sample mesh, in one account.
func riverside(t *testing.T) *mesh.Plan {
	t.Helper()
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := definition.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// shown lets the statements of a domain's jobs read tables of other domains as its
// subscriptions show them: views of the columns of their levels and of their rows, in
// schemas of their own. A statement that reads more fails.
func shown(t *testing.T, plan *mesh.Plan, consumer string) (views []athena.Step, read func(sql string) string) {
	t.Helper()
	var names []string
	c, _ := plan.Consumer(consumer)
	for _, s := range c.Subscriptions {
		if !slices.ContainsFunc(s.Principals, func(p mesh.PrincipalPlan) bool { return p.Name == consumer+"-pipeline" }) {
			continue
		}
		producer, _ := plan.Domain(s.Producer)
		for _, table := range producer.Tables() {
			if table.Product != s.Product {
				continue
			}
			var columns []string
			for _, column := range table.Table.Columns {
				if slices.Contains(s.Sensitivity, column.Sensitivity) {
					columns = append(columns, quote(column.Name))
				}
			}
			rows := "true"
			if !s.Rows.IsZero() {
				rows = s.Rows.Text()
			}
			views = append(views,
				athena.Step{DuckDB: "CREATE SCHEMA IF NOT EXISTS shown_" + table.Database},
				athena.Step{DuckDB: fmt.Sprintf("CREATE OR REPLACE VIEW shown_%s.%s AS SELECT %s FROM %[1]s.%[2]s WHERE %[4]s", table.Database, table.Table.Name, strings.Join(columns, ", "), rows)})
			names = append(names, table.Database)
		}
	}
	return views, func(sql string) string {
		for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
			sql = strings.ReplaceAll(sql, quote(name)+".", quote("shown_"+name)+".")
		}
		return sql
	}
}
