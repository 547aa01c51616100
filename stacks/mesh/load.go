package mesh

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// Load reads a mesh file and the contracts that its domains list, strictly: an
// unknown key, a value of the wrong kind or a pattern without files is an error.
//
// The error is a problem.List with everything that is wrong with the files at
// once, each with file, line, column and the lines around it. Where files cannot
// be read in full, what Validate finds in the rest is in the same list. Where
// they can, Load does not validate: call Validate or Plan.
//
// What deserves attention and is no error is in Warnings.
func Load(name string) (*Definition, error) { return load(osFiles(name), name) }

// LoadFS is Load in a file system, for example an embed.FS.
func LoadFS(fsys fs.FS, name string) (*Definition, error) {
	return load(fsFiles(fsys, name), path.Clean(name))
}

func load(f fileSystem, name string) (*Definition, error) {
	data, err := f.read(name)
	if err != nil {
		return nil, unreadable(name, err, "a mesh file", "name the mesh file, usually mesh.yaml").Err()
	}
	doc, err := strictyaml.Parse(name, data)
	if err != nil {
		return nil, err
	}
	d := &Definition{}
	found := doc.Decode(d)
	d.source = &source{mesh: doc, contracts: map[*contract.Contract][]byte{}, named: map[*contract.Contract]string{}, partial: map[int]bool{}}
	l := &loader{files: f, d: d, owners: map[string]string{}}
	for i := range d.Domains {
		below := at("domains", i) + "."
		d.source.partial[i] = slices.ContainsFunc(found, func(p problem.Problem) bool { return strings.HasPrefix(p.Path, below) })
		l.domain(i)
	}
	found = append(found, doc.Place(l.mesh)...)
	found = append(found, l.contracts...)
	if len(found) > 0 {
		return nil, withChecks(doc, found, d.problems()).Err()
	}
	return d, nil
}

// unreadable is a file that could not be read.
func unreadable(name string, err error, expected, fix string) problem.List {
	got := err.Error()
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		got = pathError.Err.Error()
	}
	return problem.List{{File: name, Path: ".", Got: got, Expected: expected, Fix: fix}}
}

// loader reads the contracts of a definition.
type loader struct {
	files     fileSystem
	d         *Definition
	owners    map[string]string // the pattern, by its path, that found a file
	mesh      problem.List      // in the mesh file
	contracts problem.List      // in contracts
}

func (l *loader) domain(i int) {
	domain := &l.d.Domains[i]
	var found []string
	for j, pattern := range domain.Products {
		matched, ok := l.match(at("domains", i, "products", j), pattern)
		if !ok {
			l.d.source.partial[i] = true
		}
		found = append(found, matched...)
	}
	slices.Sort(found)
	given := l.productNames(i, found)
	for _, name := range found {
		c, err := l.contract(name)
		if err != nil {
			l.contracts = append(l.contracts, problem.Of(err)...)
			l.d.source.partial[i] = true
			continue
		}
		if id, ok := given[name]; ok {
			c.Name = id.name
			l.d.source.named[c] = id.path
		}
		domain.Contracts = append(domain.Contracts, c)
		l.baselines(domain, name, c.Name)
	}
	l.openData(i)
	l.variants(i)
}

// baselines reads the earlier copies of the contract of a product.
func (l *loader) baselines(domain *Domain, name, product string) {
	for _, earlier := range []struct {
		folder string
		into   *[]*contract.Contract
	}{{deployedFolder, &domain.Deployed}, {appliedFolder, &domain.Applied}} {
		file := l.files.join(filepath.Dir(name), earlier.folder, filepath.Base(name))
		data, err := l.files.read(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			l.contracts = append(l.contracts, unreadable(file, err, "a copy of "+name, "copy the contract there, or remove what is there")...)
			continue
		}
		c, err := contract.Parse(file, data)
		if err != nil {
			l.contracts = append(l.contracts, problem.Of(err)...)
			continue
		}
		if _, given := l.d.source.named[domain.Contracts[len(domain.Contracts)-1]]; given {
			c.Name = product
		}
		*earlier.into = append(*earlier.into, c)
	}
}

// givenName is a product's name in the mesh file, and where it stands.
type givenName struct{ name, path string }

