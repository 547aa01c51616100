package access

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// cascade returns what counts of a grant that another account made on this catalog: the
// grant, where the catalog's account shares what it is about with that account and lets it
// grant it on; less, where that account only may use the tags; nothing otherwise. It notes
// an account that may not grant on, and one that may only as a member of an organization.
// Where nothing of the catalog was read, nobody knows what it shares: the grant counts.
// Source: "Cross-account permission cascading".
func (e *evaluation) cascade(c CascadedGrant) []lakeformation.Grant {
	if e.isUnread() {
		e.note("what account %s shares with account %s was not read: %v of %s on %s counts as if it were shared",
			e.owner(), c.By, c.Grant.Permissions, c.Grant.Principal, c.Grant.Resource.In("").Key())
		return []lakeformation.Grant{c.Grant}
	}
	var own, organizations []lakeformation.Grant
	for _, g := range e.Grants {
		switch {
		case g.Principal == c.By || g.Principal == c.By+":IAMPrincipals":
			own = append(own, g)
		case strings.Contains(g.Principal, ":organizations::"):
			organizations = append(organizations, g)
		}
	}
	if e.share(own, c.Grant) {
		return []lakeformation.Grant{c.Grant}
	}
	everything := slices.Concat(own, organizations)
	if e.share(everything, c.Grant) {
		for _, g := range organizations {
			if e.share(append(slices.Clone(own), g), c.Grant) {
				e.note("counted on account %s being in %s, to which %s is granted", c.By, g.Principal, c.Grant.Resource.In("").Key())
				break
			}
		}
		return []lakeformation.Grant{c.Grant}
	}
	if out := byTags(everything, c.Grant); len(out) > 0 {
		return out
	}
	e.note("account %s passes on %v to %s on %s without the right to, which is not counted",
		c.By, c.Grant.Permissions, c.Grant.Principal, c.Grant.Resource.In("").Key())
	return nil
}

// byTags returns what an account passes on by a policy of tags that it may describe: of what
// it was granted by other policies of tags, what both mean.
func byTags(grants []lakeformation.Grant, cascaded lakeformation.Grant) []lakeformation.Grant {
	policy := cascaded.Resource
	if policy.Kind != lakeformation.KindTagPolicy || !mayDescribe(grants, policy.Expression) {
		return nil
	}
	var out []lakeformation.Grant
	for _, g := range grants {
		if g.Resource.Kind != lakeformation.KindTagPolicy || g.Resource.PolicyType != policy.PolicyType || !holdsAll(g.Permissions, cascaded.Permissions) {
			continue
		}
		both := cascaded
		both.Resource.Expression = slices.Concat(policy.Expression, g.Resource.Expression)
		both.Grantable = nil
		out = append(out, both)
	}
	return out
}

// mayDescribe reports whether grants on tags let somebody see all values of an expression.
func mayDescribe(grants []lakeformation.Grant, expression []lakeformation.Condition) bool {
	values := map[string][]string{}
	for _, g := range grants {
		if g.Resource.Kind == lakeformation.KindTag && (slices.Contains(g.Permissions, lakeformation.Describe) || slices.Contains(g.Permissions, all)) {
			values[g.Resource.TagKey] = append(values[g.Resource.TagKey], g.Resource.TagValues...)
		}
	}
	for _, c := range expression {
		if slices.ContainsFunc(c.Values, func(v string) bool { return !slices.Contains(values[c.Key], v) }) {
			return false
		}
	}
	return len(expression) > 0
}

func holdsAll(have, want []lakeformation.Permission) bool {
	return slices.Contains(have, all) ||
		!slices.ContainsFunc(want, func(p lakeformation.Permission) bool { return !slices.Contains(have, p) })
}

// share reports whether grants together let the account that receives them make the
// cascaded one: one of them is of the same or of what is around it, or several are of
// columns that hold the granted ones.
func (e *evaluation) share(grants []lakeformation.Grant, cascaded lakeformation.Grant) bool {
	var columns []string
	for _, g := range grants {
		if !mayPassOn(g, cascaded.Permissions) {
			continue
		}
		if holdsResource(g.Resource, cascaded.Resource) {
			return true
		}
		columns = append(columns, e.columnsIn(g.Resource, cascaded.Resource)...)
	}
	wanted := e.columnsIn(cascaded.Resource, cascaded.Resource)
	return len(wanted) > 0 && !slices.ContainsFunc(wanted, func(name string) bool { return !slices.Contains(columns, name) })
}

func mayPassOn(g lakeformation.Grant, permissions []lakeformation.Permission) bool {
	return holdsAll(g.Grantable, permissions)
}

// holdsResource reports whether a resource is the other, or the table or database around it.
func holdsResource(have, want lakeformation.Resource) bool {
	if have.Key() == want.Key() {
		return true
	}
	partOfTable := want.Kind == lakeformation.KindTable || want.Kind == lakeformation.KindColumns || want.Kind == lakeformation.KindDataCells
	return have.Kind == lakeformation.KindTable && partOfTable && have.Database == want.Database &&
		(have.Table == want.Table || have.Table == lakeformation.AllTables)
}

// columnsIn returns the columns that a resource of columns, or a policy of tags, means of
// the table of a second one; none when it is of another table, or of none. A whole table
// is all of its columns when tags may have shared them.
func (e *evaluation) columnsIn(r, of lakeformation.Resource) []string {
	isTable := func(r lakeformation.Resource) bool {
		return r.Kind == lakeformation.KindTable && r.Table != lakeformation.AllTables
	}
	if r.Kind == lakeformation.KindTagPolicy && r.PolicyType == lakeformation.Tables && (of.Kind == lakeformation.KindColumns || isTable(of)) {
		var out []string
		for _, c := range e.columns[of.Database+"."+of.Table] {
			if c.tags.matches(r.Expression) {
				out = append(out, c.Name)
			}
		}
		return out
	}
	if isTable(r) && isTable(of) {
		return namesOf(e.columns[of.Database+"."+of.Table])
	}
	if r.Kind != lakeformation.KindColumns || of.Kind != lakeformation.KindColumns || r.Database != of.Database || r.Table != of.Table {
		return nil
	}
	for _, t := range e.Tables {
		if t.Database == r.Database && t.Name == r.Table && len(t.AllColumns()) > 0 {
			return included(t, r.Columns, r.Excluded)
		}
	}
	return r.Columns
}

func namesOf(columns []columnTags) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.Name
	}
	return out
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
