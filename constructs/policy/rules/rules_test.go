package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

// Every rule refuses the fixture that breaks it, with findings of that rule alone,
// and has nothing to say about the one that does not.
func TestEveryRuleHasFixtures(t *testing.T) {
	for _, rule := range rules.All() {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			found := check(t, filepath.Join(folder(rule.ID), "fail.json"))
			if len(found) == 0 {
				t.Error("the failing fixture passes")
			}
			for _, f := range found {
				if f.Rule.ID != rule.ID {
					t.Errorf("the failing fixture breaks another rule: %s", f)
				}
				if f.Found == "" || f.Expected == "" || f.File == "" || f.LogicalID == "" || strings.Contains(f.String(), "null") {
					t.Errorf("incomplete: %+v", f)
				}
			}
			for _, f := range check(t, filepath.Join(folder(rule.ID), "pass.json")) {
				t.Errorf("the passing fixture fails: %s", f)
			}
		})
	}
}

// No fixture is left of a rule that is gone.
func TestEveryFixtureHasARule(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, rule := range rules.All() {
		known[filepath.Base(folder(rule.ID))] = true
	}
	for _, e := range entries {
		if !known[e.Name()] {
			t.Errorf("testdata/%s belongs to no rule", e.Name())
		}
	}
}

func TestRulesAreDescribed(t *testing.T) {
	form := regexp.MustCompile(`^LakeMesh\.[A-Z][A-Z0-9]\d\d$`)
	seen := map[string]bool{}
	for _, r := range rules.All() {
		if !form.MatchString(r.ID) || seen[r.ID] {
			t.Errorf("id %q is malformed or taken", r.ID)
		}
		seen[r.ID] = true
		for _, s := range []string{r.Title, r.Why, r.Fix, r.Source} {
			if strings.TrimSpace(s) == "" || strings.HasSuffix(r.Title, ".") || !strings.HasSuffix(r.Why, ".") {
				t.Errorf("%s is not described: %+v", r.ID, r)
			}
		}
	}
}

// Each step of the order is missed: location after the role's policy, database
// after location, association and filter after table, association after tag, and
// grant after filter.
func TestOrder(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range check(t, filepath.Join(folder("LakeMesh.LF50"), "fail.json")) {
		got = append(got, f.LogicalID+": "+f.Found)
	}
	want := []string{
		"Claims: no dependency on Location",
		"Filter: no dependency on Lines",
		"Grant: no dependency on Filter",
		"Lines: no dependency on Claims",
		"Lines: no dependency on Location",
		"Location: no dependency on Policy",
		"Tags: no dependency on Claims",
		"Tags: no dependency on Lines",
		"Tags: no dependency on Tag",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
