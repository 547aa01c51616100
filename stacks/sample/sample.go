package sample

import (
	"embed"
	"io/fs"
)

// MeshFile is the name of the mesh file in FS.
const MeshFile = "mesh.yaml"

const folder = "riverside"

//go:embed riverside
var files embed.FS

// FS returns the files of the mesh, rooted at the folder of MeshFile.
func FS() fs.FS {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // only for a folder name that is not a path
	}
	return sub
}
