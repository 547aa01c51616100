package mesh

import (
	"cmp"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// When what has ended is taken back, in UTC: soon after the day is over that expires
// names, which is a day in UTC for PlanAt as well. Who reads takes back an hour before who
// shares, because an account can take back only what it still sees (rule 13.9); who shares
// does so in any case.
const (
	endSubscriptions = "cron(10 0 * * ? *)"
	endShares        = "cron(10 1 * * ? *)"
)

// EndingPlan is the workflow that takes back what a stack grants for subscriptions, when
// they end. It stands in the stack with the grants, and knows the subscriptions that have
// ended too, as long as the definition has them: what an older template grants again is
// taken back the night after.
type EndingPlan struct {
	Role          string               // name of the role that the foundation makes, an administrator of Lake Formation
	StateMachine  string               // name of the state machine
	Schedule      string               // when it runs, in UTC
	Subscriptions []EndingSubscription // sorted by name
	Grants        []EndingGrant        // sorted
}

// EndingSubscription is a subscription as the workflow knows it.
type EndingSubscription struct {
	Name     string // that of SubscriptionPlan
	Expires  string // the last day of the access, YYYY-MM-DD
	Purpose  string // what the data is used for
	Approver string // e-mail address of who agreed
}

// EndingGrant is a grant with the subscriptions that need it: it is taken back when all of
// them have ended. One principal and resource stands in several where subscriptions need
// different permissions.
type EndingGrant struct {
	lf.Grant

	Needs []string // names of subscriptions, sorted
}

// subscriptionName is what people and workflows call a subscription:
// consumer/domain.product/principals, the principals sorted and joined by commas.
func subscriptionName(s Subscription) string {
	return s.Consumer + "/" + s.Product + "/" + strings.Join(slices.Sorted(slices.Values(s.Principals)), ",")
}

// planEnding plans the end of subscriptions that are granted as grants says; nil without any.
func (p *subscriptionPlanner) planEnding(domain, machine, schedule string, subscriptions []SubscriptionPlan, grants func(SubscriptionPlan) []lf.Grant) *EndingPlan {
	if len(subscriptions) == 0 {
		return nil
	}
	out := &EndingPlan{Role: p.names(domain).EndingRole(), StateMachine: naming.Shorten(machine, maxStateMachine), Schedule: schedule}
	need := needs{}
	for _, s := range subscriptions {
		out.Subscriptions = append(out.Subscriptions, EndingSubscription{s.Name, s.Expires, s.Purpose, s.Approver})
		for _, g := range grants(s) {
			need.add(g, s.Name)
		}
	}
	slices.SortFunc(out.Subscriptions, func(a, b EndingSubscription) int { return strings.Compare(a.Name, b.Name) })
	out.Grants = need.grants()
	return out
}

// needs are which subscriptions need which permissions of a principal on a resource.
type needs map[string]*need

// need is what subscriptions need of one principal and resource.
type need struct {
	lf.Grant

	names map[lf.Permission][]string
}

func (n needs) add(g lf.Grant, subscription string) {
	e := n[g.Key()]
	if e == nil {
		e = &need{Grant: lf.Grant{Principal: g.Principal, Resource: g.Resource}, names: map[lf.Permission][]string{}}
		n[g.Key()] = e
	}
	e.Grantable = append(e.Grantable, g.Grantable...)
	for _, permission := range g.Permissions {
		e.names[permission] = append(e.names[permission], subscription)
	}
}

// grants are the needs, with the permissions together that the same subscriptions need.
func (n needs) grants() []EndingGrant {
	var out []EndingGrant
	for _, e := range n {
		together := map[string]*EndingGrant{}
		for permission, names := range e.names {
			slices.Sort(names)
			names = slices.Compact(names)
			key := strings.Join(names, " ")
			if together[key] == nil {
				together[key] = &EndingGrant{Grant: lf.Grant{Principal: e.Principal, Resource: e.Resource}, Needs: names}
			}
			g := together[key]
			g.Permissions = lf.SortPermissions(append(g.Permissions, permission))
			if slices.Contains(e.Grantable, permission) {
				g.Grantable = lf.SortPermissions(append(g.Grantable, permission))
			}
		}
		for _, g := range together {
			out = append(out, *g)
		}
	}
	slices.SortFunc(out, func(a, b EndingGrant) int {
		return cmp.Or(strings.Compare(a.Key(), b.Key()), slices.Compare(a.Needs, b.Needs))
	})
	return out
}

// all are the subscriptions of which a condition holds, with those that have ended.
func (p *subscriptionPlanner) all(wanted func(SubscriptionPlan) bool) []SubscriptionPlan {
	return slices.DeleteFunc(slices.Concat(p.subscriptions, p.expired), func(s SubscriptionPlan) bool { return !wanted(s) })
}
