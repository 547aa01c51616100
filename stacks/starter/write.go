package starter

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
)

// module is the path of this module.
const module = "github.com/lakemesh/lakemesh"

// app is the files of the CDK app around a mesh, by the names that its user sees. Go would
// take those without a suffix for files of this module.
var app = map[string]string{
	".gitignore":   "app/gitignore.txt",
	"cdk.json":     "app/cdk.json",
	"go.mod":       "app/go.mod.txt",
	"main.go":      "app/main.go.txt",
	"package.json": "app/package.json",
}

// Write writes a ready mesh and the CDK app around it into a folder, which it makes where
// there is none. Names that begin with a point are left out of account, such as .git; a
// folder with others is an error, as is a name that no ready mesh has. When something
// cannot be written, nothing of it is left.
func Write(name, dir string) error {
	mesh, err := FS(name)
	if err != nil {
		return err
	}
	content, err := contentOf(mesh)
	if err != nil {
		return err
	}
	made, err := makeFolder(dir)
	if err != nil {
		return err
	}
	if err := place(content, dir); err != nil {
		if made {
			return errors.Join(err, os.Remove(dir))
		}
		return err
	}
	return nil
}

// contentOf is every file of a ready mesh and of its app, by path.
func contentOf(mesh fs.FS) (map[string][]byte, error) {
	out := map[string][]byte{}
	for to, from := range app {
		text, err := files.ReadFile(from)
		if err != nil {
			return nil, err
		}
		out[to] = text
	}
	out["go.mod"] = required(out["go.mod"], release())
	return out, fs.WalkDir(mesh, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out[path], err = fs.ReadFile(mesh, path)
		return err
	})
}

// required adds a release of this module to a go.mod; without one, go mod tidy takes
// the newest.
func required(mod []byte, release string) []byte {
	if release == "" {
		return mod
	}
	return append(bytes.TrimRight(mod, "\n"), []byte("\n\nrequire "+module+" "+release+"\n")...)
}

// release is the version of this module that the program was built with, "" where that
// is no release.
func release() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == module && released.MatchString(m.Version) {
			return m.Version
		}
	}
	return ""
}

var released = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

// makeFolder makes the folder, or checks that it has no files; made reports which.
func makeFolder(dir string) (made bool, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return true, os.MkdirAll(dir, 0o750)
	}
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if _, ours := app[e.Name()]; ours || !strings.HasPrefix(e.Name(), ".") {
			return false, fmt.Errorf("%s is not empty: it has %s; name a folder that is new or empty", dir, e.Name())
		}
	}
	return false, nil
}

// place writes the files beside where they belong, then moves them there.
func place(content map[string][]byte, dir string) (err error) {
	beside, err := os.MkdirTemp(dir, ".lakemesh-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(beside)) }()
	for path, text := range content {
		file := filepath.Join(beside, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // for the user's repository
			return err
		}
	}
	entries, err := os.ReadDir(beside)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if err := os.Rename(filepath.Join(beside, e.Name()), filepath.Join(dir, e.Name())); err != nil {
			for _, moved := range entries[:i] {
				err = errors.Join(err, os.RemoveAll(filepath.Join(dir, moved.Name())))
			}
			return err
		}
	}
	return nil
}
