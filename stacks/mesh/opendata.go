package mesh

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/opendata/registry"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// OpenData makes a product of the domain of an open data set: tables that are read where
// their files are, outside the lake, and never written. Package registry has the data sets.
type OpenData struct {
	Dataset  string   `yaml:"dataset"`  // id of the data set, and name of the product
	Location string   `yaml:"location"` // s3://bucket/prefix/ of a copy, with a folder for each table; by default the publisher's, who must host it
	Tables   []string `yaml:"tables"`   // names of the tables that are used; all by default
	// Tags are the values of the ontology's keys that the product has, as lfTags of a
	// contract: {consent: not-required}.
	Tags map[string]string `yaml:"tags" strict:"nonempty"`
}

// openData makes the contracts of the open data of a domain.
func (l *loader) openData(i int) {
	domain := &l.d.Domains[i]
	for j, o := range domain.OpenData {
		path := at("domains", i, "openData", j)
		k, err := o.contract(path)
		if err != nil {
			l.mesh = append(l.mesh, problem.Of(err)...)
			l.d.source.partial[i] = true
			continue
		}
		domain.Contracts = append(domain.Contracts, k)
		dataset, _ := registry.Find(o.Dataset)
		l.d.source.contracts[k] = dataset.ContractText()
	}
}

// contract is that of the data set; problems are at the path of the mesh.
func (o OpenData) contract(path string) (*contract.Contract, error) {
	dataset, ok := registry.Find(o.Dataset)
	if !ok {
		known := registry.IDs()
		return nil, problem.List{{
			Path: problem.Key(path, "dataset"), Got: quote(o.Dataset), Expected: oneOf(known), Fix: "name a data set of the catalogue" + suggest(o.Dataset, known),
		}}
	}
	k, err := dataset.Contract(registry.Use{Location: o.Location, Tables: o.Tables})
	if err != nil {
		var out problem.List
		for _, p := range problem.Of(err) {
			p.Path = path + "." + p.Path
			out.Add(p)
		}
		return nil, out
	}
	for _, key := range slices.Sorted(maps.Keys(o.Tags)) {
		k.LFTags = append(k.LFTags, contract.LFTag{Key: key, Value: o.Tags[key]})
	}
	return k, nil
}

// checkOpenData refuses open data of another partition than that of a stage: nothing is read
// across partitions.
func (c *checker) checkOpenData(domain int, used []OpenData) {
	for j, o := range used {
		dataset, ok := registry.Find(o.Dataset)
		if !ok || o.Location != "" || dataset.Status != registry.Open {
			continue
		}
		for _, name := range c.stages.Names() {
			if got, want := Partition(c.stages[name].Region), Partition(dataset.Region); got != want {
				c.addf(at("domains", domain, "openData", j, "location"), fmt.Sprintf("nothing, with %s in the partition %s and the stage %s in %s", o.Dataset, want, name, got),
					"the place of a copy in the partition of the stage", "copy the data set into a bucket there, and write its place")
			}
		}
	}
}

// noteFarOpenData finds open data that stages read from another region.
func (c *checker) noteFarOpenData(domain int, used []OpenData) {
	for j, o := range used {
		dataset, ok := registry.Find(o.Dataset)
		if !ok || o.Location != "" {
			continue
		}
		for _, name := range c.stages.Names() {
			if region := c.stages[name].Region; region != dataset.Region {
				c.addf(at("domains", domain, "openData", j, "dataset"), fmt.Sprintf("%s in %s, read from %s in the stage %s", o.Dataset, dataset.Region, region, name),
					"data in the region of the stage", "expect slower queries and transfer between regions, or copy what is read often into the lake by a table with sql")
			}
		}
	}
}
