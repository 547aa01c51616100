package page

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/report"
	"github.com/lakemesh/lakemesh/stacks/review"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/installed"
	"github.com/lakemesh/lakemesh/test/widemesh"
)

// largest is how many bytes the page of 200 domains with 20 products may have.
const largest = 14 << 20

// TestPagesInABrowser runs every check of the folder checks in one browser.
func TestPagesInABrowser(t *testing.T) {
	folder := t.TempDir()
	pages := map[string]string{}
	for name, in := range map[string]report.Input{"sample": sampleMesh(t), "wide": wideMesh(t), "hostile": hostileState(), "changes": changedMesh(t)} {
		pages[name] = filepath.Join(folder, name+".html")
		write(t, pages[name], in)
	}
	if size := sizeOf(t, pages["wide"]); size > largest {
		t.Errorf("the page of 200 domains has %d bytes, expected at most %d", size, largest)
	} else {
		t.Logf("the page of 200 domains with 20 products: %.1f MB", float64(size)/1e6)
	}
	for _, r := range run(t, pages) {
		t.Run(r.Check, func(t *testing.T) {
			for _, m := range r.Measured {
				t.Log(m)
			}
			for _, p := range r.Problems {
				t.Error(p)
			}
		})
	}
}

// result is what run.mjs writes of each check, one on a line.
type result struct {
	Check    string
	Problems []string
	Measured []string
}

func run(t *testing.T, pages map[string]string) []result {
	t.Helper()
	root, err := installed.Root()
	if err != nil {
		t.Fatal(err)
	}
	// The browser unpacks itself into the folder for temporary files, once.
	unpacked := filepath.Join(root, "build", "browser")
	if err := os.MkdirAll(unpacked, 0o750); err != nil {
		t.Fatal(err)
	}
	given, err := json.Marshal(pages)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), installed.Path(t, "node_modules/.bin/node"), "run.mjs")
	command.Env = append(os.Environ(), "TMPDIR="+unpacked)
	command.Stdin = bytes.NewReader(given)
	var errs bytes.Buffer
	command.Stderr = &errs
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, errs.String())
	}
	var results []result
	for line := range strings.Lines(string(out)) {
		var r result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		t.Fatal("no check was run")
	}
	return results
}

func write(t *testing.T, name string, in report.Input) {
	t.Helper()
	file, err := os.Create(name) //nolint:gosec // in a folder of the test
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := report.Write(file, in); err != nil {
		t.Fatal(err)
	}
}

func sizeOf(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// sampleMesh is the sample in its templates as they are kept for comparison, for one account.
func sampleMesh(t *testing.T) report.Input {
	t.Helper()
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := definition.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("../snapshot/testdata/riverside/riverside-dev-*.template.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no templates of the sample: %v", err)
	}
	folder := t.TempDir()
	for _, name := range names {
		text, err := os.ReadFile(name) //nolint:gosec // a file of the repository
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, filepath.Base(name)), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	state, err := assembly.ReadGiven(folder, template.Given{Account: "111111111111", Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	return report.Input{Title: "riverside dev", State: state, Plan: plan}
}

// changedMesh is the sample after one line of a contract was changed: a column that may identify
// a patient is called de-identified.
func changedMesh(t *testing.T) report.Input {
	t.Helper()
	const file, from = "contracts/clinical/fhir.odcs.yaml", "so it stays in the domain.\n        classification: "
	read := func(name, to string) review.Revision {
		files := fstest.MapFS{}
		err := fs.WalkDir(sample.FS(), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(sample.FS(), path)
			if path == file {
				text = bytes.Replace(text, []byte(from+"phi"), []byte(from+to), 1)
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
		plan, err := definition.Plan("dev")
		if err != nil {
			t.Fatal(err)
		}
		return review.Revision{Name: name, State: planned.Read(plan)}
	}
	before, after := read("main", "phi"), read("change", "deidentified")
	return report.Input{Title: "riverside dev", State: after.State, Changes: review.Compare(before, after)}
}

// wideMesh has 200 domains with 20 products each.
func wideMesh(t *testing.T) report.Input {
	t.Helper()
	plan, err := widemesh.New(200, 20, 30).Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	return report.Input{Title: "wide dev", State: planned.Read(plan), Plan: plan}
}

// hostile is a text that would run a script where it is read as markup.
const hostile = `</script><img src=x onerror="document.title='owned'"><!--`

// hostileState has the text wherever a state has one.
func hostileState() report.Input {
	arn := "arn:aws:iam::111111111111:role/" + hostile
	s := &access.State{Unresolved: []access.Unresolved{{Place: hostile, Reason: hostile}}}
	c := s.Catalog("111111111111", "us-east-1")
	c.Admins = []string{arn}
	c.Databases = []access.Database{{Name: "ward" + hostile}}
	c.Tables = []access.Table{{Database: "ward" + hostile, Name: hostile, Columns: []access.Column{{Name: hostile, Type: hostile}}}}
	grant := lakeformation.Grant{Principal: arn, Resource: lakeformation.Table("ward"+hostile, hostile), Permissions: []lakeformation.Permission{lakeformation.Select}}
	c.Grants = []lakeformation.Grant{grant}
	c.Subscriptions = []access.SubscribedGrants{{
		Subscription: access.Subscription{Name: hostile, Purpose: hostile, Approver: hostile, LastDay: "2030-01-01"}, Grants: []lakeformation.Grant{grant},
	}}
	c.Bypasses = []access.Bypass{{Principal: arn, Location: "arn:aws:s3:::" + hostile, Can: []access.Ability{access.CanRead}, Path: []string{hostile}}}
	c.Grantors = []access.Grantor{{Principal: arn, What: hostile, Path: []string{hostile}}}
	return report.Input{Title: hostile, State: s}
}
