package contract

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// Load reads the contract in a file.
func Load(path string) (*Contract, error) {
	data, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	return Parse(path, data)
}

// LoadFS reads the contract in a file of a file system.
func LoadFS(fsys fs.FS, path string) (*Contract, error) {
	data, err := fs.ReadFile(fsys, path)
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	return Parse(path, data)
}

// Parse reads a contract; file is its name in messages. The error carries every
// mistake as a [problem.List], each with its place in the file; findings that do
// not stop a load are in Warnings.
func Parse(file string, data []byte) (*Contract, error) {
	doc, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	b := builder{doc: doc, edition: odcs.Edition(doc)}
	list := doc.DecodeEdition(&b.raw, b.edition, APIVersions())
	seen := make(map[string]bool, len(list))
	for _, p := range list {
		seen[p.Path] = true
	}
	c := b.contract()
	// A part that could not be read has been reported; what else is wrong with it
	// follows from that.
	for _, p := range append(b.problems, b.readable(c.check(b.field))...) {
		if !seen[p.Path] && !seen[strictyaml.Parent(p.Path)] {
			list.Add(p)
		}
	}
	if err := doc.Place(list).Err(); err != nil {
		return nil, err
	}
	c.Warnings = doc.Place(b.warnings).Sorted()
	return c, nil
}

// builder turns a decoded file into a contract.
type builder struct {
	doc      *strictyaml.Document
	raw      odcs.File
	edition  string // the version that the file is read by
	iceberg  bool   // whether the columns that are built are those of an Iceberg table
	problems problem.List
	warnings problem.List

	custom map[string]string // paths of the values of custom properties, by place
	unread []string          // those whose shape is wrong
}

// field returns the path that a finding about a part of a table or column
// belongs to: the key that the file has for it.
func (b *builder) field(base, name string) string {
	if path, found := b.custom[strictyaml.Key(base, name)]; found {
		return path
	}
	keys := map[string][]string{
		fieldName: {"physicalName", "name"},
		fieldType: {"physicalType", "logicalType"},
	}[name]
	for _, key := range append(keys, name) {
		if path := strictyaml.Key(base, key); b.doc.Has(path) {
			return path
		}
	}
	if len(keys) == 0 {
		keys = []string{name}
	}
	return strictyaml.Key(base, keys[len(keys)-1])
}

// before reports whether the file is of an older version.
func (b *builder) before(version string) bool { return odcs.Before(b.edition, version) }

func (b *builder) problem(path, got, expected, fix string) { b.problems.Addf(path, got, expected, fix) }

func (b *builder) warn(path, got, expected, fix string) { b.warnings.Addf(path, got, expected, fix) }
