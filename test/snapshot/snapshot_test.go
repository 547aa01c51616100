package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/snapshot"
	lakemesh "github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/golden"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	defer jsii.Close()
	folder, err := os.MkdirTemp("", "lakemesh-snapshot-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	whole.folder = folder
	return m.Run()
}

// whole is the sample mesh in all its stages. Synthesis takes most of the time of these
// tests, so that it is done once for all of them.
var whole struct {
	folder string
	isMade bool
}

func sampleMesh(t *testing.T) string {
	t.Helper()
	if !whole.isMade {
		assemble(t, whole.folder, sample.FS(), "dev", "prod")
		whole.isMade = true
	}
	return whole.folder
}

// Every template of dev is a file that a person has read, and every template of prod that
// dev has no like of.
func TestSampleTemplates(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(sampleMesh(t))); err != nil {
		t.Fatal(err)
	}
	for prod := range twins(t, folder) {
		removeArtifact(t, folder, prod)
	}
	snapshot.MatchAssembly(t, folder, "testdata/riverside")
}

// Of the other templates of prod, the file has what differs from dev: nothing but what
// several accounts ask for.
func TestProdIsAsDev(t *testing.T) {
	folder := sampleMesh(t)
	differences := map[string]difference{}
	for prod, dev := range twins(t, folder) {
		differences[prod] = compare(t, templateFile(folder, dev), templateFile(folder, prod))
	}
	text, err := json.MarshalIndent(differences, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/prod-differs-from-dev.json", append(text, '\n'))
}

// twins are the stacks of prod that dev has as well, and which those are.
func twins(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name := range templates(t, folder) {
		dev := strings.TrimSuffix(name, ".template.json")
		prod := strings.Replace(dev, "riverside-dev-", "riverside-prod-", 1)
		if _, err := os.Stat(templateFile(folder, prod)); prod != dev && err == nil {
			out[prod] = dev
		}
	}
	if len(out) == 0 {
		t.Fatal("no stack stands in both stages")
	}
	return out
}

func templateFile(folder, stack string) string { return filepath.Join(folder, stack+".template.json") }

// removeArtifact takes a stack out of the list that an assembly has of its stacks.
func removeArtifact(t *testing.T, folder, stack string) {
	t.Helper()
	file := filepath.Join(folder, "manifest.json")
	text, err := os.ReadFile(file) //nolint:gosec // a file this test has just written
	if err != nil {
		t.Fatal(err)
	}
	var manifest map[string]any
	decode(t, string(text), &manifest)
	artifacts, _ := manifest["artifacts"].(map[string]any)
	if artifacts[stack] == nil {
		t.Fatalf("the assembly has no stack %s", stack)
	}
	delete(artifacts, stack)
	if err := os.WriteFile(file, encode(t, manifest), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A product is a unit of deployment: what changes in its contract changes its stack alone, also
// where it is read from, and by, products of its domain and of others.
func TestAChangedProductChangesOneStack(t *testing.T) {
	for _, c := range []struct {
		name, domain, product string
		change                func(table *contract.Table)
	}{
		{"a query that reads another product", "clinical", "research_registry", func(table *contract.Table) {
			table.TransformLogic = "SELECT * FROM (" + table.TransformLogic + ") WHERE EXISTS (SELECT 1 FROM {imaging_series.imaging_series})"
		}},
		{"a column of a table that jobs make and read", "clinical", "fhir", func(table *contract.Table) {
			table.TransformLogic = "SELECT *, 1 AS added FROM (" + table.TransformLogic + ")"
			table.Columns = append(table.Columns, contract.Column{Name: "added", Type: "int", Classification: "phi", Sensitivity: ontology.PHI})
		}},
		{"a column that others subscribe to", "claims", "claim_lines", func(table *contract.Table) {
			table.Columns = append(table.Columns, contract.Column{Name: "added", Type: "int", Classification: "phi", Sensitivity: ontology.PHI})
		}},
	} {
		definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
		if err != nil {
			t.Fatal(err)
		}
		for _, domain := range definition.Domains {
			for _, k := range domain.Contracts {
				if domain.Name == c.domain && k.Name == c.product {
					c.change(&k.Tables[0])
				}
			}
		}
		folder := t.TempDir()
		build(t, folder, definition, "dev")
		var changed []string
		before := templates(t, sampleMesh(t))
		for name, template := range templates(t, folder) {
			if !bytes.Equal(template, before[name]) {
				changed = append(changed, name)
			}
		}
		own := "riverside-dev-" + c.domain + "-product-" + strings.ReplaceAll(c.product, "_", "-") + ".template.json"
		if !slices.Equal(changed, []string{own}) {
			t.Errorf("%s changes %v", c.name, changed)
		}
	}
}

// Two builds give the same, and what other stages an app has does not show.
func TestTwoBuildsAreEqual(t *testing.T) {
	if diff := cmp.Diff(ofProd(t, sampleMesh(t)), synth(t, sample.FS(), "prod")); diff != "" {
		t.Errorf("two builds of the same mesh differ:\n%s", diff)
	}
}

// The order in which people write things down must not show, but where it says something.
func TestOrderOfTheFileDoesNotShow(t *testing.T) {
	want := ofProd(t, sampleMesh(t))
	for seed := range uint64(3) {
		got := synth(t, shuffled(t, sample.FS(), rand.New(rand.NewPCG(seed, 1))), "prod") //nolint:gosec // a seed, not a secret
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: the order in the mesh file changes the templates:\n%s", seed, diff)
		}
	}
}

// ofProd are the templates of prod.
func ofProd(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	out := templates(t, folder)
	maps.DeleteFunc(out, func(name string, _ []byte) bool { return !strings.HasPrefix(name, "riverside-prod-") })
	return out
}

// assemble renders stages of a mesh into the folder of a cloud assembly.
func assemble(t *testing.T, dir string, files fs.FS, stages ...string) {
	t.Helper()
	definition, err := mesh.LoadFS(files, sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	build(t, dir, definition, stages...)
}

// build renders stages of a definition into the folder of a cloud assembly.
func build(t *testing.T, dir string, definition *mesh.Definition, stages ...string) {
	t.Helper()
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &dir, Context: &context, AnalyticsReporting: jsii.Bool(false)})
	for _, stage := range stages {
		plan, err := definition.Plan(stage)
		if err != nil {
			t.Fatal(err)
		}
		lakemesh.Build(app, plan)
	}
	app.Synth(nil)
}

// synth renders stages of a mesh and returns its templates by file name.
func synth(t *testing.T, files fs.FS, stages ...string) map[string][]byte {
	t.Helper()
	folder := t.TempDir()
	assemble(t, folder, files, stages...)
	return templates(t, folder)
}

// templates are those of a cloud assembly by file name.
func templates(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, path := range paths {
		data, err := os.ReadFile(path) //nolint:gosec // a file this test has just written
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(path)] = data
	}
	if len(out) == 0 {
		t.Fatal("no templates")
	}
	return out
}

// shuffled copies a mesh into a folder with the keys and lists of its mesh file
// in another order.
func shuffled(t *testing.T, files fs.FS, random *rand.Rand) fs.FS {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, sample.MeshFile)
	data, err := os.ReadFile(path) //nolint:gosec // a file this test has just written
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := yaml.UnmarshalWithOptions(data, &tree, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	data, err = yaml.Marshal(shuffle(tree, random))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(data)) == "" {
		t.Fatal("nothing left after shuffling")
	}
	return os.DirFS(dir)
}

func shuffle(node any, random *rand.Rand) any {
	switch node := node.(type) {
	case yaml.MapSlice:
		for i := range node {
			if node[i].Key != "ontology" { // whose values restrict more and more
				node[i].Value = shuffle(node[i].Value, random)
			}
		}
		random.Shuffle(len(node), func(i, j int) { node[i], node[j] = node[j], node[i] })
	case []any:
		for i := range node {
			node[i] = shuffle(node[i], random)
		}
		random.Shuffle(len(node), func(i, j int) { node[i], node[j] = node[j], node[i] })
	}
	return node
}
