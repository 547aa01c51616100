package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// rights are who gains and loses what, one finding for each principal, object and
// direction. Who can grant is left to grantors.
func rights(d *access.Difference, names map[string]string) []Finding {
	var out []Finding
	var rows []access.Row
	at := map[string]int{}
	for _, c := range d.Rights {
		if c.Kind == access.ToPassOn || c.Kind == access.ToAdminister && !strings.Contains(c.Text, readOnly) {
			continue
		}
		key := strings.Join([]string{c.Principal, string(c.Row.Kind), c.Row.Account, c.Row.Region, c.Object, string(kindOf(c)), fmt.Sprint(c.Kind == access.ToAdminister)}, "\x00")
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out, rows = append(out, findingOf(c)), append(rows, c.Row)
		}
		f := &out[i]
		f.Permissions = append(f.Permissions, c.Permissions...)
		for _, column := range c.Columns {
			f.Columns = append(f.Columns, Column{
				Name: column.Name, LevelBefore: column.Was, LevelAfter: column.Now, RowsBefore: column.RowsBefore, RowsAfter: column.RowsAfter,
			})
		}
		f.Severity = highest(f.Severity, severityOfRight(c))
	}
	for i := range out {
		f := &out[i]
		if len(f.Columns) > 0 && f.Kind != Rows {
			f.Permissions = append(f.Permissions, lakeformation.Select)
		}
		f.Permissions = lakeformation.SortPermissions(f.Permissions)
		if f.Text == "" {
			f.Text = sentence(*f, names[f.Principal])
		} else {
			f.Text = names[f.Principal] + " " + f.Text
		}
		explain(f, rows[i], d)
	}
	return out
}

// readOnly begins what access says of administrators who change nothing.
const readOnly = "read-only administration"

func kindOf(c access.RightChange) Kind {
	switch {
	case c.Kind == access.ToRows:
		return Rows
	case c.Gain:
		return Gained
	}
	return Lost
}

func findingOf(c access.RightChange) Finding {
	f := Finding{
		Kind: kindOf(c), Severity: Note, Principal: c.Principal, Account: c.Row.Account, Region: c.Row.Region,
		Domain: c.Row.Domain, Product: c.Row.Product, Subscriptions: c.Row.Subscriptions, Table: c.Object,
	}
	switch c.Row.Kind {
	case access.OnTable, access.OnDatabase, access.OnLocation, access.OnTag:
	default:
		f.Table, f.Text = "", c.Text
	}
	return f
}

// severityOfRight is how much a change of rights matters.
func severityOfRight(c access.RightChange) Severity {
	if !c.Gain {
		if c.Kind == access.ToPermissions && slices.Equal(c.Permissions, []lakeformation.Permission{lakeformation.Describe}) {
			return Note
		}
		return Warning // whoever reads it breaks
	}
	open := c.Principal == access.IAMAllowedPrincipals
	switch {
	case len(c.Columns) > 0:
		var levels []ontology.Sensitivity
		for _, column := range c.Columns {
			levels = append(levels, column.Was, column.Now)
		}
		levels = slices.DeleteFunc(levels, func(l ontology.Sensitivity) bool { return l == "" })
		if s := severityOf(levels...); !open {
			return s
		}
	case c.Kind == access.ToPermissions && slices.Contains(c.Permissions, lakeformation.Select) && !open:
		return severityOf(cmp.Or(c.Row.Inherited, access.Untagged))
	case c.Kind == access.ToPermissions && slices.Equal(c.Permissions, []lakeformation.Permission{lakeformation.Describe}) && !open:
		return Note
	}
	if open {
		return Error
	}
	return Warning
}

func highest(a, b Severity) Severity {
	return Severities()[min(slices.Index(Severities(), a), slices.Index(Severities(), b))]
}

// sentence says in one sentence what a principal gains or loses.
func sentence(f Finding, principal string) string {
	object := f.Table
	if f.Product != "" {
		object += " (" + owned(f.Domain, f.Product) + ")"
	}
	columns := fmt.Sprintf("%d columns", len(f.Columns))
	if len(f.Columns) == 1 {
		columns = "1 column"
	}
	listed := listColumns(f)
	if f.Kind == Rows {
		return fmt.Sprintf("%s sees other rows of %s of %s: %s", principal, columns, object, listed)
	}
	verb := "gains"
	if f.Kind == Lost {
		verb = "loses"
	}
	text := fmt.Sprintf("%s %s %s on ", principal, verb, joined(f.Permissions))
	if len(f.Columns) == 0 {
		return text + object
	}
	return fmt.Sprintf("%s%s of %s: %s", text, columns, object, listed)
}

// owned names a product by its domain, where it has one.
func owned(domain, product string) string { return strings.TrimPrefix(domain+"."+product, ".") }

func joined(permissions []lakeformation.Permission) string {
	out := make([]string, len(permissions))
	for i, p := range permissions {
		out[i] = string(p)
	}
	return strings.Join(out, ", ")
}

// shownColumns is how many columns of one group stand in a sentence; Columns has all.
const shownColumns = 12

// listColumns lists columns in groups that are alike, each with its level and rows.
func listColumns(f Finding) string {
	var heads []string
	groups := map[string][]string{}
	for _, c := range f.Columns {
		head := strings.TrimSpace("(" + levelOf(c, f.Kind) + ") " + rowsOf(c, f.Kind))
		if groups[head] == nil {
			heads = append(heads, head)
		}
		groups[head] = append(groups[head], c.Name)
	}
	var parts []string
	for _, head := range heads {
		columns := groups[head]
		if more := len(columns) - shownColumns; more > 0 {
			columns = append(columns[:shownColumns:shownColumns], fmt.Sprintf("and %d more", more))
		}
		parts = append(parts, strings.Join(columns, ", ")+" "+head)
	}
	return strings.Join(parts, "; ")
}

// levelOf is "deidentified, was phi".
func levelOf(c Column, k Kind) string {
	now, was := c.LevelAfter, c.LevelBefore
	switch {
	case k == Lost && now == "":
		return string(was) + ", gone"
	case k == Lost && now != was:
		return string(was) + ", now " + string(now)
	case was == "":
		return string(now) + ", new"
	case was != now:
		return string(now) + ", was " + string(was)
	}
	return string(now)
}

func rowsOf(c Column, k Kind) string {
	every := func(r access.RowConditions) string { return cmp.Or(r.String(), "every row") }
	switch rows := c.RowsAfter; {
	case k == Rows:
		return "now " + every(c.RowsAfter) + " instead of " + every(c.RowsBefore)
	case k == Lost && len(c.RowsBefore) > 0:
		return "where " + c.RowsBefore.String()
	case k == Gained && len(rows) > 0:
		return "where " + rows.String()
	}
	return ""
}
