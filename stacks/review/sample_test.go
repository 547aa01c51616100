package review_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/review"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// sampleWith is the plan of the sample mesh with one text of a file replaced by another.
func sampleWith(t testing.TB, name, file, from, to string) review.Revision {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(sample.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(sample.FS(), path)
		if path == file {
			if strings.Count(string(text), from) != 1 {
				t.Fatalf("%s has %d times %q", path, strings.Count(string(text), from), from)
			}
			text = []byte(strings.Replace(string(text), from, to, 1))
		}
		files[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	definition, err := mesh.LoadFS(files, sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := definition.PlanAt("dev", time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return review.Revision{Name: name, State: planned.Read(plan)}
}

// One line of a contract: a column that may identify a patient is called de-identified.
func TestRelabelledColumnOfTheSample(t *testing.T) {
	const before = "Value as text. Free text can hold anything, so it stays in the domain.\n        classification: "
	head := sampleWith(t, "change", "contracts/clinical/fhir.odcs.yaml", before+"phi", before+"deidentified")
	report := review.Compare(sampleWith(t, "main", "", "", ""), head)
	const column = "riverside_clinical_curated.observation (clinical.fhir)"
	want := []string{
		"error gained: riverside-member360-member_360-refresh-us-east-1 gains SELECT on 1 column of " + column + ": valuestring (deidentified, was phi)",
		"error gained: riverside-member360-pipeline-us-east-1 gains SELECT on 1 column of " + column + ": valuestring (deidentified, was phi)",
		"error contract: column valuestring of " + column + " has a lower level: deidentified, was phi",
	}
	if diff := cmp.Diff(want, lines(report)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	const purpose = "Clinical burden, use of services and care gaps for the member 360 view"
	if s := report.Findings[1].Subscriptions; len(s) != 1 || s[0].Purpose != purpose {
		t.Errorf("got the subscriptions %v; expected that with the purpose %q", s, purpose)
	}
}

func TestNothingChanged(t *testing.T) {
	revision := sampleWith(t, "main", "", "", "")
	if report := review.Compare(revision, revision); !report.Empty() {
		t.Errorf("got %v", lines(report))
	}
}

// lines are the findings as "severity kind: text".
func lines(r *review.Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s %s: %s", f.Severity, f.Kind, f.Text))
	}
	return out
}
