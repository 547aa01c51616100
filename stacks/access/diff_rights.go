package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// RightChange is what one principal gains or loses, in words.
type RightChange struct {
	Principal string // as Lake Formation takes it
	Gain      bool   // something is seen or allowed that was not before
	Loss      bool   // something is not any more; with Gain when one row condition replaced another
	Object    string // what it is about, in full
	Text      string // "gains SELECT on 2 phi columns of db.t: mrn, name"
}

// String returns the change as one line: "+ Analyst gains …", "- Analyst loses …"
// or "~ Analyst sees other rows …".
func (c RightChange) String() string {
	sign := "~"
	switch {
	case !c.Loss:
		sign = "+"
	case !c.Gain:
		sign = "-"
	}
	return sign + " " + Short(c.Principal) + " " + c.Text
}

// rightChanges compares what two normalized states let principals do.
func rightChanges(before, after *State) []RightChange {
	b, a := before.Evaluate(), after.Evaluate()
	d := &rightsDiff{was: levelsOf(before)}
	old, now := rowsByKey(b), rowsByKey(a)
	rows := slices.Concat(a.Rows, b.Rows)
	slices.SortStableFunc(rows, compareRows)
	done := map[string]bool{}
	for _, r := range rows {
		if key := rowKey(r); !done[key] {
			done[key] = true
			d.compare(old[key], now[key], r)
		}
	}
	for _, admin := range a.Admins {
		if !slices.Contains(b.Admins, admin) {
			d.admin(admin, true)
		}
	}
	for _, admin := range b.Admins {
		if !slices.Contains(a.Admins, admin) {
			d.admin(admin, false)
		}
	}
	return d.out
}

type rightsDiff struct {
	was map[string]string // sensitivity of every column before
	out []RightChange
}

func rowKey(r Row) string {
	return strings.Join([]string{r.Principal, string(r.Kind), r.Account, r.Region, r.Database, r.Table, r.Object}, "\x00")
}

func rowsByKey(m *Matrix) map[string]Row {
	out := map[string]Row{}
	for _, r := range m.Rows {
		out[rowKey(r)] = r
	}
	return out
}

// levelsOf returns the sensitivity of every column of a state.
func levelsOf(s *State) map[string]string {
	out := map[string]string{}
	for i := range s.Catalogs {
		e := newEvaluation(&s.Catalogs[i])
		for table, columns := range e.columns {
			for _, c := range columns {
				out[e.Key()+" "+table+"."+c.Name] = c.tags.sensitivity()
			}
		}
	}
	return out
}

func (d *rightsDiff) say(r Row, gain bool, format string, args ...any) {
	verb := "loses "
	if gain {
		verb = "gains "
	}
	d.out = append(d.out, RightChange{
		Principal: r.Principal, Gain: gain, Loss: !gain, Object: r.Name(), Text: verb + fmt.Sprintf(format, args...),
	})
}

// compare says what changed between two rows about the same object, of which
// one may be empty; about is whichever of them is not.
func (d *rightsDiff) compare(before, after, about Row) {
	d.permissions(about, after, before, true)
	d.permissions(about, before, after, false)
	d.columns(about, after, before, true)
	d.columns(about, before, after, false)
	d.rows(about, before, after)
}

// permissions says what the one row holds and the other does not. SELECT is
// left to columns, except where no columns are known.
func (d *rightsDiff) permissions(about, has, lacks Row, gain bool) {
	var gained, passOn []string
	for _, right := range has.Rights {
		p := right.Permission
		columns := len(has.Columns) > 0 || len(lacks.Columns) > 0
		if !lacks.Can(p) && (p != lakeformation.Select || !columns) {
			gained = append(gained, string(p))
		}
		if right.Grantable && !slices.ContainsFunc(lacks.Rights, func(r Right) bool { return r.Permission == p && r.Grantable }) {
			passOn = append(passOn, string(p))
		}
	}
	if len(gained) > 0 {
		d.say(about, gain, "%s on %s", strings.Join(gained, ", "), about.Name())
	}
	if len(passOn) > 0 {
		d.say(about, gain, "the right to pass on %s on %s", strings.Join(passOn, ", "), about.Name())
	}
}

