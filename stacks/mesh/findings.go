package mesh

import (
	"cmp"
	"slices"
	"sort"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// findings collects the problems of a definition and places them in the files it
// was loaded from.
type findings struct {
	source *source
	list   problem.List
	// contracts are the problems of contracts that came from files, with paths in
	// those files.
	contracts map[*contract.Contract]*problem.List
	order     []*contract.Contract
}

func newFindings(s *source) *findings {
	return &findings{source: s, contracts: map[*contract.Contract]*problem.List{}}
}

// addf adds a problem at a path of the mesh.
func (c *findings) addf(path, got, expected, fix string) { c.list.Addf(path, got, expected, fix) }

// emptyList refuses a list that is written and empty.
func (c *findings) emptyList(path string, list []string, expected, fix string) {
	if list != nil && len(list) == 0 {
		c.addf(path, "an empty list", expected, fix)
	}
}

// inContract adds a problem at a path of a contract: in its file, or under the
// domain it was written into.
func (c *findings) inContract(p product, path, got, expected, fix string) {
	if p.contract.File == "" {
		full := at("domains", p.domain, "contracts", p.index)
		if path != "" {
			full += "." + path
		}
		c.addf(full, got, expected, fix)
		return
	}
	list, ok := c.contracts[p.contract]
	if !ok {
		list = &problem.List{}
		c.contracts[p.contract] = list
		c.order = append(c.order, p.contract)
	}
	list.Addf(path, got, expected, fix)
}

// done returns everything that was added, with its places, sorted.
func (c *findings) done() problem.List {
	out := c.source.placeMesh(c.list)
	for _, k := range c.order {
		out = append(out, c.source.placeContract(k, *c.contracts[k])...)
	}
	return out.Sorted()
}

// product is a contract with its place in the definition.
type product struct {
	contract *contract.Contract
	owner    string // name of the domain that publishes it
	domain   int
	index    int
}

// place says where a contract stands, for messages.
func (p product) place() string {
	if p.contract.File != "" {
		return p.contract.File
	}
	return at("domains", p.domain, "contracts", p.index)
}

// products are the contracts of every domain, in the order of the definition.
type products []product

// of are the products of one domain, by its place in the definition.
func (ps products) of(domain int) products {
	from := sort.Search(len(ps), func(i int) bool { return ps[i].domain >= domain })
	to := from + sort.Search(len(ps)-from, func(i int) bool { return ps[from+i].domain > domain })
	return slices.Clip(ps[from:to])
}

// inRaw are the names of the products whose files are in the raw zone, sorted.
func (ps products) inRaw() []string {
	var out []string
	for _, p := range ps {
		if p.contract.Zone.OrDefault() == ontology.Raw {
			out = append(out, p.contract.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// productName is what a subscription calls a product by.
type productName struct{ domain, name string }

// byName are the contracts by the names of their products; of two of one name the first.
func (ps products) byName() map[productName]*contract.Contract {
	out := make(map[productName]*contract.Contract, len(ps))
	for _, p := range ps {
		name := productName{p.owner, p.contract.Name}
		if _, taken := out[name]; !taken {
			out[name] = p.contract
		}
	}
	return out
}

// tablePath is a table's place in its contract.
func tablePath(t contract.Table, index int) string {
	return cmp.Or(t.Path, at("tables", index))
}

// columnPath is a column's place in its contract.
func columnPath(t contract.Table, path, name string) string {
	i := slices.IndexFunc(t.Columns, func(c contract.Column) bool { return c.Name == name })
	if t.Columns[i].Path != "" {
		return t.Columns[i].Path
	}
	return path + ".columns" + at(i)
}

// refuseBlankLimits refuses keys of a mapping that limit an access and stand there
// without a value: a key that was left blank is not the same as none.
func refuseBlankLimits(n strictyaml.Node, limits ...string) {
	if n.Kind() != strictyaml.Mapping {
		return
	}
	var keys map[string]any
	n.Decode(&keys)
	for _, key := range limits {
		if n.Has(key) && keys[key] == nil {
			n.ReportAt(problem.Key(n.Path(), key), "a key without a value", "a value", "give it a value, or take the key out")
		}
	}
}

// source remembers the files that a definition was loaded from, so that problems
// found later are shown in them. A definition written in Go has none.
type source struct {
	mesh *strictyaml.Document
	// contracts are the texts of the contracts' files. They are only parsed again
	// where a problem is to be shown in one.
	contracts map[*contract.Contract][]byte
	// partial are the domains, by index, of which not every contract could be
	// read: that a product is unknown there says nothing.
	partial map[int]bool
	// named are the places in the mesh file that name a contract's product.
	named map[*contract.Contract]string
}

// nameOf is where the mesh file names the product of a contract, "" where the
// contract does.
func (s *source) nameOf(c *contract.Contract) string {
	if s == nil {
		return ""
	}
	return s.named[c]
}

func (s *source) placeMesh(list problem.List) problem.List {
	if s == nil || s.mesh == nil {
		return list
	}
	return s.mesh.Place(list)
}

// inMesh reports whether the mesh file has something at a path.
func (s *source) inMesh(path string) bool { return s != nil && s.mesh != nil && s.mesh.Has(path) }

func (s *source) placeContract(c *contract.Contract, list problem.List) problem.List {
	if s != nil && s.contracts[c] != nil {
		if doc, err := strictyaml.Parse(c.File, s.contracts[c]); err == nil {
			return doc.Place(list)
		}
	}
	out := make(problem.List, len(list))
	for i, p := range list {
		p.File = c.File
		out[i] = p
	}
	return out
}

// isPartial reports whether contracts of a domain are missing because their
// files could not be read.
func (s *source) isPartial(domain int) bool { return s != nil && s.partial[domain] }
