package render

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// nothing stands in a cell that has nothing to say.
const nothing = "–"

func productOf(r access.Row) string {
	switch {
	case r.Product == "":
		return r.Domain
	case r.Domain == "":
		return r.Product
	}
	return r.Domain + "." + r.Product
}

// columnsSeen returns "public 4/4, phi 0/3".
func columnsSeen(r access.Row) string {
	switch {
	case (r.Kind == access.OnTable || r.Kind == access.OnDatabase) && r.Object != "":
		return "link to " + r.Object
	case r.Kind != access.OnTable || !r.Can(lakeformation.Select):
		return nothing
	case len(r.Levels) == 0:
		return string(r.Inherited) + ", columns not known"
	}
	parts := make([]string, len(r.Levels))
	for i, l := range r.Levels {
		parts[i] = l.String()
	}
	return strings.Join(parts, ", ")
}

// rowsSeen returns "all", the one row condition, or each group of columns with
// its condition: "public: all; deidentified: study_id = 'NCT0456'".
func rowsSeen(r access.Row) string {
	groups := groupByRows(r)
	parts := make([]string, len(groups))
	for i, columns := range groups {
		parts[i] = cmp.Or(columns[0].Rows.String(), "all")
		if len(groups) > 1 {
			parts[i] = columnNames(r, columns) + ": " + parts[i]
		}
	}
	return cmp.Or(strings.Join(parts, "; "), nothing)
}

func hasOneCondition(r access.Row) bool {
	groups := groupByRows(r)
	return len(groups) == 1 && len(groups[0][0].Rows) > 0
}

// groupByRows groups the columns by the rows that are seen of them, the widest first.
func groupByRows(r access.Row) [][]access.ColumnAccess {
	groups := map[string][]access.ColumnAccess{}
	for _, c := range r.Columns {
		key := strings.Join(c.Rows, "\x00")
		groups[key] = append(groups[key], c)
	}
	var out [][]access.ColumnAccess
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, groups[key])
	}
	return out
}

// columnNames names columns by their sensitivity levels when they are all that is
// seen of these, else by their own names.
func columnNames(r access.Row, columns []access.ColumnAccess) string {
	count := map[ontology.Sensitivity]int{}
	for _, c := range columns {
		count[c.Sensitivity]++
	}
	var levels []string
	covered := 0
	for _, l := range r.Levels {
		if n := count[l.Sensitivity]; n > 0 && n == l.Seen {
			levels = append(levels, string(l.Sensitivity))
			covered += n
		}
	}
	switch {
	case covered == len(columns):
		return strings.Join(levels, ", ")
	case len(columns) > 3:
		return fmt.Sprintf("%d columns", len(columns))
	}
	own := make([]string, len(columns))
	for i, c := range columns {
		own[i] = c.Name
	}
	return strings.Join(own, ", ")
}

// rights returns the permissions, with * after those that may be granted on, and for
// which products a table is read.
func rights(r access.Row) string {
	parts := make([]string, len(r.Rights))
	for i, right := range r.Rights {
		parts[i] = string(right.Permission)
		if right.Grantable {
			parts[i] += "*"
		}
	}
	out := strings.Join(parts, " ")
	if len(r.ReadFor) > 0 {
		out += ", for " + strings.Join(r.ReadFor, ", ")
	}
	return out
}
