package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// found is a table that a name means.
type found struct {
	in    *explained
	table Table
}

func (f found) name() string { return f.in.Key() + "/" + f.table.Key() }

// Split takes TABLE[.COLUMN] apart, as far as it names a table that is there. What names
// none is returned as a table.
func (x *Explainer) Split(name string) (table, column string) {
	if len(x.find(name)) > 0 {
		return name, ""
	}
	if dot := strings.LastIndex(name, "."); dot > 0 && len(x.find(name[:dot])) > 0 {
		return name[:dot], name[dot+1:]
	}
	return name, ""
}

// ask finds what names mean.
func (x *Explainer) ask(principal, table, column string) (question, error) {
	var problems problem.List
	tables := x.find(table)
	q := question{column: fold(column)}
	switch len(tables) {
	case 1:
		q.in, q.table = tables[0].in, tables[0].table
		if names := included(q.table, nil, nil); column != "" && len(names) > 0 && !slices.Contains(names, q.column) {
			problems.Addf("column", fmt.Sprintf("%q, which %s does not have", column, q.tableName()), list(names), problem.DidYouMean(q.column, names, "leave it out to ask for the whole table"))
		}
	case 0:
		known := x.matrix.Known.Tables
		problems.Addf("table", fmt.Sprintf("%q, which is not there", table), list(known), problem.DidYouMean(table, withLastParts(known), "name one of them"))
	default:
		names := make([]string, len(tables))
		for i, t := range tables {
			names[i] = t.table.Key()
			if slices.ContainsFunc(tables, func(o found) bool { return o.in != t.in && o.table.Key() == t.table.Key() }) {
				names[i] = t.name()
			}
		}
		problems.Addf("table", fmt.Sprintf("%q, which may mean %d tables", table, len(names)), list(names), "name one of them in full")
	}
	principals := x.named(principal)
	switch {
	case len(principals) == 1:
		q.principal = principals[0]
	case len(principals) > 1:
		problems.Addf("principal", fmt.Sprintf("%q, which may mean %d principals", principal, len(principals)), list(principals), "name one of them in full")
	case len(tables) == 1 && strings.HasPrefix(principal, "arn:") && len(x.open(question{principal: principal, in: q.in, table: q.table})) > 0:
		q.principal = principal // whom IAM may let in, as anybody
	default:
		known := x.principals
		short := make([]string, len(known))
		for i, p := range known {
			short[i] = Short(p)
		}
		problems.Addf("principal", fmt.Sprintf("%q, which is nobody who is granted something, administers or stands in the templates", principal),
			list(short), problem.DidYouMean(Short(principal), short, "name one of them"))
	}
	return q, problems.Err()
}

// named returns the principals that a name means: one in full, else those whom people know
// by it, else those whom they know by it in other letters, or would if their account were known.
func (x *Explainer) named(name string) []string {
	for _, is := range []func(p string) bool{
		func(p string) bool { return p == name },
		func(p string) bool { return Short(p) == name },
		func(p string) bool { return strings.EqualFold(Short(p), name) },
		func(p string) bool { return strings.HasSuffix(p, "/"+name) }, // of an account that is not known
	} {
		if out := slices.DeleteFunc(slices.Clone(x.principals), func(p string) bool { return !is(p) }); len(out) > 0 {
			return out
		}
	}
	return nil
}

// find returns the tables that a name means, without the links to them: tables of the
// catalogs, else what links of the name lead to, else tables that grants name and no
// catalog has.
func (x *Explainer) find(name string) []found {
	name = fold(name)
	var tables, linked, unknown []found
	for _, c := range x.catalogs {
		asked := name
		for _, prefix := range []string{c.Key() + "/", c.Account + "/"} {
			asked = strings.TrimPrefix(asked, prefix)
		}
		if strings.Contains(asked, "/") {
			continue
		}
		for _, t := range c.Tables {
			switch {
			case isNamed(asked, t.Key()) && t.Target == "":
				tables = append(tables, found{c, t})
			case isNamed(asked, t.Key()):
				linked = append(linked, x.target(found{c, t}))
			}
		}
		database, table, qualified := strings.Cut(asked, ".")
		if !qualified {
			continue
		}
		if d, known := c.databases[database]; known && d.Target != "" {
			linked = append(linked, x.behind(d, table, c.Region)...)
		}
	}
	for _, r := range x.matrix.Rows {
		c := x.catalogOf(r.Account, r.Region)
		if r.Kind != OnTable || c == nil {
			continue
		}
		if _, known := c.tables[r.Name()]; !known && (isNamed(strings.TrimPrefix(strings.TrimPrefix(name, c.Key()+"/"), c.Account+"/"), r.Name()) || r.Table == lakeformation.AllTables && strings.HasPrefix(name, r.Database+".")) {
			unknown = append(unknown, found{c, Table{Database: r.Database, Name: r.Table, Target: r.Object}})
		}
	}
	for _, out := range [][]found{tables, linked, unknown} {
		if out = once(out); len(out) > 0 {
			return out
		}
	}
	return nil
}

func (x *Explainer) catalogOf(account, region string) *explained {
	i := slices.IndexFunc(x.catalogs, func(c *explained) bool { return c.Account == account && c.Region == region })
	if i < 0 {
		return nil
	}
	return x.catalogs[i]
}

// target is the table that a link leads to; the link itself when that is not known.
func (x *Explainer) target(f found) found {
	account, key, _ := strings.Cut(f.table.Target, "/")
	if c := x.catalogOf(account, f.in.Region); c != nil {
		if t, known := c.tables[key]; known {
			return found{c, t}
		}
		for _, r := range x.matrix.Rows {
			if r.Kind == OnTable && r.Account == c.Account && r.Region == c.Region && r.Name() == key {
				return found{c, Table{Database: r.Database, Name: r.Table, Target: r.Object}} // that grants name
			}
		}
	}
	return f
}

// behind is the table of a name in the database that a link leads to.
func (x *Explainer) behind(d Database, table, region string) []found {
	account, database, _ := strings.Cut(d.Target, "/")
	if c := x.catalogOf(account, region); c != nil {
		if t, known := c.tables[database+"."+table]; known {
			return []found{{c, t}}
		}
	}
	return nil
}

// once returns what was found, each once, sorted by name.
func once(in []found) []found { return sortedBy(in, found.name) }
