package access

import (
	"fmt"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// wide is a catalog of domains with products of one table, some columns of which are phi, all
// of which each principal may read by a policy for each domain.
func wide(domains, products, principals int) *State {
	c := Catalog{Account: "111111111111", Region: "us-east-1"}
	one := func(key, value string) lakeformation.Condition {
		return lakeformation.Condition{Key: key, Values: []string{value}}
	}
	for d := range domains {
		database, key := fmt.Sprintf("d%d", d), fmt.Sprintf("wide:d%d.product", d)
		c.Databases = append(c.Databases, Database{Name: database})
		c.Associations = append(c.Associations, lakeformation.TagAssociation{Resource: lakeformation.Database(database), Tags: []lakeformation.Condition{one("wide:sensitivity", "phi")}})
		var all []string
		for p := range products {
			table := fmt.Sprintf("p%d", p)
			all = append(all, table)
			c.Tables = append(c.Tables, Table{Database: database, Name: table, Columns: []Column{{"a", "string"}, {"b", "string"}, {"mrn", "string"}}})
			c.Associations = append(c.Associations,
				lakeformation.TagAssociation{Resource: lakeformation.Table(database, table), Tags: []lakeformation.Condition{one("wide:sensitivity", "public"), one(key, table)}},
				lakeformation.TagAssociation{Resource: lakeformation.Columns(database, table, "mrn"), Tags: []lakeformation.Condition{one("wide:sensitivity", "phi")}})
		}
		for q := range principals {
			c.Grants = append(c.Grants, lakeformation.Grant{
				Principal:   fmt.Sprintf("arn:aws:iam::111111111111:role/reader%d", q),
				Resource:    lakeformation.TagPolicy(lakeformation.Tables, one("wide:sensitivity", "public"), lakeformation.Condition{Key: key, Values: all}),
				Permissions: []lakeformation.Permission{lakeformation.Select, lakeformation.Describe},
			})
		}
	}
	return &State{Catalogs: []Catalog{c}}
}

// A policy looks at the tables that it may reach, however many others there are, and what
// principals see in the same way is kept once.
func TestWorkGrowsWithWhatIsReached(t *testing.T) {
	const products, principals = 5, 4
	allocated := map[int]float64{}
	for _, domains := range []int{10, 20, 40} {
		state := Merge(wide(domains, products, principals))
		e := newEvaluation(&state.Catalogs[0])
		looked := 0
		for _, g := range e.Grants {
			looked += len(e.find().candidates(g.Resource.Expression))
		}
		matrix := state.Evaluate()
		if rows := domains * products * principals; looked != rows || len(matrix.Rows) != rows {
			t.Errorf("%d domains: %d tables looked at for %d rows, expected %d", domains, looked, len(matrix.Rows), rows)
		}
		kept := map[*ColumnAccess]bool{}
		for _, r := range matrix.Rows {
			if len(r.Columns) != 2 {
				t.Fatalf("%s sees %v of %s", r.Principal, r.Columns, r.Name())
			}
			kept[&r.Columns[0]] = true
		}
		if len(kept) != domains*products {
			t.Errorf("%d domains: %d lists of columns, expected one for each of %d tables", domains, len(kept), domains*products)
		}
		allocated[domains] = testing.AllocsPerRun(1, func() { state.Evaluate() })
	}
	if first, second := allocated[20]-allocated[10], allocated[40]-allocated[20]; second > 2.2*first {
		t.Errorf("allocations grow faster than what is reached: %v", allocated)
	}
}

// BenchmarkWide says what 200 domains with 50 products and 50 principals who read all of
// them take: 500,000 rows.
func BenchmarkWide(b *testing.B) {
	state := wide(200, 50, 50)
	for b.Loop() {
		if rows := len(state.Evaluate().Rows); rows != 500_000 {
			b.Fatalf("%d rows", rows)
		}
	}
}
