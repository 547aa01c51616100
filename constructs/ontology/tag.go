package ontology

import (
	"slices"
	"strings"
)

// The LF-Tag keys of the ontology, without the name of the mesh that precedes them. The
// key TagKeyProduct belongs to one domain: ProductTagKey says which.
const (
	TagKeyZone        = "zone"
	TagKeyProduct     = "product"
	TagKeySensitivity = "sensitivity"
)

// NoProduct is the value that a database has for the product key of its domain, and so
// every table in it that no product tags, such as those of crawlers. No product can be
// called so, as names of products have no hyphen.
const NoProduct = "no-product"

// TagKeys are the LF-Tag keys that every mesh has, sorted. Each domain has its
// ProductTagKey beside them.
func TagKeys() []string { return []string{TagKeySensitivity, TagKeyZone} }

// ProductTagKey is the LF-Tag key of a domain whose values are its products and
// NoProduct, without the name of the mesh: "clinical.product". It is one key for each
// domain, because CloudFormation takes 50 values of a key, and Lake Formation 1,000 keys
// in an account. Source: "AWS::LakeFormation::Tag", "Lake Formation quotas".
func ProductTagKey(domain string) string { return strings.ToLower(domain) + "." + TagKeyProduct }

// ProductTagDomain is the domain whose product key an LF-Tag key is, with the name of
// its mesh or without; false for every other key.
func ProductTagDomain(key string) (domain string, ok bool) {
	_, own, found := strings.Cut(key, ":")
	if !found {
		own = key
	}
	domain, ok = strings.CutSuffix(own, "."+TagKeyProduct)
	return domain, ok && domain != ""
}

// IsBuiltIn reports whether an LF-Tag key, with the name of its mesh or without, is one
// of TagKeys or the product key of a domain: those that no mesh file declares.
func IsBuiltIn(key string) bool {
	if _, ok := ProductTagDomain(key); ok {
		return true
	}
	_, own, found := strings.Cut(key, ":")
	if !found {
		own = key
	}
	return slices.Contains(TagKeys(), own)
}

// Tag is an LF-Tag with the values it can take, or, on a resource, the one
// value it has. Lake Formation folds keys and values to lower case.
type Tag struct {
	Key    string   // with the name of the mesh
	Values []string // in the order in which Lake Formation is told of them
}

// Key returns an LF-Tag key of a mesh as it is deployed, "<mesh>:<key>", in lower
// case as Lake Formation stores it.
func Key(mesh, key string) string { return strings.ToLower(mesh + ":" + key) }