// columns says which columns the one row shows and the other does not, for each
// sensitivity level and row condition.
func (d *rightsDiff) columns(about, shows, hides Row, gain bool) {
	groups := map[string][]string{}
	for _, c := range shows.Columns {
		if find(hides, c.Name) != nil {
			continue
		}
		name := c.Name
		column := about.Account + "/" + about.Region + " " + about.Database + "." + about.Table + "." + name
		if was := d.was[column]; gain && was != "" && was != c.Sensitivity {
			name += " (was " + was + ")"
		}
		key := c.Sensitivity + "\x00" + conditions(c.Rows)
		groups[key] = append(groups[key], name)
	}
	for _, key := range levelKeys(groups) {
		level, rows, _ := strings.Cut(key, "\x00")
		d.say(about, gain, "SELECT on %s of %s%s: %s", counting(level, groups[key]), about.Name(), where(rows), strings.Join(groups[key], ", "))
	}
}

// rows says for the columns that both rows show whether more, fewer or other
// rows of them are seen. Conditions are compared as texts.
func (d *rightsDiff) rows(about, before, after Row) {
	groups := map[string][]string{}
	changes := map[string]RightChange{}
	for _, now := range after.Columns {
		was := find(before, now.Name)
		if was == nil || slices.Equal(was.Rows, now.Rows) {
			continue
		}
		key := now.Sensitivity + "\x00" + conditions(was.Rows) + "\x00" + conditions(now.Rows)
		groups[key] = append(groups[key], now.Name)
		changes[key] = RightChange{
			Principal: about.Principal, Object: about.Name(), Gain: !covers(was.Rows, now.Rows), Loss: !covers(now.Rows, was.Rows),
			Text: "now " + everyRow(now.Rows) + " instead of " + everyRow(was.Rows),
		}
	}
	for _, key := range levelKeys(groups) {
		c := changes[key]
		level, _, _ := strings.Cut(key, "\x00")
		verb := "sees other rows"
		switch {
		case !c.Loss:
			verb = "gains rows"
		case !c.Gain:
			verb = "loses rows"
		}
		c.Text = fmt.Sprintf("%s of %s of %s (%s): %s", verb, counting(level, groups[key]), c.Object, strings.Join(groups[key], ", "), c.Text)
		d.out = append(d.out, c)
	}
}

// covers reports whether the rows of one condition list are certain to hold
// those of the other; no condition is every row.
func covers(wide, narrow []string) bool {
	if len(wide) == 0 {
		return true
	}
	return len(narrow) > 0 && !slices.ContainsFunc(narrow, func(n string) bool { return !slices.Contains(wide, n) })
}

func (d *rightsDiff) admin(a Admin, gain bool) {
	about := Row{Principal: a.Principal, Kind: OnCatalog, Account: a.Account}
	if a.ReadOnly {
		d.say(about, gain, "read-only administration of %s/%s: sees every table's metadata and every grant", a.Account, a.Region)
		return
	}
	d.say(about, gain, "administration of %s/%s: can grant itself anything", a.Account, a.Region)
}

func find(r Row, column string) *Cells {
	for i, c := range r.Columns {
		if c.Name == column {
			return &r.Columns[i]
		}
	}
	return nil
}

func counting(level string, columns []string) string {
	if len(columns) == 1 {
		return "1 " + level + " column"
	}
	return fmt.Sprintf("%d %s columns", len(columns), level)
}

func where(rows string) string {
	if rows == "" {
		return ""
	}
	return " where " + rows
}

func everyRow(rows []string) string { return cmp.Or(conditions(rows), "every row") }

// levelKeys sorts keys that start with a level, the most sensitive first.
func levelKeys(groups map[string][]string) []string {
	keys := sortedKeys(groups)
	slices.SortStableFunc(keys, func(a, b string) int {
		la, _, _ := strings.Cut(a, "\x00")
		lb, _, _ := strings.Cut(b, "\x00")
		return compareLevels(lb, la)
	})
	return keys
}
