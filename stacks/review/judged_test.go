package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
	"github.com/lakemesh/lakemesh/stacks/review"
)

// What a guardrail refuses is new, or the guardrail that refused it went in the same change.
func TestGuardrailsOfBothRevisions(t *testing.T) {
	judge := func(guardrails ...guardrail.Guardrail) *guardrail.Judge {
		j, err := guardrail.New(guardrails)
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	own := guardrail.Guardrail{Name: "no-reader", Refuse: `name == "Reader" && right == "SELECT"`}
	strict, other := judge(own), judge(guardrail.Guardrail{Name: "no-board", Refuse: `name == "Board"`})
	given := template.Given{Account: "111111111111", Region: "eu-west-1"}
	before, after, err := review.ReadBoth("testdata/before", "testdata/after", given)
	if err != nil {
		t.Fatal(err)
	}
	const seen = "Reader has SELECT on patient, days (deidentified) of ward.stays by a grant of Lake Formation"
	for name, test := range map[string]struct {
		before, after *guardrail.Judge
		want          []string
	}{
		"none":            {nil, nil, nil},
		"refused before":  {nil, other, nil},
		"a new violation": {strict, strict, []string{"the guardrail no-reader refuses what was not there before: " + seen}},
		"it went": {strict, other, []string{
			`the guardrail no-reader is gone: it refuses what name == "Reader" && right == "SELECT" is true of`,
			"the guardrail no-reader as it was refused what is let through now: " + seen,
		}},
	} {
		before.Judge, after.Judge = test.before, test.after
		var got []string
		for _, f := range review.Compare(before, after).Of(review.Guardrail) {
			if f.Text != "arn:aws:s3:::ward is no longer registered: Lake Formation does not guard the files in it" {
				got = append(got, f.Text)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
