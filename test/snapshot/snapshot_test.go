package snapshot

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/snapshot"
	lakemesh "github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	defer jsii.Close()
	return m.Run()
}

const golds = "testdata/riverside"

func TestSampleTemplates(t *testing.T) {
	snapshot.MatchAssembly(t, assemble(t, sample.FS(), "dev", "prod"), golds)
}

func TestTwoBuildsAreEqual(t *testing.T) {
	if diff := cmp.Diff(synth(t, sample.FS(), "prod"), synth(t, sample.FS(), "prod")); diff != "" {
		t.Errorf("two builds of the same mesh differ:\n%s", diff)
	}
}

// The order in which people write things down must not show.
func TestOrderOfTheFileDoesNotShow(t *testing.T) {
	want := synth(t, sample.FS(), "prod")
	for seed := range uint64(3) {
		got := synth(t, shuffled(t, sample.FS(), rand.New(rand.NewPCG(seed, 1))), "prod") //nolint:gosec // a seed, not a secret
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: the order in the mesh file changes the templates:\n%s", seed, diff)
		}
	}
}

// assemble renders stages of the mesh and returns the folder of the cloud assembly.
func assemble(t *testing.T, files fs.FS, stages ...string) string {
	t.Helper()
	definition, err := mesh.LoadFS(files, sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
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
	return dir
}

// synth renders stages of the mesh and returns its templates by file name.
func synth(t *testing.T, files fs.FS, stages ...string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(assemble(t, files, stages...), "*.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	templates := map[string][]byte{}
	for _, path := range paths {
		data, err := os.ReadFile(path) //nolint:gosec // a file this test has just written
		if err != nil {
			t.Fatal(err)
		}
		templates[filepath.Base(path)] = data
	}
	if len(templates) == 0 {
		t.Fatal("no templates")
	}
	return templates
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
			node[i].Value = shuffle(node[i].Value, random)
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
