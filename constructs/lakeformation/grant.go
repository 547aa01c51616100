package lakeformation

import (
	"slices"
	"strings"
)

// Grant is what one principal may do with one resource.
type Grant struct {
	Principal   string       // identifier, as Lake Formation takes it
	Resource    Resource     // what is granted on
	Permissions []Permission // what the principal may do
	Grantable   []Permission // those it may pass on; a subset of Permissions
}

// Key identifies the grant: Lake Formation keeps one grant per principal and
// resource (rule 2.4).
func (g Grant) Key() string { return g.Principal + keyOn + g.Resource.Key() }

const keyOn = " on "

// MergeGrants joins the grants of each principal and resource into one, with
// the permissions in their fixed order, and sorts them by resource kind and key,
// so that any order of the input gives the same output.
func MergeGrants(grants []Grant) []Grant {
	type keyed struct {
		Grant
		resource string
	}
	index := make(map[string]int, len(grants))
	all := make([]keyed, 0, len(grants))
	for _, g := range grants {
		resource := g.Resource.Key()
		key := g.Principal + keyOn + resource
		i, seen := index[key]
		if !seen {
			i = len(all)
			index[key] = i
			all = append(all, keyed{Grant{Principal: g.Principal, Resource: g.Resource}, resource})
		}
		all[i].Permissions = SortPermissions(append(all[i].Permissions, g.Permissions...))
		all[i].Grantable = SortPermissions(append(all[i].Grantable, g.Grantable...))
	}
	slices.SortFunc(all, func(a, b keyed) int {
		if a.Principal != b.Principal {
			return strings.Compare(a.Principal, b.Principal)
		}
		return strings.Compare(a.resource, b.resource)
	})
	if len(all) == 0 {
		return nil
	}
	out := make([]Grant, len(all))
	for i := range all {
		out[i] = all[i].Grant
	}
	return out
}

// TagAssociation puts LF-Tags on one database, table or set of columns.
type TagAssociation struct {
	Resource Resource    // KindDatabase, KindTable or KindColumns
	Tags     []Condition // one value per key (rule 2.11)
}

// Key identifies the association by its resource and the keys that it assigns.
func (a TagAssociation) Key() string {
	keys := make([]string, len(a.Tags))
	for i, tag := range a.Tags {
		keys[i] = tag.Key
	}
	return a.Resource.Key() + " " + strings.Join(keys, ",")
}
