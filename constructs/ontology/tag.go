package ontology

import "strings"

// The facets of the ontology: each is one LF-Tag key of a mesh.
const (
	FacetDomain      = "domain"
	FacetZone        = "zone"
	FacetProduct     = "product"
	FacetSensitivity = "sensitivity"
)

// Facets are the facets that every mesh has, sorted.
func Facets() []string { return []string{FacetDomain, FacetProduct, FacetSensitivity, FacetZone} }

// Tag is an LF-Tag with the values it can take, or, on a resource, the one
// value it has. Lake Formation folds keys and values to lower case.
type Tag struct {
	Key    string
	Values []string
}

// Key returns the LF-Tag key of a facet in a mesh, "<mesh>:<facet>", in lower
// case as Lake Formation stores it.
func Key(mesh, facet string) string { return strings.ToLower(mesh + ":" + facet) }