// productNames are the names that a domain gives to products, by file.
func (l *loader) productNames(domain int, files []string) map[string]givenName {
	out := map[string]givenName{}
	names := l.d.Domains[domain].ProductNames
	for _, file := range slices.Sorted(maps.Keys(names)) {
		path := at("domains", domain, "productNames", file)
		name := l.files.join(l.files.dir, file)
		if !slices.Contains(files, name) {
			l.mesh.Addf(path, quote(file)+", which products does not list", "a contract file of the domain, relative to the mesh file", "correct the name, or list the file in products"+suggest(name, files))
			continue
		}
		out[name] = givenName{name: names[file], path: path}
	}
	return out
}

// match finds the files of one pattern that no pattern before it has found.
func (l *loader) match(path, pattern string) ([]string, bool) {
	if strings.Contains(pattern, "**") {
		l.mesh.Addf(path, quote(pattern), "a pattern in which * stands for a part of one name", "write one pattern for each folder")
		return nil, false
	}
	matched, err := l.files.match(pattern)
	switch {
	case err != nil:
		l.mesh.Addf(path, quote(pattern), "a file name or pattern", "close the brackets, or write the name of the file")
		return nil, false
	case len(matched) == 0:
		l.mesh.Addf(path, quote(pattern)+", which matches no file", "the contract files of the domain, relative to the mesh file", "correct the pattern, write the contract, or take the pattern out")
		return nil, false
	}
	var out []string
	for _, name := range matched {
		if owner, taken := l.owners[name]; taken {
			l.mesh.Addf(path, fmt.Sprintf("%s, which %s lists too", name, owner), "each contract once", "narrow one of the two patterns")
			continue
		}
		l.owners[name] = path
		out = append(out, name)
	}
	return out, true
}

// contract reads one contract, and keeps its text for problems that are found
// later.
func (l *loader) contract(name string) (*contract.Contract, error) {
	data, err := l.files.read(name)
	if err != nil {
		return nil, unreadable(name, err, "a contract file", "let the pattern match contract files only").Err()
	}
	c, err := contract.Parse(name, data)
	if err != nil {
		return nil, err
	}
	l.d.source.contracts[c] = data
	return c, nil
}

// withChecks adds to what is wrong with the files what the checks found in the
// rest of them, except what follows from the former: a finding at the same
// place, and a value that the mesh lacks beside a key that could not be read.
func withChecks(mesh *strictyaml.Document, found, checks problem.List) problem.List {
	places, parents := map[string]bool{}, map[string]bool{}
	for _, p := range found {
		places[p.Place()] = true
		if p.File == mesh.File() {
			parents[parent(p.Path)] = true
		}
	}
	out := slices.Clone(found)
	for _, p := range checks {
		lacking := p.File == mesh.File() && !mesh.Has(p.Path)
		if !places[p.Place()] && !(lacking && parents[parent(p.Path)]) {
			out = append(out, p)
		}
	}
	return out
}

// parent is the path of what holds the value at a path.
func parent(path string) string {
	if i := strings.LastIndexAny(path, ".["); i > 0 {
		return path[:i]
	}
	return ""
}

// fileSystem is where a definition is loaded from: the file system of the machine, or
// any other. Names are those that messages show.
type fileSystem struct {
	dir  string // of the mesh file
	read func(name string) ([]byte, error)
	glob func(pattern string) ([]string, error)
	join func(elements ...string) string
}

// osFiles are the files of the machine.
func osFiles(mesh string) fileSystem {
	return fileSystem{dir: filepath.Dir(mesh), read: os.ReadFile, glob: filepath.Glob, join: filepath.Join}
}

// fsFiles are the files of fsys.
func fsFiles(fsys fs.FS, mesh string) fileSystem {
	return fileSystem{
		dir:  path.Dir(mesh),
		read: func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) },
		glob: func(pattern string) ([]string, error) { return fs.Glob(fsys, pattern) },
		join: path.Join,
	}
}

// match returns the files of a pattern that is relative to the mesh file. What
// looks like a pattern in the name of the folder of the mesh file is none.
func (f fileSystem) match(pattern string) ([]string, error) {
	literal := strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)
	dir := f.dir
	if os.PathSeparator == '/' {
		dir = literal.Replace(dir)
	}
	return f.glob(f.join(dir, pattern))
}
