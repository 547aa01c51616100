package mesh

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// files is where a definition is loaded from: the file system of the machine, or
// any other. Names are those that messages show.
type files struct {
	dir  string // of the mesh file
	read func(name string) ([]byte, error)
	glob func(pattern string) ([]string, error)
	join func(elements ...string) string
}

// osFiles are the files of the machine.
func osFiles(mesh string) files {
	return files{dir: filepath.Dir(mesh), read: os.ReadFile, glob: filepath.Glob, join: filepath.Join}
}

// fsFiles are the files of fsys.
func fsFiles(fsys fs.FS, mesh string) files {
	return files{
		dir:  path.Dir(mesh),
		read: func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) },
		glob: func(pattern string) ([]string, error) { return fs.Glob(fsys, pattern) },
		join: path.Join,
	}
}

// match returns the files of a pattern that is relative to the mesh file. What
// looks like a pattern in the name of the folder of the mesh file is none.
func (f files) match(pattern string) ([]string, error) {
	literal := strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)
	dir := f.dir
	if os.PathSeparator == '/' {
		dir = literal.Replace(dir)
	}
	return f.glob(f.join(dir, pattern))
}
