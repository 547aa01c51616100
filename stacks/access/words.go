package access

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// nothing stands in a cell that has nothing to say.
const nothing = "–"

// headings are the columns of the renderings for people.
func headings() []string {
	return []string{"Principal", "Product", "Table", "Columns seen", "Rows", "Rights"}
}

// words turns rows into the cells that people read.
type words struct {
	principals map[string]string // label by identifier
	clashes    map[string]bool   // short names of objects that stand for several
}

func newWords(m *Matrix) words {
	w := words{principals: labels(m), clashes: map[string]bool{}}
	meant := map[string]string{}
	for _, r := range m.Rows {
		object := strings.Join([]string{r.Account, r.Region, r.Database, r.Object}, " ")
		if before, seen := meant[r.shortKey()]; seen && before != object {
			w.clashes[r.shortKey()] = true
		}
		meant[r.shortKey()] = object
	}
	return w
}

var accountOf = regexp.MustCompile(`^arn:[^:]*:[^:]*:[^:]*:(\d{12}):`)

// labels gives every principal a short name that no other has.
func labels(m *Matrix) map[string]string {
	identifiers := map[string]map[string]bool{}
	add := func(p string) {
		if identifiers[Short(p)] == nil {
			identifiers[Short(p)] = map[string]bool{}
		}
		identifiers[Short(p)][p] = true
	}
	for _, r := range m.Rows {
		add(r.Principal)
	}
	for _, a := range m.Admins {
		add(a.Principal)
	}
	out := map[string]string{}
	for short, all := range identifiers {
		accounts := map[string]int{}
		for p := range all {
			if found := accountOf.FindStringSubmatch(p); found != nil {
				accounts[found[1]]++
			}
		}
		for p := range all {
			found := accountOf.FindStringSubmatch(p)
			switch {
			case len(all) == 1:
				out[p] = short
			case found != nil && accounts[found[1]] == 1:
				out[p] = short + " (" + found[1] + ")"
			default:
				out[p] = p
			}
		}
	}
	return out
}

// displayLine is a row, or several that say the same of several zones, as people
// read it: one cell per heading.
type displayLine struct {
	Row
	cells []string
	zones []string // of databases and locations that are named by their zone
}

// lines returns the rows under the headings. Databases, or locations, of one
// domain that the same rights are held on share a line.
func (w words) lines(m *Matrix) []displayLine {
	var out []displayLine
	for _, r := range m.Rows {
		l := displayLine{Row: r, cells: []string{w.principals[r.Principal], r.productName(), w.object(r), seen(r), limits(r), rights(r)}}
		if r.Kind != OnTable && l.cells[2] == r.shortName() {
			l.zones = []string{r.Zone}
		}
		if n := len(out) - 1; n >= 0 && out[n].joins(l) {
			out[n].zones = append(out[n].zones, r.Zone)
			out[n].cells[2] = strings.Join(out[n].zones, ", ") + " " + string(r.Kind) + "s"
			continue
		}
		out = append(out, l)
	}
	return out
}

// joins reports whether the next line says the same of another zone.
func (l displayLine) joins(next displayLine) bool {
	return len(l.zones) > 0 && len(next.zones) > 0 && l.Kind == next.Kind && l.Principal == next.Principal &&
		l.Account == next.Account && l.Region == next.Region && !slices.Contains(l.zones, next.Zone) &&
		slices.Equal(l.cells[:2], next.cells[:2]) && slices.Equal(l.cells[3:], next.cells[3:])
}

// object is the short name where that is clear beside the product, else the full one.
func (w words) object(r Row) string {
	if short := r.shortName(); short != "" && !w.clashes[r.shortKey()] {
		return short
	}
	return r.Name()
}

// shortName names what the row is about beside its product or domain; "" when
// that cannot be done.
func (r Row) shortName() string {
	switch {
	case r.Kind == OnTable && r.Product != "":
		return r.Table
	case r.Kind == OnDatabase && r.Domain != "" && r.Zone != "":
		return r.Zone + " database"
	case r.Kind == OnLocation && r.Domain != "" && r.Zone != "":
		return r.Zone + " location"
	}
	return ""
}

func (r Row) shortKey() string { return r.productName() + " " + r.shortName() }

func (r Row) productName() string {
	switch {
	case r.Product == "":
		return r.Domain
	case r.Domain == "":
		return r.Product
	}
	return r.Domain + "." + r.Product
}

// seen returns "public 4/4, phi 0/3".
func seen(r Row) string {
	switch {
	case r.Kind == OnTable && r.Object != "" || r.Kind == OnDatabase && r.Object != "":
		return "link to " + r.Object
	case r.Kind != OnTable || !r.Can(lakeformation.Select):
		return nothing
	case len(r.Levels) == 0:
		return "no columns known"
	}
	parts := make([]string, len(r.Levels))
	for i, l := range r.Levels {
		parts[i] = l.String()
	}
	return strings.Join(parts, ", ")
}

// String returns "phi 3/12".
func (l Level) String() string { return fmt.Sprintf("%s %d/%d", l.Sensitivity, l.Seen, l.Total) }

// limits returns "all", the one row condition, or each group of columns with
// its condition: "public: all; deidentified: study_id = 'NCT0456'".
func limits(r Row) string {
	groups := r.RowLimits()
	switch len(groups) {
	case 0:
		return nothing
	case 1:
		return groups[0].String()
	}
	parts := make([]string, len(groups))
	for i, g := range groups {
		parts[i] = r.group(g.Columns) + ": " + g.String()
	}
	return strings.Join(parts, "; ")
}

// group names columns by their sensitivity levels when they are all that is
// seen of these, else by their own names.
func (r Row) group(columns []string) string {
	var levels []string
	covered := 0
	for _, l := range r.Levels {
		inside := 0
		for _, c := range r.Columns {
			if c.Sensitivity == l.Sensitivity && slices.Contains(columns, c.Name) {
				inside++
			}
		}
		if inside > 0 && inside == l.Seen {
			levels = append(levels, l.Sensitivity)
			covered += inside
		}
	}
	if covered == len(columns) {
		return strings.Join(levels, ", ")
	}
	return counted(columns)
}

// counted names up to three columns, or counts them.
func counted(columns []string) string {
	if len(columns) > 3 {
		return fmt.Sprintf("%d columns", len(columns))
	}
	return strings.Join(columns, ", ")
}

// rights returns the permissions, with * after those that may be passed on.
func rights(r Row) string {
	parts := make([]string, len(r.Rights))
	for i, right := range r.Rights {
		parts[i] = string(right.Permission)
		if right.Grantable {
			parts[i] += "*"
		}
	}
	return strings.Join(parts, " ")
}

// remarks are the lines under the rows: what the marks mean and who is an administrator.
func (w words) remarks(m *Matrix) (legend []string, admins []string) {
	for _, r := range m.Rows {
		if strings.Contains(rights(r), "*") {
			legend = []string{"* may pass the right on"}
			break
		}
	}
	for _, a := range m.Admins {
		line := w.principals[a.Principal] + " in " + a.Account + "/" + a.Region
		if a.ReadOnly {
			line += " (read-only: sees every table's metadata and every grant)"
		}
		admins = append(admins, line)
	}
	return legend, admins
}

const (
	adminsTitle = "Administrators (can grant themselves anything)"
	notesTitle  = "Notes"
	noRows      = "Nobody is granted anything."
)
