package meshmap

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// FromState is the map of what templates alone, or an account, tell of any lake: its groups
// are the domains that LF-Tags tell and else the databases, and the principals of each
// account, with edges for those who may read and write tables. The state is normalized.
func FromState(state *access.State, sees *access.Matrix) *Map {
	state.Normalize()
	s := &stateMap{newBuilder()}
	for _, t := range state.TaggedTables() {
		s.table(t)
	}
	for i := range state.Catalogs {
		s.catalog(&state.Catalogs[i])
	}
	if sees != nil {
		for i := range sees.Rows {
			s.row(&sees.Rows[i])
		}
	}
	return s.done()
}

type stateMap struct{ *builder }

func tableKey(account, region, database, table string) string {
	return fmt.Sprintf("table %s/%s/%s.%s", account, region, database, table)
}

func (s *stateMap) table(t access.TaggedTable) {
	group := Group{Kind: "database", Name: t.Database, Account: t.Account, Region: t.Region}
	if t.Domain != "" {
		group.Kind, group.Name = "domain", t.Domain
	}
	key := strings.Join([]string{group.Kind, group.Name, t.Account, t.Region}, " ")
	s.group(key, group)
	n := s.node(tableKey(t.Account, t.Region, t.Database, t.Name), key, Node{
		Kind: TableNode, Name: t.Name, Product: strings.TrimPrefix(t.Domain+"."+cmp.Or(t.Product, t.Database), "."),
	})
	levels := map[string]int{}
	for _, c := range t.Columns {
		levels[string(c.Sensitivity)]++
		if n.Level == "" || c.Sensitivity.Compare(ontology.Sensitivity(n.Level)) > 0 {
			n.Level = string(c.Sensitivity)
		}
	}
	n.fact("Database", t.Database)
	n.fact("Product", t.Product)
	n.fact("Columns", counts(levels))
	n.fact("Files", t.Location)
}

// catalog adds databases without tables, and resource links.
func (s *stateMap) catalog(c *access.Catalog) {
	full := map[string]bool{}
	for _, t := range c.Tables {
		if t.Target != "" {
			s.link(c, t.Key(), t.Target)
		} else {
			full[t.Database] = true
		}
	}
	for _, d := range c.Databases {
		switch {
		case d.Target != "":
			s.link(c, d.Name, d.Target)
		case !full[d.Name]:
			s.group(strings.Join([]string{"database", d.Name, c.Account, c.Region}, " "), Group{
				Kind: "database", Name: d.Name, Account: c.Account, Region: c.Region, Facts: []Fact{{"Tables", "none in the templates"}},
			})
		}
	}
}

// link adds a resource link to a database or table of another catalog.
func (s *stateMap) link(c *access.Catalog, name, target string) {
	group := "links " + c.Account + " " + c.Region
	s.group(group, Group{Kind: "links", Name: c.Account, Account: c.Account, Region: c.Region})
	s.node(fmt.Sprintf("link %s/%s/%s", c.Account, c.Region, name), group, Node{Kind: Link, Name: name}).fact("Leads to", target)
}

// row adds what a principal may do with a table.
func (s *stateMap) row(r *access.Row) {
	table := tableKey(r.Account, r.Region, r.Database, r.Table)
	if r.Kind != access.OnTable || s.nodes[table] == nil {
		return
	}
	account := accountOf(r.Principal)
	group := "principals " + account
	key := "reader " + r.Principal
	who, name := access.Short(r.Principal), r.Database+"."+r.Table
	add := func(from, to string, e Edge) {
		s.group(group, Group{Kind: "principals", Name: account, Account: account})
		n := s.node(key, group, Node{Kind: Reader, Name: who})
		if len(n.Facts) == 0 && who != r.Principal {
			n.fact("Principal", r.Principal)
		}
		s.edge(from, to, e)
	}
	if r.Can(lakeformation.Select) {
		seen := []string{}
		for _, l := range r.Levels {
			if l.Seen > 0 {
				seen = append(seen, fmt.Sprintf("%d of %d %s", l.Seen, l.Total, l.Sensitivity))
			}
		}
		text := who + " may select from " + name
		if len(seen) > 0 {
			text += ", columns: " + strings.Join(seen, ", ")
		}
		e := Edge{Relation: Reads, Text: text + "."}
		for _, sub := range r.Subscriptions {
			e.Relation = Subscribes
			e.Text += " " + sub.Purpose + "."
			e.Until = max(e.Until, sub.LastDay)
		}
		if r.AlsoOtherwise {
			e.Until = ""
		}
		add(table, key, e)
	}
	var writes []string
	for _, p := range []lakeformation.Permission{lakeformation.Insert, lakeformation.Delete, lakeformation.Alter, lakeformation.Drop} {
		if r.Can(p) {
			writes = append(writes, string(p))
		}
	}
	if len(writes) > 0 {
		add(key, table, Edge{Relation: Makes, Text: fmt.Sprintf("%s may change %s: %s.", who, name, strings.Join(writes, ", "))})
	}
}

// accountOf is the account of a principal, or "any account" where it does not say one.
func accountOf(principal string) string {
	whole := strings.ReplaceAll(principal, "{AWS::", "{AWS.") // names such as AWS::AccountId are one part
	if parts := strings.SplitN(whole, ":", 6); len(parts) == 6 && parts[0] == "arn" && parts[4] != "" {
		return strings.ReplaceAll(parts[4], "{AWS.", "{AWS::")
	}
	if len(principal) == 12 && strings.Trim(principal, "0123456789") == "" {
		return principal
	}
	return "any account"
}

// counts are numbers of columns by level, sorted by level.
func counts(levels map[string]int) string {
	var out []string
	for _, level := range sorted(levels, func(_, _ int) int { return 0 }) {
		out = append(out, fmt.Sprintf("%d %s", levels[level], level))
	}
	return strings.Join(out, ", ")
}
