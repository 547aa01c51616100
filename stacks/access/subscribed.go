package access

import (
	"cmp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// Subscription is an agreement that somebody may see something, for a time.
type Subscription struct {
	Name     string `json:"name"`     // consumer/domain.product/principals
	Purpose  string `json:"purpose"`  // what the data is used for
	Approver string `json:"approver"` // who agreed on the side of the product
	LastDay  string `json:"lastDay"`  // of the access, YYYY-MM-DD
}

// SubscribedGrants are what a subscription needs. They stand among the grants of the catalog
// as well; here they add no right. A subscription of which not all is granted has ended.
type SubscribedGrants struct {
	Subscription

	Grants []lakeformation.Grant // on this catalog, those of other accounts included
}

// WithSubscriptions returns the state with the subscriptions that another one tells of its
// catalogs, such as that of the templates which were deployed to accounts: these hold
// grants, and not what they are for.
func (s *State) WithSubscriptions(of *State) *State {
	out := Merge(s)
	for _, c := range of.Catalogs {
		if i := slices.IndexFunc(out.Catalogs, func(o Catalog) bool { return o.Key() == c.Key() }); i >= 0 {
			out.Catalogs[i].Subscriptions = c.Subscriptions
		}
	}
	return out
}

// routeSubscriptions moves what is granted for subscriptions to the catalogs that it is of.
func (s *State) routeSubscriptions(c Catalog) {
	for _, subscribed := range c.Subscriptions {
		for _, g := range subscribed.Grants {
			g.Resource.Catalog = cmp.Or(g.Resource.Catalog, c.Account)
			to := s.Catalog(g.Resource.Catalog, c.Region)
			to.Subscriptions = append(to.Subscriptions, SubscribedGrants{subscribed.Subscription, []lakeformation.Grant{g}})
		}
	}
}

// normalizeSubscriptions joins the grants of each subscription.
func (c *Catalog) normalizeSubscriptions() {
	compare := func(a, b SubscribedGrants) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.LastDay, b.LastDay), cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Approver, b.Approver))
	}
	sorted := slices.SortedStableFunc(slices.Values(c.Subscriptions), compare)
	c.Subscriptions = nil
	for _, s := range sorted {
		if last := len(c.Subscriptions) - 1; last >= 0 && c.Subscriptions[last].Subscription == s.Subscription {
			c.Subscriptions[last].Grants = append(slices.Clip(c.Subscriptions[last].Grants), s.Grants...)
		} else {
			c.Subscriptions = append(c.Subscriptions, s)
		}
	}
	for i := range c.Subscriptions {
		c.Subscriptions[i].Grants = normalGrants(c.Subscriptions[i].Grants)
	}
}

// ended returns the subscriptions of which something is not granted in one of the catalogs.
func (s *State) ended() map[Subscription]bool {
	out := map[Subscription]bool{}
	for _, c := range s.Catalogs {
		if len(c.Subscriptions) == 0 {
			continue
		}
		granted := map[string][]lakeformation.Permission{}
		for _, g := range c.Grants {
			granted[g.Key()] = append(granted[g.Key()], g.Permissions...)
		}
		for _, g := range c.Cascaded {
			granted[g.Grant.Key()] = append(granted[g.Grant.Key()], g.Grant.Permissions...)
		}
		for _, subscribed := range c.Subscriptions {
			for _, g := range subscribed.Grants {
				held := granted[g.Key()]
				missing := func(p lakeformation.Permission) bool { return !slices.Contains(held, p) }
				out[subscribed.Subscription] = out[subscribed.Subscription] || slices.ContainsFunc(g.Permissions, missing)
			}
		}
	}
	return out
}

// findSubscriptions says which subscriptions feed what principals hold, and what they would
// hold without any.
func (e *evaluation) findSubscriptions(ended map[Subscription]bool) {
	if len(e.Subscriptions) == 0 {
		return
	}
	e.subscribed, e.otherwise = map[string][]Subscription{}, map[string]bool{}
	ends := map[string][]lakeformation.Permission{} // by the key of a grant
	for _, s := range e.Subscriptions {
		if ended[s.Subscription] {
			continue
		}
		for key, h := range e.holdingsOf(s.Grants) {
			if held := e.holdings[key]; held != nil && held.sharesRight(h) {
				e.subscribed[key] = append(e.subscribed[key], s.Subscription)
			}
		}
		for _, g := range s.Grants {
			ends[g.Key()] = append(ends[g.Key()], g.Permissions...)
		}
	}
	var stay []lakeformation.Grant
	for _, g := range e.counted {
		ending := ends[g.Key()]
		g.Permissions = slices.DeleteFunc(slices.Clone(g.Permissions), func(p lakeformation.Permission) bool { return slices.Contains(ending, p) })
		if len(g.Permissions) > 0 {
			stay = append(stay, g)
		}
	}
	for key, h := range e.holdingsOf(stay) {
		e.otherwise[key] = len(h.rights) > 0
	}
}

// holdingsOf is what principals hold by some grants alone.
func (e *evaluation) holdingsOf(grants []lakeformation.Grant) map[string]*holding {
	alone := &evaluation{Catalog: e.Catalog, tags: e.tags, columns: e.columns, toCome: e.toCome, finder: e.find(), holdings: map[string]*holding{}}
	for _, g := range grants {
		alone.grant(g)
	}
	return alone.holdings
}

// sharesRight reports whether two holdings have a right in common.
func (h *holding) sharesRight(o *holding) bool {
	return slices.ContainsFunc(o.rights, func(r Right) bool { return h.has(r.Permission) })
}
