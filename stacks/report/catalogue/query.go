package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lineage"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// sight is the columns of a table that some principals see by subscriptions.
type sight struct {
	principals []string // in words
	columns    []string
}

// seenColumns are the sights of each table, as database.table.
func seenColumns(m *access.Matrix) map[string][]sight {
	out := map[string][]sight{}
	if m == nil {
		return out
	}
	for _, r := range m.Rows {
		if r.Kind != access.OnTable || len(r.Subscriptions) == 0 || len(r.Columns) == 0 || !r.Can(lakeformation.Select) {
			continue
		}
		var columns []string
		for _, c := range r.Columns {
			columns = append(columns, c.Name)
		}
		table, who := r.Database+"."+r.Table, access.Short(r.Principal)
		i := slices.IndexFunc(out[table], func(s sight) bool { return slices.Equal(s.columns, columns) })
		switch {
		case i < 0:
			out[table] = append(out[table], sight{[]string{who}, columns})
		case !slices.Contains(out[table][i].principals, who):
			out[table][i].principals = append(out[table][i].principals, who)
		}
	}
	return out
}

// queries are those that show the columns which subscribers see, or without any the columns
// that are no phi, where there are others.
func (r *reader) queries(t *contract.Table, database string) []Query {
	var out []Query
	for _, s := range r.seen[database+"."+t.Name] {
		out = append(out, Query{"What " + strings.Join(s.principals, ", ") + " can select", selectOf(t, database, s.columns)})
	}
	if out != nil {
		return out
	}
	all, open := []string{}, []string{}
	for i := range t.Columns {
		c := &t.Columns[i]
		all = append(all, c.Name)
		if c.Level() != ontology.PHI {
			open = append(open, c.Name)
		}
	}
	switch {
	case len(all) == 0:
		return nil
	case len(open) == 0 || len(open) == len(all):
		return []Query{{"All columns", selectOf(t, database, all)}}
	}
	return []Query{{"Columns that are not phi", selectOf(t, database, open)}}
}

// selectOf is a query for a few rows of a table. A partition column whose values Athena is
// not told has to be compared with one.
func selectOf(t *contract.Table, database string, columns []string) string {
	var out strings.Builder
	out.WriteString("SELECT")
	line := 6
	for i, c := range columns {
		text := " " + quote(c)
		if i < len(columns)-1 {
			text += ","
		}
		if line+len(text) > 100 {
			out.WriteString("\n ")
			line = 1
		}
		out.WriteString(text)
		line += len(text)
	}
	fmt.Fprintf(&out, "\nFROM %s.%s", quote(database), quote(t.Name))
	before := "\nWHERE "
	for _, c := range t.Columns {
		if c.Projection == nil || c.Projection.Type != contract.ProjectInjected {
			continue
		}
		value := ""
		if len(c.Examples) > 0 {
			value = c.Examples[0]
		}
		fmt.Fprintf(&out, "%s%s = '%s'", before, quote(c.Name), strings.ReplaceAll(value, "'", "''"))
		before = " AND "
	}
	out.WriteString("\nLIMIT 10")
	return out.String()
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// savedQueries are the saved queries of a mesh by the tables that they read, as
// database.table.
func savedQueries(plan *mesh.Plan) map[string][]Query {
	out := map[string][]Query{}
	for i := range plan.Domains {
		d := &plan.Domains[i]
		for _, q := range d.Queries {
			title := fmt.Sprintf("%s, saved by %s", q.Name, d.Name)
			if q.Description != "" {
				title += ": " + q.Description
			}
			for _, table := range readsOf(q) {
				out[table] = append(out[table], Query{title, strings.TrimSpace(q.SQL)})
			}
		}
	}
	return out
}

// readsOf are the tables that a saved query reads; none of one that cannot be followed.
func readsOf(q mesh.QueryPlan) []string {
	query, err := lineage.Parse(strings.TrimSpace(q.SQL))
	if err != nil {
		return nil
	}
	reads, _ := query.Resolve(func(string) ([]string, bool) { return nil, false })
	var out []string
	for _, t := range reads.Tables {
		name := strings.ReplaceAll(t.Name, `"`, "")
		if !strings.Contains(name, ".") {
			name = q.Database + "." + name
		}
		out = append(out, name)
	}
	return out
}
