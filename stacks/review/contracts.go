package review

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// contracts are the promises to readers of tables that a change breaks: a table, a column or
// rows that are gone, a type that does not hold all that it held, a level that is lower.
func contracts(before, after []access.TaggedTable) []Finding {
	key := func(t access.TaggedTable) string { return t.Account + "/" + t.Region + " " + t.Key() }
	now := map[string]access.TaggedTable{}
	for _, t := range after {
		now[key(t)] = t
	}
	var out []Finding
	for _, was := range before {
		is, there := now[key(was)]
		if !there {
			out = append(out, broken(was, "table %s is gone", named(was)))
			continue
		}
		out = append(out, columnsBroken(was, is)...)
		if was.Location != "" && is.Location != was.Location {
			f := broken(was, "table %s reads its files elsewhere: %s instead of %s", named(was), is.Location, was.Location)
			f.Severity = Warning
			out = append(out, f)
		}
	}
	return out
}

func columnsBroken(was, is access.TaggedTable) []Finding {
	now := map[string]access.TaggedColumn{}
	for _, c := range is.Columns {
		now[c.Name] = c
	}
	var out []Finding
	for _, c := range was.Columns {
		n, there := now[c.Name]
		column := Column{Name: c.Name, LevelBefore: c.Sensitivity, TypeBefore: c.Type, LevelAfter: n.Sensitivity, TypeAfter: n.Type}
		say := func(format string, args ...any) {
			f := broken(is, "column %s of %s %s", c.Name, named(is), fmt.Sprintf(format, args...))
			f.Columns = []Column{column}
			out = append(out, f)
		}
		if !there {
			say("is gone (%s, %s)", c.Type, c.Sensitivity)
			continue
		}
		if n.Type != c.Type && !widens(c.Type, n.Type) {
			say("is %s, was %s: values may not fit", n.Type, c.Type)
		}
		if n.Sensitivity.Compare(c.Sensitivity) < 0 {
			say("has a lower level: %s, was %s", n.Sensitivity, c.Sensitivity)
		}
	}
	return out
}

// widens reports whether every value of a type is one of another.
func widens(from, to string) bool {
	a, errA := gluetype.Parse(from)
	b, errB := gluetype.Parse(to)
	return errA == nil && errB == nil && a.WidensTo(b)
}

func broken(t access.TaggedTable, format string, args ...any) Finding {
	return Finding{
		Kind: Contract, Severity: Error, Account: t.Account, Region: t.Region, Domain: t.Domain, Product: t.Product, Table: t.Key(),
		Text: fmt.Sprintf(format, args...),
	}
}

// named is "db.table (domain.product)".
func named(t access.TaggedTable) string {
	if t.Product == "" {
		return t.Key()
	}
	return t.Key() + " (" + owned(t.Domain, t.Product) + ")"
}
