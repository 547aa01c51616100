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
	why := strings.Join(report.Findings[1].Reasons(), "\n")
	for _, part := range []string{
		"because riverside-member360-pipeline-us-east-1 is granted DESCRIBE SELECT on what is tagged riverside:clinical.product=fhir and riverside:sensitivity=deidentified|internal",
		"Clinical burden, use of services and care gaps for the member 360 view, approved by clinical-data@riverside.example, until 2027-12-31",
		"; riverside:clinical.product=fhir, inherited from table",
		"; new: riverside:sensitivity=deidentified, set on the column, in place of phi of table",
	} {
		if !strings.Contains(why, part) {
			t.Errorf("got\n%s\nexpected %s", why, part)
		}
	}
	if s := report.Findings[1].Subscriptions; len(s) != 1 || s[0].LastDay != "2027-12-31" || strings.Count(why, s[0].Purpose) != 1 {
		t.Errorf("got the subscriptions %v and\n%s", s, why)
	}
}

func TestNothingChanged(t *testing.T) {
	revision := sampleWith(t, "main", "", "", "")
	if report := review.Compare(revision, revision); !report.Empty() {
		t.Errorf("got %v", lines(report))
	}
}

// Another study: the filter and what is granted on it are new, and other rows are seen.
func TestOtherRowsOfTheSample(t *testing.T) {
	const before = "    rows: \"study_id = 'NCT0456'\"\n    tags: {consent: [research]}"
	after := strings.Replace(before, "0456", "0457", 1)
	report := review.Compare(sampleWith(t, "main", "", "", ""), sampleWith(t, "change", "mesh.yaml", before, after))
	if len(report.Of(review.Rows)) != 3 || len(report.Of(review.Rows)) != len(report.Findings) {
		t.Fatalf("got %v", lines(report))
	}
	f := report.Findings[0]
	const rows = "study_id = 'NCT0457' instead of study_id = 'NCT0456'"
	if want := "CardiologyAnalyst sees other rows of 30 columns of riverside_clinical_analytics.patient_deid (clinical.patient_deid): patient_token, "; !strings.HasPrefix(f.Text, want) ||
		!strings.HasSuffix(f.Text, ", and 16 more (deidentified) now "+rows+"; study_id, deid_method (public) now "+rows) || f.Severity != review.Warning {
		t.Errorf("got %s %s", f.Severity, f.Text)
	}
	if why := strings.Join(f.Why, "\n"); len(f.Why) != 1 || strings.Count(why, "new: ") != 2 || !strings.Contains(why, "new: filter research_patient_deid") {
		t.Errorf("got %s", why)
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
