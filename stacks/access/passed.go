package access

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// mayPass reports whether an account may pass on what it grants, and notes it
// where it may not, or may only as a member of an organization.
// Source: "Cross-account permission cascading".
func (e *evaluation) mayPass(p Passed) bool {
	organization := ""
	for _, g := range e.Grants {
		if !shares(g, p.Grant) {
			continue
		}
		if g.Principal == p.By || g.Principal == p.By+":IAMPrincipals" {
			return true
		}
		if strings.Contains(g.Principal, ":organizations::") {
			organization = g.Principal
		}
	}
	if organization != "" {
		e.note("counted on account %s being in %s, to which %s is granted", p.By, organization, p.Grant.Resource.In("").Key())
		return true
	}
	e.note("account %s passes on what it was not given with the right to: %v to %s on %s",
		p.By, p.Grant.Permissions, p.Grant.Principal, p.Grant.Resource.In("").Key())
	return false
}

// shares reports whether a grant lets its principal pass on another one.
func shares(g, passed lakeformation.Grant) bool {
	for _, wanted := range passed.Permissions {
		if !slices.Contains(g.Grantable, wanted) && !slices.Contains(g.Grantable, all) {
			return false
		}
	}
	have, want := g.Resource, passed.Resource
	if have.Key() == want.Key() {
		return true
	}
	partOfTable := want.Kind == lakeformation.KindTable || want.Kind == lakeformation.KindColumns || want.Kind == lakeformation.KindDataCells
	return have.Kind == lakeformation.KindTable && partOfTable && have.Database == want.Database &&
		(have.Table == want.Table || have.Table == lakeformation.AllTables)
}
