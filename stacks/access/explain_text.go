package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// grantText says what a grant gives and on what.
func grantText(g lakeformation.Grant, subscriptions []Subscription) string {
	text := fmt.Sprintf("%s is granted %s on %s", Short(g.Principal), joined(g.Permissions), resourceText(g.Resource))
	if len(g.Grantable) > 0 {
		text += ", and may pass on " + joined(g.Grantable)
	}
	for _, s := range subscriptions {
		text += fmt.Sprintf("; for subscription %s: %s, approved by %s, until %s", s.Name, s.Purpose, s.Approver, s.LastDay)
	}
	return text
}

// resourceText names what a grant is on.
func resourceText(r lakeformation.Resource) string {
	table := "table " + r.Database + "." + r.Table
	if r.Table == lakeformation.AllTables {
		table = "every table of database " + r.Database
	}
	switch r.Kind {
	case lakeformation.KindColumns:
		if len(r.Excluded) > 0 {
			return "every column of " + table + " but " + few(r.Excluded)
		}
		return named("column", r.Columns) + " of " + table
	case lakeformation.KindDataCells:
		return "data cells filter " + r.Filter + " of " + table
	case lakeformation.KindTagPolicy:
		return "what is tagged " + expressionText(r.Expression)
	case lakeformation.KindCatalog:
		return "the catalog of account " + r.Catalog
	case lakeformation.KindDatabase:
		return "database " + r.Database
	default:
		return table
	}
}

// expressionText says the conditions of an LF-Tag policy.
func expressionText(expression []lakeformation.Condition) string {
	return strings.Join(conditionTexts(expression), " and ")
}

// filterText says what a data cells filter shows.
func filterText(f lakeformation.DataCellsFilter) string {
	columns := "every column"
	switch {
	case len(f.Excluded) > 0:
		columns = "every column but " + few(f.Excluded)
	case len(f.Columns) > 0:
		columns = named("column", f.Columns)
	}
	rows := "every row"
	if f.Rows != "" {
		rows = "the rows where " + f.Rows
	}
	return fmt.Sprintf("filter %s shows %s in %s", f.Name, columns, rows)
}

// target names what is asked for, as far as a path leads there.
func (q question) target(columns []string) string {
	text := "table " + q.tableName()
	if q.table.Name == lakeformation.AllTables {
		text = "every table of database " + q.table.Database + " that is to come"
	}
	text += " in " + q.in.Key()
	switch all := q.columns(); {
	case q.column != "":
		text = "column " + q.column + " of " + text
	case len(columns) == 0 || len(columns) == len(all):
	default:
		text = named("column", columns) + " of " + text
	}
	return text
}

// tagSteps say which tags of columns meet the conditions of a policy, and where each is
// inherited from.
func (q question) tagSteps(expression []lakeformation.Condition, columns []string) []Step {
	var steps []Step
	for _, c := range expression {
		of, said := map[string][]string{}, []string{} // columns by what is said
		names := columns
		if len(names) == 0 {
			names = []string{""}
		}
		for _, name := range names {
			text := q.tagText(c.Key, name)
			if of[text] == nil {
				said = append(said, text)
			}
			of[text] = append(of[text], name)
		}
		for _, text := range said {
			if len(said) > 1 {
				text += ": " + few(of[text])
			}
			steps = append(steps, Step{StepTag, text})
		}
	}
	return steps
}

// tagText says the value of a key on a column, or, with "", on the table, and where it is
// inherited from.
func (q question) tagText(key, column string) string {
	e, db, table := q.in, q.table.Database, q.table.Name
	places := []struct {
		name string
		tags tagSet
	}{
		{"column " + column, e.tags[lakeformation.Columns(db, table, column).Key()]},
		{"table " + q.tableName(), e.tags[lakeformation.Table(db, table).Key()]},
		{"database " + db, e.tags[lakeformation.Database(db).Key()]},
	}
	text := ""
	for i, p := range places {
		values := p.tags[key]
		switch {
		case len(values) == 0:
		case text == "" && i == 0:
			text = fmt.Sprintf("%s=%s, set on the column", key, strings.Join(values, "|"))
		case text == "":
			text = fmt.Sprintf("%s=%s, inherited from %s", key, strings.Join(values, "|"), p.name)
			if column == "" && i == 1 {
				text = fmt.Sprintf("%s=%s, set on the table", key, strings.Join(values, "|"))
			}
		default:
			text += fmt.Sprintf(", in place of %s of %s", strings.Join(values, "|"), p.name)
		}
	}
	if text == "" {
		return "no tag " + key
	}
	return text
}

// maxNamed is how many columns a step names; of more it gives the number.
const maxNamed = 6

// named lists names after what they are, in the plural where they are several.
func named(what string, names []string) string {
	switch {
	case len(names) > maxNamed:
		return fmt.Sprintf("%d %ss", len(names), what)
	case len(names) != 1:
		what += "s"
	}
	return what + " " + strings.Join(names, ", ")
}

// few lists names, or says how many they are.
func few(names []string) string {
	if len(names) > maxNamed {
		return fmt.Sprintf("these %d columns", len(names))
	}
	return strings.Join(names, ", ")
}

// joined lists permissions.
func joined(permissions []lakeformation.Permission) string {
	out := make([]string, len(permissions))
	for i, p := range permissions {
		out[i] = string(p)
	}
	return strings.Join(out, " ")
}

