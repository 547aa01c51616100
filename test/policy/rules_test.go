package policy

import (
	"testing"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

// The sample mesh keeps the rules that LakeMesh gives to others, with nothing
// acknowledged.
func TestSampleKeepsOurRules(t *testing.T) {
	findings, err := rules.Check(sampleMesh(t).Folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f)
	}
}
