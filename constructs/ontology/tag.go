package ontology

import "strings"

// The LF-Tag keys of the ontology, without the name of the mesh that precedes them.
const (
	TagKeyDomain      = "domain"
	TagKeyZone        = "zone"
	TagKeyProduct     = "product"
	TagKeySensitivity = "sensitivity"
)

// TagKeys are the LF-Tag keys that every mesh has, sorted.
func TagKeys() []string { return []string{TagKeyDomain, TagKeyProduct, TagKeySensitivity, TagKeyZone} }

// Tag is an LF-Tag with the values it can take, or, on a resource, the one
// value it has. Lake Formation folds keys and values to lower case.
type Tag struct {
	Key    string   // with the name of the mesh
	Values []string // in the order in which Lake Formation is told of them
}

// Key returns an LF-Tag key of a mesh as it is deployed, "<mesh>:<key>", in lower
// case as Lake Formation stores it.
func Key(mesh, key string) string { return strings.ToLower(mesh + ":" + key) }
