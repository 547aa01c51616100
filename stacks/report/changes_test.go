package report_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/report"
	"github.com/lakemesh/lakemesh/stacks/review"
)

// dataOf is what the script of a section gets.
func dataOf(t *testing.T, page, id string, into any) {
	t.Helper()
	found := regexp.MustCompile(`id="data-` + id + `">(.*)</script>`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("no data of %s", id)
	}
	if err := json.Unmarshal([]byte(found[1]), into); err != nil {
		t.Fatal(err)
	}
}

// Findings are in the page with their kinds in words, the reasons and the place. Without a
// base there are none, and nothing says that nothing changes.
func TestChanges(t *testing.T) {
	in := report.Input{State: &access.State{}, Changes: &review.Report{Base: "main", Head: "cdk.out", Findings: []review.Finding{{
		Kind: review.Gained, Severity: review.Error, Text: "Reader gains <b>SELECT</b>", Why: []string{"its level is lower"}, Domain: "ward", Product: "stays",
		Table: "ward.stays", Stack: "ward", Place: review.Place{File: "stays.yaml", Line: 7},
	}, {Kind: review.Resource, Severity: review.Note, Text: "a bucket is deleted", Stack: "ward"}}}}
	var got map[string]any
	dataOf(t, write(t, in), "changes", &got)
	want := map[string]any{
		"base": "main", "head": "cdk.out",
		"kinds": []any{
			map[string]any{"id": "gained", "title": review.Gained.Title(), "text": review.Gained.Description()},
			map[string]any{"id": "resource", "title": review.Resource.Title(), "text": review.Resource.Description()},
		},
		"findings": []any{
			map[string]any{
				"kind": "gained", "severity": "error", "text": "Reader gains <b>SELECT</b>", "reasons": []any{"because its level is lower"},
				"product": "ward.stays", "table": "ward.stays", "stack": "ward", "place": map[string]any{"file": "stays.yaml", "line": 7.0},
			},
			map[string]any{"kind": "resource", "severity": "note", "text": "a bucket is deleted", "stack": "ward"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	in.Changes, got = nil, nil
	dataOf(t, write(t, in), "changes", &got)
	if len(got) > 0 {
		t.Errorf("without a base: %v", got)
	}
}
