package contract

import (
	"cmp"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
)

// Member is one of the people who answer for a product.
type Member struct {
	Name  string // an e-mail address or user name
	Role  string // as the contract writes it; owner, or what ends in it, answers for the product
	Until string // the last day, YYYY-MM-DD or with a time, from the standard's dateOut; "" is no end
}

// ownerOnAnyDay is the owner where the day is not known: one who has no last day,
// else one who has, else whoever has none.
func ownerOnAnyDay(team []Member) string {
	stays, isOwner := ownerOf(team, func(m Member) bool { return m.Until == "" })
	if isOwner {
		return stays
	}
	if leaves, isOwner := ownerOf(team, func(m Member) bool { return m.Until != "" }); isOwner || stays == "" {
		return leaves
	}
	return stays
}

// dayOf is the day of a date that may have a time.
func dayOf(date string) string {
	if len(date) > len(time.DateOnly) {
		return date[:len(time.DateOnly)]
	}
	return date
}

// ownerOf is the owner among those who are there, and whether the role says so. Of
// equals, the one who stays longest, then the first.
func ownerOf(team []Member, there func(Member) bool) (name string, isOwner bool) {
	best, rank := Member{}, 0
	for _, m := range team {
		r := 1
		switch role := strings.ToLower(strings.TrimSpace(m.Role)); {
		case !there(m):
			continue
		case role == "owner":
			r = 3
		case strings.HasSuffix(role, "owner"):
			r = 2
		}
		if r > rank || r == rank && staysLonger(m, best) {
			best, rank = m, r
		}
	}
	return best.Name, rank > 1
}

func staysLonger(m, than Member) bool {
	return than.Until != "" && (m.Until == "" || dayOf(m.Until) > dayOf(than.Until))
}

// membersOf are the members of a team that have a name.
func membersOf(team *odcs.Team) []Member {
	var out []Member
	for _, m := range team.Members {
		if name := cmp.Or(m.Username, m.Name); name != "" {
			out = append(out, Member{Name: name, Role: m.Role, Until: m.DateOut})
		}
	}
	return out
}