// shareSteps say how a grant of another account, or to a principal of another account,
// comes to be.
func (q question) shareSteps(s shown, p *Path) []Step {
	owner := q.in.owner()
	if number := s.number - len(q.in.Grants); number >= 0 && number < len(q.in.passedOn) {
		return q.cascadeSteps(q.in.passedOn[number], p)
	}
	account := accountOfPrincipal(s.grant.Principal)
	switch {
	case strings.Contains(s.grant.Principal, ":organizations::"):
		return []Step{{StepShare, fmt.Sprintf("account %s shares it with %s through AWS RAM; the accounts in it are not known here", owner, s.grant.Principal)}}
	case account == "" || account == owner || unresolved(owner):
		return nil
	case account == s.grant.Principal:
		return []Step{{StepShare, fmt.Sprintf("account %s shares it with account %s through AWS RAM", owner, account)}}
	}
	return []Step{{StepShare, fmt.Sprintf("account %s grants it directly to a principal of account %s, through AWS RAM", owner, account)}}
}

// cascadeSteps say which grants of the owner let an account pass on what it grants.
func (q question) cascadeSteps(c passedOn, p *Path) []Step {
	if q.in.isUnread() {
		p.Certain = false
		return []Step{{StepShare, fmt.Sprintf("account %s passes it on, as far as account %s shares it, which was not read", c.By, q.in.owner())}}
	}
	var own, organizations []lakeformation.Grant
	for _, g := range q.in.Grants {
		switch {
		case g.Principal == c.By || g.Principal == c.By+everyPrincipal:
			own = append(own, g)
		case strings.Contains(g.Principal, ":organizations::"):
			organizations = append(organizations, g)
		}
	}
	for i, g := range slices.Concat(own, organizations) {
		if !q.in.share([]lakeformation.Grant{g}, c.Grant) {
			continue
		}
		step := Step{StepShare, fmt.Sprintf("account %s shares %s with %s through AWS RAM, which may pass on %s",
			q.in.Account, resourceText(g.Resource), Short(g.Principal), joined(g.Grantable))}
		if i >= len(own) {
			p.Certain = false
			step.Text += fmt.Sprintf("; account %s is taken to be in it", c.By)
		}
		return []Step{step, {StepShare, "account " + c.By + " passes it on"}}
	}
	var steps []Step // several together
	for i, g := range slices.Concat(own, organizations) {
		if c.countsBy(g) {
			p.Certain = p.Certain && i < len(own)
			return []Step{
				{StepShare, fmt.Sprintf("account %s shares %s with %s through AWS RAM, and the tags", q.in.Account, resourceText(g.Resource), Short(g.Principal))},
				{StepShare, "account " + c.By + " passes on what is tagged " + expressionText(c.Grant.Resource.Expression) + " too"},
			}
		}
	}
	for _, g := range own {
		if g.Resource.Kind == lakeformation.KindColumns && mayPassOn(g, c.Grant.Permissions) && len(q.in.columnsIn(g.Resource, c.Grant.Resource)) > 0 {
			steps = append(steps, Step{StepShare, fmt.Sprintf("account %s shares %s with %s through AWS RAM, which may pass on %s",
				q.in.Account, resourceText(g.Resource), Short(g.Principal), joined(g.Grantable))})
		}
	}
	return append(steps, Step{StepShare, "account " + c.By + " passes it on"})
}

// countsBy reports whether what counts is what both the grant and a policy of tags mean that
// the owner granted.
func (c passedOn) countsBy(g lakeformation.Grant) bool {
	return g.Resource.Kind == lakeformation.KindTagPolicy && c.Grant.Resource.Kind == lakeformation.KindTagPolicy &&
		expressionText(c.counted.Resource.Expression) == expressionText(slices.Concat(c.Grant.Resource.Expression, g.Resource.Expression))
}

// linkSteps name the resource links to the table in the account of the principal.
func (x *Explainer) linkSteps(q question) []Step {
	account := accountOfPrincipal(q.principal)
	var steps []Step
	for _, c := range x.catalogs {
		if c.Account != account || c.Region != q.in.Region {
			continue
		}
		for _, l := range c.linksTo(q.in.Account, q.table) {
			text := fmt.Sprintf("%s in account %s is a resource link to it", l.name, c.Account)
			if h := c.holdings[joinKey(q.principal, string(l.kind), l.database, l.table, l.target)]; h == nil || len(h.rights) == 0 {
				text += ", on which nothing is granted to " + Short(q.principal)
			}
			steps = append(steps, Step{StepLink, text})
		}
	}
	return steps
}

// link is a resource link.
type link struct {
	name, database, table, target string
	kind                          Kind
}

// linksTo are the resource links of a catalog to a table of an account, or to its database.
func (e *evaluation) linksTo(account string, t Table) []link {
	var out []link
	for _, d := range e.Databases {
		if d.Target == account+"/"+t.Database {
			out = append(out, link{"database " + d.Name, d.Name, "", d.Target, OnDatabase})
		}
	}
	for _, l := range e.Tables {
		if l.Target == account+"/"+t.Key() {
			out = append(out, link{"table " + l.Key(), l.Database, l.Name, l.Target, OnTable})
		}
	}
	return out
}
