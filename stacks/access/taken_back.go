package access

import (
	"slices"
	"strings"
)

// TakenBack are grants on the catalog of one account that another account made to its
// own principals, and makes no more.
type TakenBack struct {
	By      string // account that takes back
	Catalog string // account that shares
	Replace bool   // it grants something else of that catalog instead
}

// TakenBackAcross compares two states of the same accounts and returns, sorted, between
// which of them something that was passed on is taken back. Lake Formation lets an
// account take back only what it still sees: where the owner's share goes first, the
// grant stays behind and is in force again when the owner shares the same anew.
func TakenBackAcross(before, after *State) []TakenBack {
	var out []TakenBack
	for i := range before.Catalogs {
		was := &before.Catalogs[i]
		at := slices.IndexFunc(after.Catalogs, func(c Catalog) bool { return c.Account == was.Account && c.Region == was.Region })
		if at < 0 {
			continue
		}
		gone := passedOnly(was.Passed, after.Catalogs[at].Passed)
		come := passedOnly(after.Catalogs[at].Passed, was.Passed)
		for _, p := range gone {
			t := TakenBack{By: p.By, Catalog: was.Account}
			t.Replace = slices.ContainsFunc(come, func(c Passed) bool { return c.By == p.By })
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	slices.SortFunc(out, func(a, b TakenBack) int { return strings.Compare(a.By+a.Catalog, b.By+b.Catalog) })
	return out
}

// passedOnly are the passed grants of a that b has not, by account, principal and resource.
func passedOnly(a, b []Passed) []Passed {
	key := func(p Passed) string { return p.By + " " + p.Grant.Key() }
	known := map[string]bool{}
	for _, p := range b {
		known[key(p)] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(p Passed) bool { return known[key(p)] })
}
