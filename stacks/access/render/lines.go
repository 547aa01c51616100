package render

import (
	"slices"

	"github.com/lakemesh/lakemesh/stacks/access"
)

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
