package starter

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// MeshFile is the name of the mesh file in FS.
const MeshFile = "mesh.yaml"

// Mesh is a ready mesh.
type Mesh struct {
	Name        string // what it is asked for by
	Description string // what it has, in a sentence
}

// meshes are in the order of their names, each with a folder of its name here.
var meshes = []Mesh{
	{"clinical", "HealthLake and HealthImaging stores, the curated record, and de-identified products for research"},
	{"genomics", "VCF files to Iceberg tables on EMR Serverless, beside ClinVar and gnomAD, for curators and quality control"},
	{"member360", "Clinical, claims and pharmacy products, joined by token into one view of a member"},
	{"multiomics", "TCGA lung cancer after AWS guidance SO0077: clinical, mutation, copy number, expression, imaging, as one nightly workflow"},
}

//go:embed app clinical genomics member360 multiomics
var files embed.FS

// Meshes returns the ready meshes, sorted by name.
func Meshes() []Mesh { return slices.Clone(meshes) }

// FS returns the mesh file of a ready mesh, its contracts and its README, rooted at the
// folder of MeshFile. A name that no ready mesh has is an error that says which there are.
func FS(name string) (fs.FS, error) {
	var names []string
	for _, m := range meshes {
		if m.Name == name {
			return fs.Sub(files, name)
		}
		names = append(names, m.Name)
	}
	return nil, fmt.Errorf("no ready mesh is called %q; there are: %s", name, strings.Join(names, ", "))
}
