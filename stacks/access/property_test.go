package access_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

var (
	someTables  = []string{"t1", "t2", "t3"}
	someColumns = []string{"a", "b", "c", "d"}
	levels      = []string{"public", "internal", "deidentified", "phi"}
	readWrite   = []lf.Permission{lf.Describe, lf.Select, lf.Insert, lf.Delete, lf.Alter, lf.Drop, "ALL"}
)

// anyState draws a catalog of two databases with contradiction-free tags,
// filters and a few grants.
func anyState(t *rapid.T) *access.State {
	c := access.Catalog{Account: account, Region: region}
	for _, db := range []string{"db1", "db2"} {
		c.Databases = append(c.Databases, access.Database{Name: db})
		c.Associations = append(c.Associations, anyTags(t, lf.Database(db))...)
		for _, table := range someTables {
			columns := rapid.SliceOfNDistinct(rapid.SampledFrom(someColumns), 0, 4, rapid.ID).Draw(t, "columns")
			made := access.Table{Database: db, Name: table}
			c.Associations = append(c.Associations, anyTags(t, lf.Table(db, table))...)
			for _, name := range columns {
				made.Columns = append(made.Columns, access.Column{Name: name, Type: "string"})
				c.Associations = append(c.Associations, anyTags(t, lf.Columns(db, table, name))...)
			}
			c.Tables = append(c.Tables, made)
			for _, name := range []string{"f1", "f2"} {
				f := lf.DataCellsFilter{Database: db, Table: table, Name: name, Rows: rapid.SampledFrom([]string{"", "x = 1", "y = 2"}).Draw(t, "rows")}
				if rapid.Bool().Draw(t, "list") {
					f.Columns = rapid.SliceOfNDistinct(rapid.SampledFrom(someColumns), 1, 3, rapid.ID).Draw(t, "listed")
				} else {
					f.Excluded = rapid.SliceOfNDistinct(rapid.SampledFrom(someColumns), 0, 3, rapid.ID).Draw(t, "excluded")
				}
				c.Filters = append(c.Filters, f)
			}
		}
	}
	c.Grants = rapid.SliceOfN(rapid.Custom(anyGrant), 0, 6).Draw(t, "grants")
	return &access.State{Catalogs: []access.Catalog{c}}
}

func anyTags(t *rapid.T, r lf.Resource) []lf.TagAssociation {
	a := lf.TagAssociation{Resource: r}
	if v := rapid.SampledFrom(append(levels, "")).Draw(t, "sensitivity"); v != "" {
		a.Tags = append(a.Tags, lf.Condition{Key: "m:sensitivity", Values: []string{v}})
	}
	if v := rapid.SampledFrom([]string{"x", "y", ""}).Draw(t, "product"); v != "" {
		a.Tags = append(a.Tags, lf.Condition{Key: "m:product", Values: []string{v}})
	}
	if len(a.Tags) == 0 {
		return nil
	}
	return []lf.TagAssociation{a}
}

func anyGrant(t *rapid.T) lf.Grant {
	db := rapid.SampledFrom([]string{"db1", "db2"}).Draw(t, "db")
	table := rapid.SampledFrom(someTables).Draw(t, "table")
	some := func() []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(someColumns), 1, 3, rapid.ID).Draw(t, "columns")
	}
	var r lf.Resource
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		r = lf.Table(db, table)
	case 1:
		r = lf.Table(db, lf.AllTables)
	case 2:
		r = lf.Columns(db, table, some()...)
	case 3:
		r = lf.Columns(db, table)
		r.Excluded = some()
	case 4:
		r = lf.DataCells(db, table, rapid.SampledFrom([]string{"f1", "f2", "f3"}).Draw(t, "filter"))
	case 5:
		r = lf.Database(db)
	default:
		kind := rapid.SampledFrom([]lf.PolicyType{lf.Tables, lf.Databases}).Draw(t, "policy")
		conditions := []lf.Condition{{Key: "m:sensitivity", Values: rapid.SliceOfNDistinct(rapid.SampledFrom(levels), 1, 3, rapid.ID).Draw(t, "levels")}}
		if rapid.Bool().Draw(t, "and") {
			conditions = append(conditions, lf.Condition{Key: "m:product", Values: []string{rapid.SampledFrom([]string{"x", "y"}).Draw(t, "value")}})
		}
		r = lf.TagPolicy(kind, conditions...)
	}
	permissions := rapid.SliceOfNDistinct(rapid.SampledFrom(readWrite), 1, 3, rapid.ID).Draw(t, "permissions")
	g := lf.Grant{Principal: rapid.SampledFrom([]string{analyst, "arn:aws:iam::222222222222:role/Other"}).Draw(t, "principal"), Resource: r, Permissions: permissions}
	if rapid.Bool().Draw(t, "grantable") {
		g.Grantable = permissions[:1]
	}
	return g
}

