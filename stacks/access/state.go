package access

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// IAMAllowedPrincipals is the principal that hands a resource back to IAM
// policies: while it holds a grant, Lake Formation protects nothing there.
const IAMAllowedPrincipals = "IAM_ALLOWED_PRINCIPALS"

// State is the Lake Formation and Glue state of one or more catalogs. After
// Normalize two states are equal exactly when they say the same.
type State struct {
	Catalogs []Catalog // sorted by account and region
	// Unresolved is what could not be read exactly. A value in it stands in the
	// state as the marker text, never as a guess.
	Unresolved []Unresolved
	// LeftOut is what is not deployed, because the templates decide so by a condition, and
	// would be granted or set elsewhere.
	LeftOut []Unresolved `json:",omitempty"`
	// Assumptions say who may become which role; templates tell.
	Assumptions []Assumption `json:",omitempty"`
}

// Unresolved is a value that could not be read, or a resource that is not
// understood.
type Unresolved = template.Unresolved

// Catalog returns the catalog of an account and region, made on first use. The
// pointer is good until another catalog is made.
func (s *State) Catalog(account, region string) *Catalog {
	for i := range s.Catalogs {
		if s.Catalogs[i].Account == account && s.Catalogs[i].Region == region {
			return &s.Catalogs[i]
		}
	}
	s.Catalogs = append(s.Catalogs, Catalog{Account: account, Region: region})
	return &s.Catalogs[len(s.Catalogs)-1]
}

// Merge joins states, for example those of several accounts, and normalizes
// the result. The inputs are not changed.
func Merge(states ...*State) *State {
	out := &State{}
	for _, s := range states {
		if s == nil {
			continue
		}
		for _, c := range s.Catalogs {
			out.Catalog(c.Account, c.Region).add(c)
		}
		out.Unresolved = append(out.Unresolved, s.Unresolved...)
		out.Assumptions = append(out.Assumptions, s.Assumptions...)
		out.LeftOut = append(out.LeftOut, s.LeftOut...)
	}
	out.Normalize()
	return out
}

// Normalize brings the state to its one form: names folded as the services fold
// them, everything that names another account's catalog moved there, grants and
// associations merged, all of it sorted, nothing twice.
func (s *State) Normalize() {
	s.route()
	for i := range s.Catalogs {
		s.Catalogs[i].normalize()
	}
	s.Catalogs = slices.DeleteFunc(s.Catalogs, Catalog.empty)
	slices.SortFunc(s.Catalogs, func(a, b Catalog) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
	})
	s.Catalogs = orNil(s.Catalogs)
	s.Unresolved, s.LeftOut = sortedUnresolved(s.Unresolved), sortedUnresolved(s.LeftOut)
	s.Assumptions = sortedBy(s.Assumptions, func(a Assumption) string {
		return joinKey(append([]string{a.Role, a.Principal, strconv.FormatBool(!a.Certain)}, a.Path...)...)
	})
}

func sortedUnresolved(in []Unresolved) []Unresolved {
	slices.SortFunc(in, func(a, b Unresolved) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Reason, b.Reason))
	})
	return orNil(slices.Compact(in))
}

// route moves grants, filters and associations to the catalog that they name.
func (s *State) route() {
	from := s.Catalogs
	s.Catalogs = nil
	for _, c := range from {
		own := c
		own.Grants, own.Associations, own.Filters, own.Subscriptions = nil, nil, nil, nil
		s.Catalog(c.Account, c.Region).add(own)
		here := s.Catalog(c.Account, c.Region)
		here.Grants = slices.Grow(here.Grants, len(c.Grants))
		for _, g := range c.Grants {
			g.Resource.Catalog = cmp.Or(g.Resource.Catalog, c.Account)
			to := s.Catalog(g.Resource.Catalog, c.Region)
			if g.Resource.Catalog == c.Account || strings.HasPrefix(g.Resource.Catalog, c.Account+":") { // of a nested catalog too
				to.Grants = append(to.Grants, g)
			} else {
				to.Cascaded = append(to.Cascaded, CascadedGrant{By: c.Account, Grant: g})
			}
		}
		s.routeSubscriptions(c)
		for _, a := range c.Associations {
			a.Resource.Catalog = cmp.Or(a.Resource.Catalog, c.Account)
			to := s.Catalog(a.Resource.Catalog, c.Region)
			to.Associations = append(to.Associations, a)
		}
		for _, f := range c.Filters {
			f.Catalog = cmp.Or(f.Catalog, c.Account)
			to := s.Catalog(f.Catalog, c.Region)
			to.Filters = append(to.Filters, f)
		}
	}
}
