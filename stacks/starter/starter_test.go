package starter_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/starter"
	"github.com/lakemesh/lakemesh/test/golden"
)

// written is a ready mesh as Write leaves it in a folder.
func written(t *testing.T, name string) (string, *mesh.Definition) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "own", name)
	if err := starter.Write(name, dir); err != nil {
		t.Fatal(err)
	}
	definition, err := mesh.Load(filepath.Join(dir, starter.MeshFile))
	if err != nil {
		t.Fatal(err)
	}
	return dir, definition
}

// Every ready mesh is valid, without warnings but that nothing keeps the promises of
// contracts yet, and its stacks are those of the golden file.
func TestReadyMeshes(t *testing.T) {
	for _, ready := range starter.Meshes() {
		t.Run(ready.Name, func(t *testing.T) {
			dir, definition := written(t, ready.Name)
			if err := definition.Validate(); err != nil {
				t.Fatal(err)
			}
			for _, w := range definition.Warnings() {
				if w.Expected != "what something runs or keeps" {
					t.Error(w)
				}
			}
			showsPHI := slices.ContainsFunc(definition.Subscriptions, func(s mesh.Subscription) bool { return slices.Contains(s.Sensitivity, "phi") })
			if on := func(g mesh.GuardrailRule) bool { return g.Name == mesh.PHIStaysInDomain }; !showsPHI && !slices.ContainsFunc(definition.Guardrails, on) {
				t.Errorf("guardrail %s is off", mesh.PHIStaysInDomain)
			}
			var stacks strings.Builder
			for _, stage := range definition.Stages.Names() {
				plan, err := definition.Plan(stage)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range plan.Stacks() {
					fmt.Fprintln(&stacks, s.Name)
				}
			}
			golden.Check(t, filepath.Join("testdata", ready.Name+".golden"), []byte(stacks.String()))
			checkFiles(t, dir, definition)
		})
	}
}

// checkFiles holds the files of a folder against the mesh that is loaded from it.
func checkFiles(t *testing.T, dir string, definition *mesh.Definition) {
	t.Helper()
	for _, name := range []string{".gitignore", "README.md", "cdk.json", "go.mod", "main.go", "package.json"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	contracts, err := filepath.Glob(filepath.Join(dir, "contracts", "*", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	ids, loaded := map[string]bool{}, 0
	for _, domain := range definition.Domains {
		for _, k := range domain.Contracts {
			if madeByKey(domain, k.Name) {
				continue
			}
			loaded++
			if ids[k.ID] {
				t.Errorf("%s.%s has the id of another contract", domain.Name, k.Name)
			}
			ids[k.ID] = true
			for _, table := range k.Tables {
				for _, c := range table.Columns {
					if c.Description == "" || len(c.Description) > 255 || c.Classification == "" {
						t.Errorf("%s.%s.%s: %d characters of description, classification %q", domain.Name, table.Name, c.Name, len(c.Description), c.Classification)
					}
				}
			}
		}
	}
	if loaded != len(contracts) {
		t.Errorf("the mesh loads %d of %d contracts", loaded, len(contracts))
	}
}

// madeByKey reports whether a key of the domain makes a product, and no file.
func madeByKey(domain mesh.Domain, product string) bool {
	return domain.Variants != nil && product == "variants" ||
		slices.ContainsFunc(domain.OpenData, func(o mesh.OpenData) bool { return o.Dataset == product })
}

// The question of carriers is the one of the variant lake, word for word.
func TestQueryOfTheLakeIsKept(t *testing.T) {
	text, err := os.ReadFile("../../constructs/variants/queries/brca1-carriers.sql")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(string(text), "{variants}", "genomes_genomics_curated")
	_, definition := written(t, "genomics")
	for _, domain := range definition.Domains {
		for _, q := range domain.Queries {
			if q.Name == "brca1-carriers" && q.SQL != want {
				t.Errorf("got\n%s\nwant\n%s", q.SQL, want)
			}
		}
	}
}

// An app gets the command line of the CDK that everything here is tested with.
func TestCommandLineIsTheTestedOne(t *testing.T) {
	version := regexp.MustCompile(`"aws-cdk": "([^"]+)"`)
	of := func(path string) string {
		text, err := os.ReadFile(path) //nolint:gosec // a file of this repository
		if err != nil {
			t.Fatal(err)
		}
		return version.FindString(string(text))
	}
	if own, tested := of("app/package.json"), of("../../package.json"); own == "" || own != tested {
		t.Errorf("an app gets %s, tested is %s", own, tested)
	}
}

// A folder with files is left as it is, and one with a repository of Git is taken.
func TestWriteRefusesAFolderWithFiles(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := starter.Write("clinical", dir); err != nil {
		t.Fatal(err)
	}
	before := listed(t, dir)
	if !slices.Contains(before, starter.MeshFile) || slices.ContainsFunc(before, func(f string) bool { return strings.HasPrefix(f, ".lakemesh-") }) {
		t.Errorf("the folder has %v", before)
	}
	if err := starter.Write("member360", dir); err == nil || !strings.Contains(err.Error(), "is not empty: it has .gitignore; name a folder") {
		t.Errorf("got %v", err)
	}
	if after := listed(t, dir); !slices.Equal(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
	file := filepath.Join(dir, starter.MeshFile)
	if err := starter.Write("clinical", file); err == nil {
		t.Error("a mesh is written into a file")
	}
}

func TestUnknownMesh(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	err := starter.Write("clinicl", dir)
	if want := `no ready mesh is called "clinicl"; there are: clinical, genomics, member360, multiomics`; err == nil || err.Error() != want {
		t.Errorf("got %v, expected %s", err, want)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a folder was made")
	}
}

func listed(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		out = append(out, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