// missing says what of the rights in one matrix the other does not have.
func missing(wanted, have *access.Matrix) []string {
	rows := map[string]access.Row{}
	key := func(r access.Row) string { return r.Principal + " " + string(r.Kind) + " " + r.Name() }
	for _, r := range have.Rows {
		rows[key(r)] = r
	}
	var out []string
	for _, r := range wanted.Rows {
		got := rows[key(r)]
		for _, right := range r.Rights {
			if !slices.ContainsFunc(got.Rights, func(g access.Right) bool {
				return g.Permission == right.Permission && (g.Grantable || !right.Grantable)
			}) {
				out = append(out, key(r)+" "+string(right.Permission))
			}
		}
		for _, c := range r.Columns {
			i := slices.IndexFunc(got.Columns, func(g access.ColumnAccess) bool { return g.Name == c.Name })
			if i < 0 || c.Grantable && !got.Columns[i].Grantable || !holds(got.Columns[i].Rows, c.Rows) {
				out = append(out, key(r)+" column "+c.Name)
			}
		}
	}
	return out
}

func holds(wide, narrow []string) bool {
	return len(wide) == 0 || len(narrow) > 0 && !slices.ContainsFunc(narrow, func(n string) bool { return !slices.Contains(wide, n) })
}

func TestAddingAGrantOnlyAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := anyState(t)
		after := access.Merge(before)
		more := anyGrant(t)
		after.Catalogs[0].Grants = append(after.Catalogs[0].Grants, more)
		if lost := missing(before.Evaluate(), after.Evaluate()); len(lost) > 0 {
			t.Fatalf("adding %s loses %v", more.Key(), lost)
		}
		for _, r := range access.Diff(before, after).Rights {
			if r.Loss {
				t.Fatalf("adding a grant: %s", r)
			}
		}
		for _, r := range access.Diff(after, before).Rights {
			if r.Gain {
				t.Fatalf("removing a grant: %s", r)
			}
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		c := state.Catalogs[0]
		other := access.Catalog{
			Account: c.Account, Region: c.Region,
			Databases:    rapid.Permutation(c.Databases).Draw(t, "databases"),
			Tables:       rapid.Permutation(c.Tables).Draw(t, "tables"),
			Associations: rapid.Permutation(c.Associations).Draw(t, "associations"),
			Filters:      rapid.Permutation(c.Filters).Draw(t, "filters"),
		}
		grants := access.Catalog{Account: c.Account, Region: c.Region, Grants: rapid.Permutation(c.Grants).Draw(t, "grants")}
		shuffled := &access.State{Catalogs: []access.Catalog{grants, other}}
		if diff := cmp.Diff(state.Evaluate(), shuffled.Evaluate()); diff != "" {
			t.Fatalf("(-first +shuffled)\n%s", diff)
		}
		if diff := cmp.Diff(access.Merge(state), access.Merge(shuffled)); diff != "" {
			t.Fatalf("states (-first +shuffled)\n%s", diff)
		}
		if d := access.Diff(state, shuffled); !d.Empty() {
			t.Fatalf("difference: %v", d.Changes)
		}
	})
}

// Every column that is read has a level, and the levels count every column.
func TestLevelsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		columns := map[string]int{}
		for _, table := range state.Catalogs[0].Tables {
			columns[table.Key()] = len(table.AllColumns())
		}
		for _, r := range state.Evaluate().Rows {
			seen, total := 0, 0
			for _, l := range r.Levels {
				seen, total = seen+l.Seen, total+l.Total
			}
			if r.Kind == access.OnTable && (seen != len(r.Columns) || total != columns[r.Name()]) {
				t.Fatalf("%s: %d of %d seen, %d columns of %d", r.Name(), seen, total, len(r.Columns), columns[r.Name()])
			}
			if len(r.Columns) > 0 && !r.Can(lf.Select) {
				t.Fatalf("%s: columns without SELECT", r.Name())
			}
			if strings.Contains(r.Name(), "*") {
				t.Fatalf("a wildcard is left: %s", r.Name())
			}
		}
	})
}

// What is explained is what the matrix says: of every principal, table and column.
func TestExplanationsSayWhatTheMatrixSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		explainer := access.NewExplainer(state)
		seen := map[string]access.RowConditions{}
		for _, r := range state.Evaluate().Rows {
			for _, c := range r.Columns {
				seen[r.Principal+" "+r.Name()+"."+c.Name] = c.Rows
			}
		}
		for _, principal := range explainer.Matrix().Known.Principals {
			for _, table := range state.Catalogs[0].Tables {
				whole, err := explainer.Explain(principal, table.Key(), "")
				if err != nil {
					t.Fatal(err)
				}
				var columns []string
				for _, c := range table.AllColumns() {
					one, err := explainer.Explain(principal, table.Key(), c.Name)
					if err != nil {
						t.Fatal(err)
					}
					rows, sees := seen[principal+" "+table.Key()+"."+c.Name]
					if one.Sees != sees || !slices.Equal(one.Rows, rows) {
						t.Fatalf("%s %s.%s: explained as %t in rows %q; the matrix says %t in rows %q", principal, table.Key(), c.Name, one.Sees, one.Rows, sees, rows)
					}
					if !sees && len(one.Missing) == 0 || sees && len(one.Paths) == 0 {
						t.Fatalf("%s %s.%s: %t without a reason", principal, table.Key(), c.Name, sees)
					}
					if sees {
						columns = append(columns, c.Name)
					}
				}
				if len(table.AllColumns()) > 0 && !slices.Equal(whole.Columns, columns) {
					t.Fatalf("%s %s: explained as columns %q; the matrix says %q", principal, table.Key(), whole.Columns, columns)
				}
			}
		}
	})
}
