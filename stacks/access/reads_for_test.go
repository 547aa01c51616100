package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// Who writes products reads other tables for them: a job for its own product, a role that
// writes many of a domain for the domain.
func TestReadFor(t *testing.T) {
	state := &access.State{}
	home := state.Catalog(account, region)
	home.Databases = []access.Database{{Name: "db"}}
	add := func(domain, product string) {
		home.Tables = append(home.Tables, access.Table{Database: "db", Name: product, Columns: []access.Column{{Name: "key", Type: "string"}}})
		home.Associations = append(home.Associations, lf.TagAssociation{Resource: lf.Table("db", product), Tags: conditions("m:domain", domain, "m:product", product)})
	}
	add("clinical", "patients")
	for i := range 4 {
		add("members", fmt.Sprintf("view_%d", i))
	}
	by := func(principal string, grants ...lf.Grant) {
		home.Grants = append(home.Grants, lf.GrantTo(principal, grants...)...)
	}
	role := func(name string) string { return "arn:aws:iam::" + account + ":role/" + name }
	read := lf.Grant{Resource: lf.Table("db", "patients"), Permissions: []lf.Permission{lf.Select}}
	write := func(table string) lf.Grant {
		return lf.Grant{Resource: lf.Table("db", table), Permissions: []lf.Permission{lf.Select, lf.Insert}}
	}
	by(role("refresh"), read, write("view_0"))
	by(role("pipeline"), read, write("view_0"), write("view_1"), write("view_2"), write("view_3"))
	by(role("analyst"), read, lf.Grant{Resource: lf.Table("db", "view_0"), Permissions: []lf.Permission{lf.Select}})
	by(role("describer"), lf.Grant{Resource: lf.Table("db", "patients"), Permissions: []lf.Permission{lf.Describe}}, write("view_0"))

	var got []string
	for _, r := range state.Evaluate().Rows {
		if len(r.ReadFor) > 0 {
			got = append(got, access.Short(r.Principal)+" reads "+r.Table+" for "+strings.Join(r.ReadFor, " "))
		}
	}
	if want := []string{"pipeline reads patients for members", "refresh reads patients for members.view_0"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
