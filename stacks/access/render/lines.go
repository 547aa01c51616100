package render

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// line is a row, or several that say the same of several zones, as people read it.
type line struct {
	access.Row
	zones []string // of databases and locations that are named by their zone
	cells []string // one for each of columns
}

// lines returns the rows under the headings. Databases, or locations, of one
// domain that the same rights are held on share a line.
func lines(m *access.Matrix, n names) []line {
	var out []line
	for _, r := range m.Rows {
		l := line{Row: r}
		if r.Kind != access.OnTable && n.hasShortName(r) {
			l.zones = []string{r.Zone}
		}
		for _, c := range columns {
			l.cells = append(l.cells, c.cell(n, l))
		}
		if last := len(out) - 1; last >= 0 && out[last].joins(l) {
			out[last].zones = append(out[last].zones, r.Zone)
			for i, c := range columns {
				if c.byZone {
					out[last].cells[i] = c.cell(n, out[last])
				}
			}
			continue
		}
		out = append(out, l)
	}
	return out
}

// joins reports whether the next line says the same of another zone.
func (l line) joins(next line) bool {
	for i, c := range columns {
		if !c.byZone && l.cells[i] != next.cells[i] {
			return false
		}
	}
	return len(l.zones) > 0 && len(next.zones) > 0 && l.Kind == next.Kind && l.Principal == next.Principal &&
		l.Account == next.Account && l.Region == next.Region && !slices.Contains(l.zones, next.Zone)
}

const (
	adminsTitle = "Administrators (can grant themselves anything)"
	notesTitle  = "Notes"
	noRows      = "Nobody is granted anything."
	legend      = "* may pass the right on"
)

// needsLegend reports whether a right of the matrix bears the mark that legend explains.
func needsLegend(m *access.Matrix) bool {
	return slices.ContainsFunc(m.Rows, func(r access.Row) bool {
		return slices.ContainsFunc(r.Rights, func(right access.Right) bool { return right.Grantable })
	})
}

// administrators returns one text for each administrator.
func administrators(m *access.Matrix, n names) []string {
	var out []string
	for _, a := range m.Admins {
		text := n.principals[a.Principal] + " in " + a.Account + "/" + a.Region
		if a.ReadOnly {
			text += " (read-only: sees every table's metadata and every grant)"
		}
		out = append(out, text)
	}
	return out
}

// names says how people call principals and what rows are about.
type names struct {
	principals map[string]string // short name, or more where that is not clear, by identifier
	ambiguous  map[string]bool   // short names of what rows are about that stand for several
}

func newNames(m *access.Matrix) names {
	n := names{principals: namePrincipals(m), ambiguous: map[string]bool{}}
	meant := map[string]string{}
	for _, r := range m.Rows {
		object := strings.Join([]string{r.Account, r.Region, r.Database, r.Object}, " ")
		if before, seen := meant[shortKey(r)]; seen && before != object {
			n.ambiguous[shortKey(r)] = true
		}
		meant[shortKey(r)] = object
	}
	return n
}

// object names what a line is about: by its short name where that is clear beside the
// product, else in full.
func (n names) object(l line) string {
	switch {
	case len(l.zones) > 1:
		return strings.Join(l.zones, ", ") + " " + string(l.Kind) + "s"
	case n.hasShortName(l.Row):
		return shortName(l.Row)
	}
	return l.Name()
}

func (n names) hasShortName(r access.Row) bool {
	return shortName(r) != "" && !n.ambiguous[shortKey(r)]
}

func shortKey(r access.Row) string { return productOf(r) + " " + shortName(r) }

// shortName names what a row is about beside its product or domain; "" when
// that cannot be done.
func shortName(r access.Row) string {
	switch {
	case r.Kind == access.OnTable && r.Product != "":
		return r.Table
	case (r.Kind == access.OnDatabase || r.Kind == access.OnLocation) && r.Domain != "" && r.Zone != "":
		return r.Zone + " " + string(r.Kind)
	}
	return ""
}
