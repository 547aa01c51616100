package access_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

func TestRevokedCascades(t *testing.T) {
	passed := func(by, table string) access.CascadedGrant {
		return access.CascadedGrant{By: by, Grant: lf.Grant{Principal: "arn:aws:iam::" + by + ":role/Reader", Resource: lf.Table("db", table), Permissions: []lf.Permission{lf.Select}}}
	}
	state := func(grants ...access.CascadedGrant) *access.State {
		return &access.State{Catalogs: []access.Catalog{{Account: "111111111111", Region: "us-east-1", Cascaded: grants}}}
	}
	a, b, other := passed("222222222222", "a"), passed("222222222222", "b"), passed("333333333333", "a")
	for name, test := range map[string]struct {
		before, after *access.State
		want          []access.RevokedCascade
	}{
		"nothing changes":   {state(a, other), state(other, a), nil},
		"one more":          {state(a), state(a, b), nil},
		"one less":          {state(a, b), state(a), []access.RevokedCascade{{By: "222222222222", Catalog: "111111111111"}}},
		"one for another":   {state(a, other), state(b), []access.RevokedCascade{{By: "222222222222", Catalog: "111111111111", Replaced: true}, {By: "333333333333", Catalog: "111111111111"}}},
		"another region":    {state(a), &access.State{Catalogs: []access.Catalog{{Account: "111111111111", Region: "eu-west-1"}}}, nil},
		"nothing at first":  {&access.State{}, state(a), nil},
		"nothing in common": {state(a), &access.State{}, nil},
	} {
		if diff := cmp.Diff(test.want, access.RevokedCascades(test.before, test.after)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
