package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// everyPrincipal is what the group of every principal of an account is called after the
// account.
const everyPrincipal = ":IAMPrincipals"

// noteOpen notes what everybody holds whom IAM lets in, of any account or of one.
func (e *evaluation) noteOpen() {
	open := map[string][]string{}
	for _, h := range e.holdings {
		if len(h.rights) > 0 && (h.principal == IAMAllowedPrincipals || strings.HasSuffix(h.principal, everyPrincipal)) {
			open[h.principal] = append(open[h.principal], h.on.Name())
		}
	}
	for _, principal := range slices.Sorted(maps.Keys(open)) {
		objects := strings.Join(distinct(open[principal]), ", ")
		if account, ofAccount := strings.CutSuffix(principal, everyPrincipal); ofAccount {
			e.note("granted to every principal of account %s that IAM lets in, as %s: %s", account, principal, objects)
		} else {
			e.note("open to whoever IAM lets in, as %s holds permissions: %s", principal, objects)
		}
	}
}

// noteHybrid notes what lies in locations in which IAM still decides for all who have not
// opted in to Lake Formation. No template and no grant says who has; a running account does.
// Source: "Hybrid access mode".
func (e *evaluation) noteHybrid() {
	for _, l := range e.Locations {
		if !l.Hybrid {
			continue
		}
		tables := []string{}
		for _, t := range e.Tables {
			if e.narrowest(t.Location) == l {
				tables = append(tables, t.Key())
			}
		}
		if len(tables) == 0 {
			tables = []string{"no known table"}
		}
		e.doubt("locations in hybrid access mode",
			"%s is in hybrid access mode: for every principal that has not opted in, IAM still decides, with the grants of %s, and Lake Formation guards neither columns nor rows; %s: %s",
			l.ARN, IAMAllowedPrincipals, e.optedIn(), strings.Join(tables, ", "))
	}
}

// optedIn says who has opted in to Lake Formation, as far as that is known.
func (e *evaluation) optedIn() string {
	if !e.OptInsKnown {
		return "who has opted in is not read"
	}
	var out []string
	for _, o := range e.OptIns {
		out = append(out, Short(o.Principal)+" on "+o.Resource.In("").Key())
	}
	if len(out) == 0 {
		return "nobody has opted in"
	}
	return "opted in: " + strings.Join(out, ", ")
}

// narrowest returns the registered location that a s3:// URI is in, of several the one
// that is in the others.
func (e *evaluation) narrowest(uri string) Location {
	var out Location
	if _, inS3 := s3uri.FromURI(uri); !inS3 {
		return out
	}
	for _, l := range e.Locations {
		if within(uri, l.ARN) && len(l.ARN) > len(out.ARN) {
			out = l
		}
	}
	return out
}
