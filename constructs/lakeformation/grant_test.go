package lakeformation_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func drawGrant(r *rapid.T) lakeformation.Grant {
	subset := func(label string, of []lakeformation.Permission) []lakeformation.Permission {
		return rapid.SliceOfN(rapid.SampledFrom(of), 1, 4).Draw(r, label)
	}
	resource := rapid.SampledFrom([]lakeformation.Resource{
		lakeformation.Database("lab"),
		lakeformation.Table("lab", "results"),
		lakeformation.Table("lab", "results").In("222222222222"),
		lakeformation.Columns("lab", "results", "id"),
	}).Draw(r, "resource")
	grant := lakeformation.Grant{
		Principal:   rapid.SampledFrom([]string{"111111111111", "arn:aws:iam::111111111111:role/Analyst"}).Draw(r, "principal"),
		Resource:    resource,
		Permissions: subset("permissions", lakeformation.PermissionsFor(resource)),
	}
	if rapid.Bool().Draw(r, "grantable") {
		grant.Grantable = subset("grantable", grant.Permissions)
	}
	return grant
}

func TestMergeGrants(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		grants := rapid.SliceOfN(rapid.Custom(drawGrant), 0, 12).Draw(r, "grants")
		merged := lakeformation.MergeGrants(grants)

		shuffled := rapid.Permutation(grants).Draw(r, "shuffled")
		if diff := cmp.Diff(merged, lakeformation.MergeGrants(shuffled)); diff != "" {
			r.Fatalf("another order gives another result:\n%s", diff)
		}
		if diff := cmp.Diff(merged, lakeformation.MergeGrants(merged)); diff != "" {
			r.Fatalf("merging what is merged changes it:\n%s", diff)
		}
		if got, want := rights(merged), rights(grants); !cmp.Equal(got, want) {
			r.Fatalf("merging gives or takes rights:\n%s", cmp.Diff(want, got))
		}
		keys := map[string]bool{}
		for _, g := range merged {
			if keys[g.Key()] {
				r.Fatalf("two grants %s", g.Key())
			}
			keys[g.Key()] = true
			if !slices.Equal(g.Permissions, lakeformation.SortPermissions(g.Permissions)) {
				r.Fatalf("%s: permissions out of order: %v", g.Key(), g.Permissions)
			}
		}
	})
}

// rights is each single right that grants give.
func rights(grants []lakeformation.Grant) map[string]bool {
	out := map[string]bool{}
	for _, g := range grants {
		for _, p := range g.Permissions {
			out[g.Key()+": "+string(p)] = true
		}
		for _, p := range g.Grantable {
			out[g.Key()+": may pass on "+string(p)] = true
		}
	}
	return out
}

func TestMergeGrantsKeepsItsInput(t *testing.T) {
	permissions := make([]lakeformation.Permission, 1, 4)
	permissions[0] = lakeformation.Select
	grant := lakeformation.Grant{Principal: "111111111111", Resource: lakeformation.Table("lab", "results"), Permissions: permissions}
	more := grant
	more.Permissions = []lakeformation.Permission{lakeformation.Describe}
	lakeformation.MergeGrants([]lakeformation.Grant{grant, more})
	if got := permissions[:2]; got[0] != lakeformation.Select || got[1] != "" {
		t.Errorf("the caller's permissions became %v", got)
	}
}
