package iampolicy

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Assumption is that somebody may become a role.
type Assumption struct {
	Role string // ARN
	// Principal is an ARN, an account that decides for itself whom it lets, the ARN of an
	// identity provider, "*", or "whoever is given" and the place of a policy.
	Principal string
	Path      []string // policies and statements
	Certain   bool     // nothing unknown decides it
}

// assumeRole is the call of somebody with credentials of IAM; those whom an identity
// provider vouches for make the others.
const assumeRole = "sts:assumerole"

var byIdentityProvider = []string{"sts:assumerolewithwebidentity", "sts:assumerolewithsaml"}

// Assumptions returns who may become which role, sorted: those whom the trust policies of
// the roles in the templates name, and of an account that they name those whom their own
// policies permit it. Of other roles that are asked for, whose trust policies are not in the
// templates, it is those of their account whose own policies permit it. Services of AWS,
// which take roles to work for whoever gave them, are left out.
// Sources: "How permissions for role trust policies work", "Cross-account policy evaluation
// logic".
func (p *Policies) Assumptions(others ...string) []Assumption {
	var out []Assumption
	trusted := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(p.Principals)) {
		if role := p.Principals[name]; role.Trust != nil {
			trusted[name] = true
			out = append(out, p.trusted(role)...)
		}
	}
	if !p.anybodyTakes() {
		others = nil
	}
	for _, name := range others {
		if trusted[name] || !strings.Contains(name, ":role/") {
			continue
		}
		trusted[name] = true
		for _, by := range p.Permitted(assumeRole, name) {
			if by.Name != name && by.Principal.Account == accountOf(name) {
				out = append(out, Assumption{name, by.Name, append(slices.Clone(by.Path), "as far as the role's trust policy, which is not in the templates, lets it"), false})
			}
		}
	}
	slices.SortFunc(out, func(a, b Assumption) int {
		return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Principal, b.Principal), slices.Compare(a.Path, b.Path))
	})
	return slices.CompactFunc(out, func(a, b Assumption) bool { return a.Role == b.Role && a.Principal == b.Principal })
}

// anybodyTakes reports whether any policy of IAM allows taking some role.
func (p *Policies) anybodyTakes() bool {
	return slices.ContainsFunc(p.All, func(policy *Policy) bool {
		return slices.ContainsFunc(policy.Statements, func(s Statement) bool { return !s.Deny && s.onAction(assumeRole) })
	})
}

// trusted are those who may become a role of the templates.
func (p *Policies) trusted(role *Principal) []Assumption {
	var out []Assumption
	named := map[string]bool{}
	for _, s := range role.Trust.Statements {
		if s.Deny {
			continue
		}
		if slices.ContainsFunc(byIdentityProvider, s.onAction) && !s.onAction(assumeRole) {
			out = append(out, p.vouched(role, s)...)
			continue
		}
		principals := s.Principals
		if len(s.NotPrincipals) > 0 {
			principals = []string{"*"}
		}
		for _, name := range principals {
			if service := strings.Contains(name, ".amazonaws.com") && !strings.HasPrefix(name, "arn:"); !service {
				named[name] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		out = append(out, p.named(role, name)...)
	}
	return out
}

// vouched are those whom identity providers vouch for. The provider's own conditions say who
// of its users, and so leave nothing open.
func (p *Policies) vouched(role *Principal, s Statement) []Assumption {
	var out []Assumption
	for _, provider := range s.Principals {
		path := []string{label(role.Trust, s, nil)}
		certain := !role.Trust.Conditional && !slices.ContainsFunc(role.Trust.Statements, func(s Statement) bool { return s.Deny })
		host := provider
		if _, after, isARN := strings.Cut(provider, ":oidc-provider/"); isARN {
			host = after
		}
		for _, c := range s.Conditions {
			path = append(path, "where "+c.Key+" is "+strings.Join(c.Values, " or "))
			certain = certain && (strings.HasPrefix(strings.ToLower(c.Key), strings.ToLower(host)+":") || strings.HasPrefix(strings.ToLower(c.Key), "saml:"))
		}
		out = append(out, Assumption{role.ARN, provider, path, certain})
	}
	return out
}

// named are those who may become a role by a name in its trust policy: of an account those
// of its principals whom their own policies permit it, too.
func (p *Policies) named(role *Principal, name string) []Assumption {
	var out []Assumption
	decided := func(name string, who caller, own *Principal) {
		r := request{action: assumeRole, resource: role.ARN, who: who, account: role.Account, made: p.Principals}
		if w := decide(r, own, []*Policy{role.Trust}, true); w.decision > No {
			out = append(out, Assumption{role.ARN, name, w.path, w.decision == Yes})
		}
	}
	isAccount := name == role.Account || len(name) == 12 && strings.Trim(name, "0123456789") == ""
	switch holder := p.Principals[name]; {
	case name == "*":
		decided(name, caller{}, nil)
	case isAccount && name == role.Account:
		r := request{action: assumeRole, resource: role.ARN, who: caller{account: name}, account: role.Account, made: p.Principals}
		for _, s := range role.Trust.Statements {
			if d, _, open := s.allows(r); d > No && s.names(r.who) == byAccount {
				out = append(out, Assumption{role.ARN, name, []string{label(role.Trust, s, open)}, d == Yes && !role.Trust.Conditional})
			}
		}
	case isAccount:
		decided(name, caller{account: name}, nil)
	case holder != nil && holder.Made:
		decided(name, caller{arn: name, account: holder.Account}, holder)
	default:
		decided(name, caller{arn: name, account: accountOf(name)}, nil)
	}
	if !isAccount && name != "*" {
		return out
	}
	for _, by := range p.Permitted(assumeRole, role.ARN) {
		if by.Principal != role && (name == "*" || by.Principal.Account == name) {
			decided(by.Name, caller{arn: by.Principal.ARN, account: by.Principal.Account}, by.Principal)
		}
	}
	return out
}
