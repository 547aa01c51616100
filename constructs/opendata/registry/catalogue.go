package registry

import (
	"embed"
	"fmt"
	"slices"
	"sync"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

const catalogueFile = "datasets.yaml"

//go:embed datasets.yaml contracts/*.odcs.yaml
var files embed.FS

var catalogue = sync.OnceValue(func() []Dataset {
	data, err := files.ReadFile(catalogueFile)
	if err != nil {
		panic(err)
	}
	datasets, err := parse(catalogueFile, data)
	if err != nil {
		panic(err) // a test reads the file
	}
	return datasets
})

// Datasets returns the data sets, in the order of the catalogue.
func Datasets() []Dataset { return slices.Clone(catalogue()) }

// IDs returns the ids of the data sets, in the order of the catalogue.
func IDs() []string {
	var out []string
	for _, d := range catalogue() {
		out = append(out, d.ID)
	}
	return out
}

// Find returns the data set with an id, and whether there is one.
func Find(id string) (Dataset, bool) {
	for _, d := range catalogue() {
		if d.ID == id {
			return d, true
		}
	}
	return Dataset{}, false
}

// Hosted returns the data sets that their publishers host in a bucket: whoever reads it
// needs no permission of ours.
func Hosted(bucket string) []Dataset {
	var out []Dataset
	for _, d := range catalogue() {
		if d.Status == Open && d.Location != "" && s3uri.Parse(d.Location).Bucket == bucket {
			out = append(out, d)
		}
	}
	return out
}

// parse reads a catalogue and checks what its kinds do not say.
func parse(file string, data []byte) ([]Dataset, error) {
	doc, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	var raw struct {
		Datasets []Dataset `strict:"required,nonempty" yaml:"datasets"`
	}
	list := doc.Decode(&raw)
	seen := map[string]bool{}
	for i, d := range raw.Datasets {
		path := problem.Index("datasets", i)
		if seen[d.ID] {
			list.Addf(problem.Key(path, "id"), fmt.Sprintf("%q a second time", d.ID), "an id of its own for each data set", "rename one of the two")
		}
		seen[d.ID] = true
		list = append(list, d.problems(path)...)
	}
	return raw.Datasets, doc.Place(list).Err()
}

// problems are what is wrong with a data set.
func (d *Dataset) problems(path string) problem.List {
	var list problem.List
	lack := func(lacks bool, key, fix string) {
		if lacks {
			list.Addf(problem.Key(path, key), "nothing", "a value, with what else the data set has", fix)
		}
	}
	lack(len(d.Tables) == 0 && len(d.Files) == 0, "files", "say where its tables or files are")
	lack(len(d.Tables) == 0 && d.LeftOut == "", "leftOut", "say why it has no tables")
	lack(len(d.Tables) > 0 && d.Format == "", "format", "say how the files of its tables are written")
	lack(len(d.Tables) > 0 && len(d.SchemaSources) == 0, "schemaSources", "say where the columns were read")
	lack(d.Status != Unlisted && d.Registry == "", "registry", "say which page of the registry has it")
	lack(d.Status == Open && len(d.Tables) > 0 && d.Location == "", "location", "say where its tables are")
	lack(d.Location != "" && d.Region == "", "region", "say in which region they are")
	if d.Location != "" && !s3uri.IsFolder(d.Location) {
		list.Addf(problem.Key(path, "location"), d.Location, "s3://bucket/prefix/", "correct it")
	}
	for i, f := range d.Files {
		if !s3uri.IsFolder(f.Location) {
			list.Addf(problem.Key(problem.Index(problem.Key(path, "files"), i), "location"), f.Location, "s3://bucket/prefix/", "correct it")
		}
	}
	seen := map[string]bool{}
	for i, t := range d.Tables {
		at := problem.Index(problem.Key(path, "tables"), i)
		if seen[t.Name] {
			list.Addf(problem.Key(at, "name"), fmt.Sprintf("%q a second time", t.Name), "a name of its own for each table", "rename one of the two")
		}
		seen[t.Name] = true
		list = append(list, t.problems(at)...)
	}
	return list
}

// problems are what is wrong with a table; its contract finds the rest.
func (t *Table) problems(path string) problem.List {
	var list problem.List
	seen := map[string]bool{}
	for i, c := range t.Columns {
		at := problem.Index(problem.Key(path, "columns"), i)
		if typ, err := gluetype.Parse(c.Type); c.Type != "" && (err != nil || typ.String() != c.Type) {
			list.Addf(at, fmt.Sprintf("the type %q", c.Type), "a type of the Glue catalog", "write for example: pos int")
		}
		if seen[c.Name] {
			list.Addf(at, fmt.Sprintf("%q a second time", c.Name), "a name of its own for each column", "remove one of the two")
		}
		seen[c.Name] = true
	}
	for i, p := range t.Partitions {
		at := problem.Index(problem.Key(path, "partitions"), i)
		if p.Injected == (len(p.Values) > 0) {
			list.Addf(at, "values and injected, or neither", "one of the two", "list the values where they are known, else write injected: true")
		}
		if seen[p.Name] {
			list.Addf(at, fmt.Sprintf("%q, which is a column too", p.Name), "a key that no column is called", "leave the column out")
		}
	}
	return list
}
