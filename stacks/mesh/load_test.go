package mesh_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/golden"
)

// Every bad mesh, with exactly what is said about it. A mesh is bad when it does
// not load, or does not validate.
func TestBadMeshes(t *testing.T) {
	cases := golden.Cases(t, filepath.Join("testdata", "bad"))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			d, err := mesh.LoadFS(os.DirFS(c.Folder(t)), "mesh.yaml")
			if err == nil {
				err = d.Validate()
			}
			if err == nil {
				t.Fatal("nothing is reported")
			}
			for _, p := range problem.Of(err) {
				if p.File == "" || p.Path == "" || p.Got == "" || p.Expected == "" || p.Fix == "" {
					t.Errorf("incomplete: %+v", p)
				}
			}
			c.Check(t, err.Error()+"\n")
		})
	}
	if len(cases) < 25 {
		t.Errorf("only %d bad meshes", len(cases))
	}
}

const goodMesh = `apiVersion: lakemesh/v1
name: river
stages: {dev: {region: us-east-1, accounts: {main: "111111111111"}}}
principals:
  analysts: arn:aws:iam::{main}:role/Analyst
domains:
  - name: clinical
    account: main
    owner: clinical@river.example
    products: [products/*.yaml]
`

const goodContract = `apiVersion: v3.1.0
kind: DataContract
id: visits
name: visits
version: 1.0.0
status: active
schema:
  - name: visits
    properties:
      - {name: note, logicalType: string}
`

// The machine's files and a file system give the same mesh, but for the names of
// the files, which are those that were asked for.
func TestLoad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a [odd] name")
	if err := os.MkdirAll(filepath.Join(dir, "products"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"mesh.yaml": goodMesh, "products/visits.yaml": goodContract} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "mesh.yaml")
	fromFile, err := mesh.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	fromFS, err := mesh.LoadFS(fstest.MapFS{
		"deep/mesh.yaml":            {Data: []byte(goodMesh)},
		"deep/products/visits.yaml": {Data: []byte(goodContract)},
	}, "deep/mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	warning := fromFile.Warnings()
	if len(warning) != 1 || warning[0].File != filepath.Join(dir, "products", "visits.yaml") || warning[0].Line == 0 {
		t.Errorf("got the warnings %v, expected one about the column", warning)
	}
	if w := fromFS.Warnings(); len(w) != 1 || w[0].File != "deep/products/visits.yaml" {
		t.Errorf("got the warnings %v", w)
	}
	a, b := plan(t, fromFile, ""), plan(t, fromFS, "")
	if !reflect.DeepEqual(a.Grants(), b.Grants()) || len(a.Domains[0].Tables()) != 1 {
		t.Error("the plans differ")
	}
}

func TestLoadMissingFile(t *testing.T) {
	_, err := mesh.Load(filepath.Join("testdata", "nothing", "mesh.yaml"))
	want := filepath.Join("testdata", "nothing", "mesh.yaml") + ": .: got no such file or directory; expected a mesh file; fix: name the mesh file, usually mesh.yaml"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, expected %s", err, want)
	}
	var list problem.List
	if !errors.As(err, &list) {
		t.Error("no problem.List")
	}
}

// What is changed in Go after a load is still reported in the file.
func TestProblemsOfALoadedMeshAreInItsFiles(t *testing.T) {
	d, err := mesh.LoadFS(fstest.MapFS{
		"mesh.yaml":            {Data: []byte(goodMesh)},
		"products/visits.yaml": {Data: []byte(goodContract)},
	}, "mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d.Domains[0].Contracts[0].Tables[0].Columns[0].Classification = "secret"
	d.Domains[0].Owner = ""
	text := d.Validate().Error()
	for _, part := range []string{"mesh.yaml:9:12: domains[0].owner: got nothing", "products/visits.yaml:10:"} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is not in\n%s", part, text)
		}
	}
}

// Any text loads or is refused with places; nothing panics.
func FuzzLoad(f *testing.F) {
	f.Add(goodMesh, goodContract)
	f.Add("name: [", "")
	f.Add("domains: [{products: ['*']}]", "schema: 1")
	for _, c := range golden.Cases(f, filepath.Join("testdata", "bad")) {
		text := strings.ReplaceAll(string(c.Files["mesh.yaml"]), "contracts/clinical/*.odcs.yaml", "products/*.yaml")
		f.Add(text, string(c.Files["contracts/clinical/visits.odcs.yaml"]))
	}
	f.Fuzz(func(t *testing.T, text, product string) {
		d, err := mesh.LoadFS(fstest.MapFS{
			"mesh.yaml":            {Data: []byte(text)},
			"products/visits.yaml": {Data: []byte(product)},
		}, "mesh.yaml")
		if err == nil {
			_, err = d.Plan("")
		}
		for _, p := range problem.Of(err) {
			if p.Path == "" || p.Got == "" || p.Expected == "" {
				t.Errorf("incomplete: %+v", p)
			}
		}
	})
}
