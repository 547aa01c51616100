package review

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// explain says why somebody gains or loses what a finding is about: every way that leads
// there, and before each step of it whether the change brought it or took it away.
func explain(f *Finding, row access.Row, d *access.Difference) {
	if row.Kind != access.OnTable || row.Table == lakeformation.AllTables || row.Object != "" {
		return
	}
	has, mark := d.After.Why, "new: "
	if f.Kind == Lost {
		has, mark = d.Before.Why, "gone: "
	}
	table := strings.Join([]string{row.Account, row.Region, row.Database + "." + row.Table}, "/")
	for _, column := range alike(f.Columns) {
		explanation, err := has.Explain(f.Principal, table, column)
		if err != nil {
			continue // such as a name that stands for several
		}
		changed := func(s access.Step) bool {
			return slices.ContainsFunc(d.Changes, func(c access.Change) bool { return brings(c, s, row, column, f) })
		}
		for _, p := range explanation.Paths {
			if p.Way != access.Granted && p.Way != access.Open {
				continue
			}
			var steps []string
			for _, s := range p.Steps {
				switch {
				case changed(s):
					steps = append(steps, mark+s.Text)
				case s.Kind != access.StepTable: // which the finding names
					steps = append(steps, s.Text)
				}
			}
			if line := strings.Join(steps, "; "); !slices.Contains(f.Why, line) {
				f.Why = append(f.Why, line)
			}
		}
	}
}

// alike are the names of the first column of each group that is seen alike; "" of no columns.
func alike(columns []Column) []string {
	if len(columns) == 0 {
		return []string{""}
	}
	var out []string
	seen := map[string]bool{}
	for _, c := range columns {
		key := strings.Join([]string{string(c.LevelBefore), string(c.LevelAfter), c.RowsBefore.String(), c.RowsAfter.String()}, "\x00")
		if !seen[key] {
			seen[key] = true
			out = append(out, c.Name)
		}
	}
	return out
}

// brings reports whether a step of a way to a column is what a change of a part says: a
// grant, a tag, a filter or the table itself.
func brings(c access.Change, s access.Step, row access.Row, column string, f *Finding) bool {
	if c.Catalog != row.Account+"/"+row.Region {
		return false
	}
	says := c.After
	without := c.Before
	if f.Kind == Lost {
		says, without = without, says
	}
	table := row.Database + "." + row.Table
	switch s.Kind {
	case access.StepGrant:
		kind, resource, found := strings.Cut(strings.TrimPrefix(c.Subject, c.Principal+" on "), " ")
		return c.Principal == f.Principal && found && strings.HasPrefix(c.Kind, "grant") && names(s.Text, kind, resource)
	case access.StepTag:
		tag, _, _ := strings.Cut(s.Text, ",")
		of := []string{
			lakeformation.Database(row.Database).Key(), lakeformation.Table(row.Database, row.Table).Key(),
			lakeformation.Columns(row.Database, row.Table, column).Key(),
		}
		has := func(detail string) bool { return slices.Contains(strings.Split(detail, ", "), tag) }
		return c.Kind == "tags on" && slices.Contains(of, c.Subject) && has(says) && !has(without)
	case access.StepFilter:
		name, found := strings.CutPrefix(strings.TrimSuffix(c.Subject, "]"), table+"[")
		return c.Kind == "filter" && found && strings.Contains(s.Text, name)
	case access.StepTable:
		return c.Op != access.Changed && (c.Kind == "table" && c.Subject == table || c.Kind == "column" && c.Subject == table+"."+column)
	default:
		return false
	}
}

// names reports whether a step about a grant is about a resource, by its kind and key.
func names(step, kind, resource string) bool {
	switch lakeformation.Kind(kind) {
	case lakeformation.KindTagPolicy:
		_, expression, _ := strings.Cut(resource, " where ")
		return strings.HasSuffix(strings.SplitN(step, ";", 2)[0], "what is tagged "+expression)
	case lakeformation.KindDataCells:
		table, filter, _ := strings.Cut(strings.TrimSuffix(resource, "]"), "[")
		return strings.Contains(step, "data cells filter "+filter+" ") && strings.Contains(step, table)
	case lakeformation.KindColumns:
		table, _, _ := strings.Cut(resource, "(")
		return strings.Contains(step, table)
	default:
		return strings.Contains(step, resource)
	}
}
