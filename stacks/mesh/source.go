package mesh

import (
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

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
