package mesh_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// persons is a mesh with a person index of two sources.
func persons(t *testing.T) *mesh.Definition {
	t.Helper()
	d, err := mesh.Load("testdata/persons/mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if warnings := d.Warnings(); len(warnings) > 0 {
		t.Error(warnings)
	}
	return d
}

// TestPersonIndexIsPlanned checks the job of a person index, what its role reads and writes, in
// which order it runs, and that no principal is granted more for it.
func TestPersonIndexIsPlanned(t *testing.T) {
	for _, stage := range []string{"dev", "prod"} {
		plan, err := persons(t).Plan(stage)
		if err != nil {
			t.Fatal(err)
		}
		identity, _ := plan.Domain("identity")
		job := identity.Products[0].Materialization
		if job == nil || len(job.Statements) != 18 || len(job.Statements[1].Subscribed) != 2 || len(job.Statements[0].Subscribed) != 0 {
			t.Fatalf("%s: %+v", stage, job)
		}
		clinical, _ := plan.Domain("clinical")
		i := slices.IndexFunc(clinical.Products, func(p mesh.ProductPlan) bool { return p.Name == "patients_by_token" })
		reader := clinical.Products[i].Materialization
		after := slices.Clone(reader.After)
		for _, m := range reader.AfterElsewhere {
			after = append(after, m.StateMachineARNs...)
		}
		if !slices.Contains(after, job.StateMachineARN) {
			t.Errorf("%s: tokens are read after %v", stage, after)
		}
		if job.Schedule != "cron(15 1 * * ? *)" || reader.Schedule != "cron(20 1 * * ? *)" {
			t.Errorf("%s: the index is made at %s, and read at %s", stage, job.Schedule, reader.Schedule)
		}
		allowed := []string{job.RoleARN, reader.RoleARN}
		for _, s := range plan.Consumers {
			for _, g := range s.Grants {
				database, table := g.Resource.Database, g.Resource.Table
				if g.Resource.Filter != "" && !slices.Contains(allowed, g.Principal) && table != "patients_deid" {
					t.Errorf("%s: %s reads %s.%s", stage, g.Principal, database, table)
				}
			}
			for _, f := range s.Filters {
				if f.Table == contract.PersonsTable && !strings.Contains(f.Rows, "'clinical'") || strings.HasPrefix(f.Table, "person_") {
					t.Errorf("%s: the filter %+v", stage, f)
				}
			}
		}
	}
}

// TestWorkOfAPersonIndexIsNotShown holds the names of columns that others read against those of the
// job's own tables: a subscription names columns, not tables.
func TestWorkOfAPersonIndexIsNotShown(t *testing.T) {
	plan, err := persons(t).Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	identity, _ := plan.Domain("identity")
	shown := map[string]bool{}
	for _, table := range identity.Tables() {
		for _, c := range table.Table.Columns {
			if table.Table.Name == contract.PersonsTable || table.Table.Name == contract.TokensTable {
				shown[c.Name] = true
			}
		}
	}
	for _, table := range identity.Tables() {
		for _, c := range table.Table.Columns {
			if strings.HasPrefix(table.Table.Name, "person_") && shown[c.Name] {
				t.Errorf("%s has a column %s too", table.Table.Name, c.Name)
			}
		}
	}
}

// TestTokensAreMadeOfNothingWithTokens takes as a source what is made with the index.
func TestTokensAreMadeOfNothingWithTokens(t *testing.T) {
	d := persons(t)
	from := &d.Domains[2].Contracts[0].Table(contract.PersonsTable).PersonIndex.Sources[0].From
	from.Product, from.Table = "patients_by_token", "patients_by_token"
	if err := d.Validate(); err == nil || !strings.Contains(err.Error(), "a circle of products: clinical.patients_by_token.patients_by_token reads identity.person_index.persons, identity.person_index.persons reads clinical.patients_by_token.patients_by_token") {
		t.Errorf("the circle gives %v", err)
	}
}
