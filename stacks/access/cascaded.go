package access

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// mayCascade reports whether a catalog's account shares what another account grants
// on. It notes an account that may not grant on, and one that may only as a member of
// an organization.
// Source: "Cross-account permission cascading".
func (e *evaluation) mayCascade(c CascadedGrant) bool {
	organization := ""
	for _, g := range e.Grants {
		if !shares(g, c.Grant) {
			continue
		}
		if g.Principal == c.By || g.Principal == c.By+":IAMPrincipals" {
			return true
		}
		if strings.Contains(g.Principal, ":organizations::") {
			organization = g.Principal
		}
	}
	if organization != "" {
		e.note("counted on account %s being in %s, to which %s is granted", c.By, organization, c.Grant.Resource.In("").Key())
		return true
	}
	e.note("account %s passes on %v to %s on %s without the right to, which is not counted",
		c.By, c.Grant.Permissions, c.Grant.Principal, c.Grant.Resource.In("").Key())
	return false
}

// shares reports whether a grant lets the account that receives it make the cascaded one.
func shares(g, cascaded lakeformation.Grant) bool {
	for _, wanted := range cascaded.Permissions {
		if !slices.Contains(g.Grantable, wanted) && !slices.Contains(g.Grantable, all) {
			return false
		}
	}
	have, want := g.Resource, cascaded.Resource
	if have.Key() == want.Key() {
		return true
	}
	partOfTable := want.Kind == lakeformation.KindTable || want.Kind == lakeformation.KindColumns || want.Kind == lakeformation.KindDataCells
	return have.Kind == lakeformation.KindTable && partOfTable && have.Database == want.Database &&
		(have.Table == want.Table || have.Table == lakeformation.AllTables)
}

// RevokedCascade says that an account revokes cascaded grants which it made to its own
// principals on the catalog of another account.
type RevokedCascade struct {
	By       string // account that revokes
	Catalog  string // account that shares
	Replaced bool   // By makes another cascaded grant on that catalog at the same time
}

// RevokedCascades compares two states of the same accounts and returns, sorted, which
// account revokes cascaded grants on the catalog of which other. Lake Formation lets an
// account revoke only what it still sees: where the owner's share goes first, the
// grant stays behind and is in force again when the owner shares the same anew.
func RevokedCascades(before, after *State) []RevokedCascade {
	var out []RevokedCascade
	for _, was := range before.Catalogs {
		i := slices.IndexFunc(after.Catalogs, func(c Catalog) bool { return c.Key() == was.Key() })
		if i < 0 {
			continue
		}
		made := missingCascades(after.Catalogs[i].Cascaded, was.Cascaded)
		for _, g := range missingCascades(was.Cascaded, after.Catalogs[i].Cascaded) {
			r := RevokedCascade{By: g.By, Catalog: was.Account}
			r.Replaced = slices.ContainsFunc(made, func(m CascadedGrant) bool { return m.By == g.By })
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	slices.SortFunc(out, func(a, b RevokedCascade) int { return strings.Compare(a.By+a.Catalog, b.By+b.Catalog) })
	return out
}

// missingCascades returns the grants of a list whose account, principal and resource
// another list lacks.
func missingCascades(list, other []CascadedGrant) []CascadedGrant {
	return slices.DeleteFunc(slices.Clone(list), func(g CascadedGrant) bool {
		return slices.ContainsFunc(other, func(o CascadedGrant) bool { return o.By == g.By && o.Grant.Key() == g.Grant.Key() })
	})
}
