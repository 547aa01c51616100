package render

import (
	"fmt"
	"slices"
	"strings"

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
		for _, c := range n.columns {
			l.cells = append(l.cells, c.cell(n, l))
		}
		if last := len(out) - 1; last >= 0 && out[last].joins(l, n.columns) {
			out[last].zones = append(out[last].zones, r.Zone)
			for i, c := range n.columns {
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
func (l line) joins(next line, columns []column) bool {
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

// otherWays counts those who reach files past Lake Formation and those who can give access,
// and names the flags that list them; "" when there is nobody.
func otherWays(m *access.Matrix) string {
	var past, may, give []string
	for _, b := range m.Bypasses {
		if b.Certain {
			past = append(past, b.Principal)
		}
	}
	for _, b := range m.Bypasses {
		if !slices.Contains(past, b.Principal) {
			may = append(may, b.Principal)
		}
	}
	for _, g := range m.Grantors {
		give = append(give, g.Principal)
	}
	var parts []string
	if n, maybe := count(past), count(may); n+maybe > 0 {
		parts = append(parts, fmt.Sprintf("who reaches files past Lake Formation (%d do, %d may; --bypasses)", n, maybe))
	}
	if n := count(give); n > 0 {
		parts = append(parts, fmt.Sprintf("who can give access (%d; --can-grant)", n))
	}
	if len(parts) == 0 {
		return ""
	}
	return "Not in these rows: " + strings.Join(parts, ", ") + "."
}

// count returns how many different names there are.
func count(names []string) int {
	slices.Sort(names)
	return len(slices.Compact(names))
}

// noRows says what a matrix without rows means: nobody only when nothing may give more.
func noRows(m *access.Matrix) string {
	reasons := slices.Clone(m.Caveats)
	if n := len(slices.DeleteFunc(slices.Clone(m.Admins), func(a access.Admin) bool { return a.ReadOnly })); n > 0 {
		reasons = append(reasons, "administrators, who can grant themselves anything")
	}
	if len(m.Bypasses) > 0 {
		reasons = append(reasons, "ways past Lake Formation, which --bypasses lists")
	}
	asked := ""
	if m.Question != "" {
		asked = " of what was asked for (" + m.Question + ")"
	}
	if len(reasons) == 0 {
		return "Nobody is granted anything" + asked + "."
	}
	return "No grant is known" + asked + ". That does not say nobody: there are " + strings.Join(reasons, "; ") + "."
}

// notes returns what stands below the rows, and what no matrix says.
func notes(m *access.Matrix) []string { return append(slices.Clone(m.Notes), access.Scope) }
