package access

import (
	"fmt"
	"slices"
	"strings"
)

// Assumption is that somebody may become a role, and then does what the role may.
type Assumption struct {
	Role string // ARN
	// Principal is an ARN, an account that decides for itself whom it lets, the ARN of an
	// identity provider, "*", or "whoever is given" and the place of a policy.
	Principal string
	Path      []string // policies and statements
	Certain   bool     // nothing unknown decides it
}

// text says it as a step of a path.
func (a Assumption) text() string {
	who := Short(a.Principal)
	if a.Principal == "*" {
		who = "everybody"
	}
	return fmt.Sprintf("%s may become role %s: %s", who, Short(a.Role), strings.Join(a.Path, "; "))
}

// chain is how somebody becomes a role, through others.
type chain struct {
	role    string
	steps   []string // from the principal to the role
	certain bool
}

// chains returns the roles that a principal may become, through others too, each by its
// shortest chain, the nearest first.
func chains(assumptions map[string][]Assumption, principal string) []chain {
	seen := map[string]bool{principal: true}
	out := []chain{}
	for next := []chain{{role: principal, certain: true}}; len(next) > 0; {
		at := next[0]
		next = next[1:]
		for _, a := range assumptions[at.role] {
			if seen[a.Role] {
				continue
			}
			seen[a.Role] = true
			c := chain{a.Role, append(slices.Clone(at.steps), a.text()), at.certain && a.Certain}
			out, next = append(out, c), append(next, c)
		}
	}
	return out
}

// byPrincipal are the assumptions of each principal.
func byPrincipal(assumptions []Assumption) map[string][]Assumption {
	out := map[string][]Assumption{}
	for _, a := range assumptions {
		out[a.Principal] = append(out[a.Principal], a)
	}
	return out
}

// asOthers returns the ways of those who may become a role that has a way.
func (s *State) asOthers(bypasses []Bypass) []Bypass {
	if len(s.Assumptions) == 0 {
		return nil
	}
	of := map[string][]Bypass{}
	for _, b := range bypasses {
		of[b.Principal] = append(of[b.Principal], b)
	}
	var out []Bypass
	all := byPrincipal(s.Assumptions)
	for principal := range all {
		for _, c := range chains(all, principal) {
			for _, b := range of[c.role] {
				b.Principal, b.Certain = principal, b.Certain && c.certain
				b.Path, b.Roles = append(slices.Clone(c.steps), b.Path...), len(c.steps)
				out = append(out, b)
			}
		}
	}
	return out
}

// noteAssumptions notes who may become a role that is granted tables or administers.
func (m *Matrix) noteAssumptions(s *State) {
	holds := map[string]bool{}
	for _, r := range m.Rows {
		holds[r.Principal] = holds[r.Principal] || r.Kind == OnTable
	}
	for _, a := range m.Admins {
		holds[a.Principal] = true
	}
	become := map[string][]string{}
	for _, a := range s.Assumptions {
		if !holds[a.Role] {
			continue
		}
		name := Short(a.Principal)
		if !a.Certain {
			name += " (maybe)"
		}
		become[a.Role] = append(become[a.Role], name)
		m.Known.Principals = append(m.Known.Principals, a.Principal)
	}
	for role, names := range become {
		m.Notes = append(m.Notes, fmt.Sprintf("role %s may be taken, with what it sees and may do, by: %s; --why says how", Short(role), strings.Join(distinct(names), ", ")))
	}
}
