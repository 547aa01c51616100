package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/review"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// asApp is the variable that makes the binary of these tests the command line itself, for
// the cdk.json of an app.
const asApp = "LAKEMESH_TEST_AS_APP"

func TestMain(m *testing.M) {
	if os.Getenv(asApp) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// One line of a contract of the sample mesh is changed, from phi to deidentified: both
// revisions are synthesized, and who gains what is said, why, and at which line.
func TestDiffOfTheSampleInGit(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, sample.FS()); err != nil {
		t.Fatal(err)
	}
	settings, err := json.Marshal(map[string]any{
		"app": asApp + "=1 CDK_VALIDATION=false " + binary, "context": map[string]string{"mesh": sample.MeshFile, "stage": "dev"},
	})
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "cdk.json"), settings, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first"}} {
		command := exec.Command("git", arguments...) //nolint:gosec // of this test
		command.Dir = folder
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	const before = "Free text can hold anything, so it stays in the domain.\n        classification: "
	file := filepath.Join(folder, "contracts", "clinical", "fhir.odcs.yaml")
	text, err := fs.ReadFile(sample.FS(), "contracts/clinical/fhir.odcs.yaml")
	if err != nil || strings.Count(string(text), before+"phi\n") != 1 {
		t.Fatalf("the contract has changed: %v", err)
	}
	line := strings.Count(string(text[:strings.Index(string(text), before)]), "\n") + 2
	changed := strings.Replace(string(text), before+"phi\n", before+"deidentified\n", 1)
	if err := os.Chmod(file, 0o600); err != nil { // copied from what is embedded
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	out, _, err := run("diff", "HEAD", "--format", "json", "--fail-on", "gained:error")
	var found failOn
	if !errors.As(err, &found) || string(found) != "--fail-on gained:error: 2 errors" {
		t.Fatalf("got %v\n%s", err, out)
	}
	var report review.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Findings) != 3 {
		t.Errorf("got\n%s\nexpected two who gain and a lower level", out)
	}
	for _, f := range report.Findings {
		if f.Place.File != "contracts/clinical/fhir.odcs.yaml" || f.Place.Line != line || len(f.Columns) != 1 || f.Columns[0].Name != "valuestring" {
			t.Errorf("got %+v; expected the column at line %d", f, line)
		}
		if why := strings.Join(f.Why, "\n"); f.Kind == review.Gained && !strings.Contains(why, "new: riverside:sensitivity=deidentified, set on the column") {
			t.Errorf("got %s", why)
		}
	}
}
