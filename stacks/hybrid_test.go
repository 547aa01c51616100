package stacks_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

// A place of an older lake that the mesh leaves to IAM, with a reason, breaks no rule, and
// plan and templates both say that it is open.
func TestHybridAccess(t *testing.T) {
	old := results("site")
	old.Tables[0].Format, old.Tables[0].Location = contract.FormatParquet, "s3://old-lake/results/"
	definition := hospital(old)
	definition.Domains[0].HybridAccess = map[string]string{"s3://old-lake/results/": "The old jobs read by IAM until 2027-03-31."}

	plan, dir := built(t, definition, nil)
	state := asPlanned(t, plan, dir)
	if notes := strings.Join(state.Evaluate().Notes, "\n"); !strings.Contains(notes, "arn:aws:s3:::old-lake/results is in hybrid access mode") || strings.Count(notes, "hybrid access mode") != 1 {
		t.Errorf("notes\n%s", notes)
	}
	findings, err := rules.Check(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if strings.HasSuffix(f.Rule.ID, "LF43") || strings.HasSuffix(f.Rule.ID, "AK02") {
			t.Error(f)
		}
	}
}
