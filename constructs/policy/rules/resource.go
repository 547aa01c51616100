package rules

import (
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// granted is the resource of a grant or tag association, when exactly one is named.
func (o *object) granted() (lf.Resource, bool) {
	r, _ := lf.FromCloudFormation(get(o.props, "Resource"))
	return r, r.Kind != ""
}

// permissions are those of a grant.
func (o *object) permissions(property string) []lf.Permission {
	var out []lf.Permission
	for _, p := range texts(o.props, property) {
		out = append(out, lf.Permission(p))
	}
	return out
}

// principal is whom a grant is for.
func (o *object) principal() string {
	return text(o.props, "Principal.DataLakePrincipalIdentifier")
}
