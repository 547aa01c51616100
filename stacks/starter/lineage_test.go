package starter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lineage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/stacks/starter"
)

// Every query of the ready meshes and of the sample, saved or of a contract, is parsed
// and resolved: it reads tables and columns that there are, and the query of a contract
// gives the columns that the contract says.
func TestEveryQueryResolves(t *testing.T) {
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	queries := resolved(t, "sample", definition)
	for _, ready := range starter.Meshes() {
		_, definition := written(t, ready.Name)
		queries += resolved(t, ready.Name, definition)
	}
	if queries < 25 {
		t.Errorf("%d queries, want all of the ready meshes and of the sample", queries)
	}
}

func resolved(t *testing.T, name string, definition *mesh.Definition) int {
	t.Helper()
	plan, err := definition.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	queries := 0
	for i := range plan.Domains {
		d := &plan.Domains[i]
		check := func(what, sql, database string) *lineage.Reads {
			queries++
			query, err := lineage.Parse(sql)
			if err != nil {
				t.Errorf("%s, %s of %s: %v", name, what, d.Name, err)
				return &lineage.Reads{}
			}
			reads, problems := query.Resolve(func(table string) ([]string, bool) { return columnsOf(plan, d.Name, database, table) })
			for _, p := range problems {
				t.Errorf("%s, %s of %s: %v", name, what, d.Name, p)
			}
			for _, r := range reads.Tables {
				if _, known := columnsOf(plan, d.Name, database, r.Name); !known && !strings.HasPrefix(r.Name, "{fhirStore.") {
					t.Errorf("%s, %s of %s reads %s, which no domain has", name, what, d.Name, r.Name)
				}
			}
			return reads
		}
		for _, q := range d.Queries {
			check("the query "+q.Name, q.SQL, q.Database)
		}
		for _, table := range d.Tables() {
			if table.Table.View != nil {
				check("the view "+table.Table.Name, table.Table.View.SQL, table.Database)
			}
			if table.Table.TransformLogic == "" {
				continue
			}
			reads := check("the table "+table.Table.Name, table.Table.TransformLogic, table.Database)
			for _, c := range table.Table.Columns {
				if !slices.ContainsFunc(reads.Output, func(o lineage.OutputColumn) bool { return o.Name == c.Name }) {
					t.Errorf("%s: the query of %s gives no column %s", name, table.Table.Name, c.Name)
				}
			}
		}
	}
	return queries
}

// columnsOf are the columns of a table as the query of a domain names it.
func columnsOf(plan *mesh.Plan, domain, database, name string) ([]string, bool) {
	for i := range plan.Domains {
		d := &plan.Domains[i]
		for _, t := range d.Tables() {
			own := fmt.Sprintf("{%s.%s}", t.Product, t.Table.Name)
			other := fmt.Sprintf("{%s.%s.%s}", d.Name, t.Product, t.Table.Name)
			if name != t.Database+"."+t.Table.Name && name != other && (d.Name != domain || name != own) && (t.Database != database || name != t.Table.Name) {
				continue
			}
			var out []string
			for _, c := range t.Table.Columns {
				out = append(out, c.Name)
			}
			return out, true
		}
	}
	return nil, false
}
