package iampolicy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

func anyOf(patterns []string, fits func(string) bool) bool {
	return slices.ContainsFunc(patterns, fits)
}

// onAction reports whether a statement is about an action, in lower case.
func (s Statement) onAction(action string) bool {
	takes := func(pattern string) bool { return Matches(pattern, action) }
	if len(s.NotActions) > 0 {
		return !anyOf(s.NotActions, takes)
	}
	return anyOf(s.Actions, takes)
}

// allows decides whether a statement allows some of what is asked for, and returns which
// resources that are.
func (s Statement) allows(r request) (Decision, string, []string) {
	if s.Deny || !s.onAction(r.action) {
		return No, "", nil
	}
	part, found := "", No
	if len(s.NotResources) > 0 && !anyOf(s.NotResources, func(p string) bool { return Covers(p, r.resource) }) {
		part, found = r.resource, Yes
	}
	for _, pattern := range s.Resources {
		pattern = widened(pattern)
		switch {
		case Covers(pattern, r.resource):
			part, found = r.resource, Yes
		case found == Yes && part == r.resource:
		case Overlap(pattern, r.resource):
			part, found = r.resource, Yes
			if Covers(r.resource, pattern) {
				part = pattern
			}
		case found == No && strings.HasPrefix(r.action, "kms:") && template.IsUnresolved(pattern) && !strings.Contains(pattern, ":key/"):
			part, found = r.resource, Maybe // a key that is only known when it is deployed
		}
	}
	if found == No {
		return No, "", nil
	}
	holds, open := s.conditions(r)
	if found == Maybe {
		open = append(open, "the key, which is only known when it is deployed,")
	}
	return min(found, holds), part, open
}

// denies decides whether a statement denies all of some resources.
func (s Statement) denies(r request, part string) (Decision, []string) {
	if !s.Deny || !s.onAction(r.action) {
		return No, nil
	}
	covered := anyOf(s.Resources, func(p string) bool { return Covers(p, part) })
	if len(s.NotResources) > 0 {
		covered = !anyOf(s.NotResources, func(p string) bool { return Overlap(widened(p), part) })
	}
	if !covered {
		return No, nil
	}
	return s.conditions(r)
}

// naming is how a statement of a bucket or key policy names who calls.
type naming int

const (
	otherwise naming = iota // not at all
	byAccount               // whose policies of IAM decide
	byName
)

// names says how a statement names a caller. To deny, an account is every one in it.
func (s Statement) names(who caller) naming {
	if len(s.NotPrincipals) > 0 {
		for _, p := range s.NotPrincipals {
			if p == who.arn || p == "*" || p == who.account && p != "" {
				return otherwise
			}
		}
		return byName
	}
	out := otherwise
	for _, p := range s.Principals {
		switch {
		case p == "*" && !who.service, p == who.arn && p != "":
			return byName
		case p == who.account && p != "" && !who.service:
			out = byAccount
		}
	}
	return out
}

// way is one way to what is asked for.
type way struct {
	decision Decision
	path     []string
}

// better reports whether a way is more certain, or as certain and shorter.
func (w way) better(than way) bool {
	if w.decision != than.decision {
		return w.decision > than.decision
	}
	if len(w.path) != len(than.path) {
		return len(w.path) < len(than.path)
	}
	return slices.Compare(w.path, than.path) < 0
}

// label names a statement, and what leaves it open.
func label(p *Policy, s Statement, open []string) string {
	out := fmt.Sprintf("%s (statement %s)", p.Place, s.Name)
	if len(open) > 0 {
		out += " if " + strings.Join(open, " and ") + " lets it"
	}
	if p.Conditional {
		out += ", which is made under a condition"
	}
	return out
}

// decide finds the best way of a caller to what is asked for: through its own policies and
// those of the resource.
func decide(r request, own *Principal, resource []*Policy, resourceKnown bool) way {
	same := r.account == "" || r.who.account == "" || r.account == r.who.account
	var ownPolicies []*Policy
	if own != nil {
		ownPolicies = own.Policies
	}
	type candidate struct {
		way
		part string
	}
	var byOwn, byResource []candidate
	delegated := false
	for _, p := range ownPolicies {
		for _, s := range p.Statements {
			if d, part, open := s.allows(r); d > No {
				byOwn = append(byOwn, candidate{way{p.capped(d), []string{label(p, s, open)}}, part})
			}
		}
	}
	for _, p := range resource {
		for _, s := range p.Statements {
			named := s.names(r.who)
			if named == otherwise {
				continue
			}
			d, part, open := s.allows(r)
			if d == No {
				continue
			}
			if named == byAccount && same {
				delegated = true
				continue
			}
			byResource = append(byResource, candidate{way{p.capped(d), []string{label(p, s, open)}}, part})
		}
	}
	var all []candidate
	decides := strings.HasPrefix(r.action, "kms:") || r.action == assumeRole
	switch {
	case !same:
		for _, theirs := range byResource {
			for _, mine := range byOwn {
				part := theirs.part
				if Covers(part, mine.part) {
					part = mine.part
				} else if !Overlap(part, mine.part) {
					continue
				}
				all = append(all, candidate{way{min(theirs.decision, mine.decision), append(slices.Clone(mine.path), theirs.path...)}, part})
			}
			if own == nil { // whose own policies are not in the templates
				all = append(all, theirs)
			}
		}
		if !resourceKnown {
			for _, mine := range byOwn {
				all = append(all, candidate{way{min(Maybe, mine.decision), mine.path}, mine.part})
			}
		}
	default:
		all = byResource
		if !decides || delegated || !resourceKnown { // the policy of a key or role has to let IAM decide
			all = append(all, byOwn...)
		}
	}
	best := way{}
	for _, c := range all {
		for _, policies := range [][]*Policy{ownPolicies, resource} {
			for _, p := range policies {
				for _, s := range p.Statements {
					if s.Deny && (len(s.Principals)+len(s.NotPrincipals) == 0 || s.names(r.who) != otherwise) {
						d, open := s.denies(r, c.part)
						d = p.capped(d)
						if d > No && c.decision > Yes-d {
							c.decision = Yes - d
							if d == Maybe {
								c.path = append(slices.Clone(c.path), "unless denied by "+label(p, s, open))
							}
						}
					}
				}
			}
		}
		if c.decision > No && own != nil && own.Bounded {
			c.decision, c.path = Maybe, append(slices.Clone(c.path), "as far as its permissions boundary lets it")
		}
		if c.decision > No && (best.decision == No || c.better(best)) {
			best = c.way
		}
	}
	return best
}

// capped is a decision of a policy that may not be made.
func (p *Policy) capped(d Decision) Decision {
	if p.Conditional {
		return min(d, Maybe)
	}
	return d
}
