package lakeformation_test

import (
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// A reader becomes a writer, and the reverse, by a grant that comes or goes: no
// grant of one resource changes its permissions.
func TestReadingAndWritingShareNoChangedGrant(t *testing.T) {
	written := map[string][]lakeformation.Permission{}
	for _, g := range lakeformation.WriteTable("lab", "results") {
		if err := g.Resource.Check(g.Permissions); err != nil {
			t.Error(err)
		}
		written[g.Resource.Key()] = g.Permissions
	}
	read := lakeformation.ReadTable("lab", "results")
	for _, g := range read {
		if same := written[g.Resource.Key()]; len(same) != len(g.Permissions) || same[0] != g.Permissions[0] {
			t.Errorf("%s: a reader has %v, and a writer %v", g.Resource.Key(), g.Permissions, same)
		}
	}
	if len(written) <= len(read) {
		t.Error("a writer has no grant that a reader lacks")
	}
}
