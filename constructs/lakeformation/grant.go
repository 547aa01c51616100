package lakeformation

import (
	"cmp"
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
func (g Grant) Key() string { return g.Principal + " on " + g.Resource.Key() }

// MergeGrants joins the grants of each principal and resource into one, with
// the permissions in their fixed order, and sorts them by resource kind and key,
// so that any order of the input gives the same output.
func MergeGrants(grants []Grant) []Grant {
	index := map[string]int{}
	var out []Grant
	for _, g := range grants {
		i, seen := index[g.Key()]
		if !seen {
			i = len(out)
			index[g.Key()] = i
			out = append(out, Grant{Principal: g.Principal, Resource: g.Resource})
		}
		out[i].Permissions = SortPermissions(append(out[i].Permissions, g.Permissions...))
		out[i].Grantable = SortPermissions(append(out[i].Grantable, g.Grantable...))
	}
	slices.SortFunc(out, func(a, b Grant) int {
		return cmp.Or(strings.Compare(a.Principal, b.Principal), strings.Compare(a.Resource.Key(), b.Resource.Key()))
	})
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
