package access_test

import (
	"fmt"
	"testing"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// A row names every subscription that feeds it, and says when another grant stays.
func TestRowsNameTheirSubscriptions(t *testing.T) {
	a := access.Subscription{Name: "a", Purpose: "cohort", Approver: "p@example.org", LastDay: "2030-06-30"}
	b := access.Subscription{Name: "b", Purpose: "billing", Approver: "q@example.org", LastDay: "2031-06-30"}
	table, columns := grant(lf.Table("db", "patients"), lf.Describe), grant(lf.Columns("db", "patients", "mrn"), lf.Select)
	for _, c := range []struct {
		name   string
		grants []lf.Grant
		of     []access.SubscribedGrants
		want   string
	}{
		{"none", []lf.Grant{table}, nil, "[] false"},
		{"two", []lf.Grant{table, columns}, []access.SubscribedGrants{
			{Subscription: b, Grants: []lf.Grant{table}}, {Subscription: a, Grants: []lf.Grant{table}}, {Subscription: a, Grants: []lf.Grant{columns}},
		}, fmt.Sprint([]access.Subscription{a, b}) + " false"},
		{"in part", []lf.Grant{table, columns}, []access.SubscribedGrants{{Subscription: a, Grants: []lf.Grant{columns}}}, fmt.Sprint([]access.Subscription{a}) + " true"},
		{"ended", []lf.Grant{table}, []access.SubscribedGrants{
			{Subscription: a, Grants: []lf.Grant{table, columns}}, {Subscription: b, Grants: []lf.Grant{table}},
		}, fmt.Sprint([]access.Subscription{b}) + " false"},
	} {
		state := patients(c.grants...)
		state.Catalogs[0].Subscriptions = c.of
		found := false
		for _, r := range state.Evaluate().Rows {
			if r.Kind == access.OnTable {
				found = true
				if got := fmt.Sprint(r.Subscriptions, r.AlsoOtherwise); got != c.want {
					t.Errorf("%s: got %s, expected %s", c.name, got, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%s: no row", c.name)
		}
	}
}
