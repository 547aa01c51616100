package guardrail

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// matches reports whether a text is what a pattern says; * stands for anything.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	rest, found := strings.CutPrefix(text, parts[0])
	if !found {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		if _, rest, found = strings.Cut(rest, part); !found {
			return false
		}
	}
	return strings.HasSuffix(rest, last)
}

// matchesPrincipal reports whether a pattern is about a principal: by its identifier, or by
// the last part of it.
func matchesPrincipal(pattern, principal string) bool {
	return matches(pattern, principal) || matches(pattern, access.Short(principal))
}

// nearest are the domains of which a pattern matches: those by a pattern without *, else
// those of the longest pattern.
func nearest(domains []Domain, patterns func(Domain) []string, match func(pattern string) bool) []string {
	var out []string
	best := 0
	for _, d := range domains {
		for _, pattern := range patterns(d) {
			weight := len(pattern)
			if !strings.Contains(pattern, "*") {
				weight = 1 << 20
			}
			if weight < best || !match(pattern) {
				continue
			}
			if weight > best {
				best, out = weight, nil
			}
			if !slices.Contains(out, d.Name) {
				out = append(out, d.Name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// homesOf are the domains that a principal belongs to.
func (j *Judge) homesOf(principal string) []string {
	if homes, known := j.homes[principal]; known {
		return homes
	}
	homes := nearest(j.domains, func(d Domain) []string { return d.Principals }, func(pattern string) bool { return matchesPrincipal(pattern, principal) })
	j.homes[principal] = homes
	return homes
}

// owned adds to an access whose data it is, where no tag says it and its tables have one
// owner, and which domains its principal belongs to.
func (j *Judge) owned(a Access, tables ...string) Access {
	a.Name, a.Homes = access.Short(a.Principal), j.homesOf(a.Principal)
	var owners []string
	for _, table := range tables {
		database, _, _ := strings.Cut(table, ".")
		owners = append(owners, j.ownersOf(database)...)
	}
	slices.Sort(owners)
	if owners = slices.Compact(owners); a.Domain == "" && len(owners) == 1 {
		a.Domain = owners[0]
	}
	return a
}

// ownersOf are the domains that a database belongs to.
func (j *Judge) ownersOf(database string) []string {
	if owners, known := j.owners[database]; known {
		return owners
	}
	owners := nearest(j.domains, func(d Domain) []string { return d.Databases }, func(pattern string) bool { return matches(pattern, database) })
	j.owners[database] = owners
	return owners
}
