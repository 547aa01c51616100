package access

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
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
			d.compareRow(old[key], now[key], r)
		}
	}
	d.compareAdmins(a.Admins, b.Admins, true)
	d.compareAdmins(b.Admins, a.Admins, false)
	return d.out
}

// rightsDiff gathers the changes between two matrices.
type rightsDiff struct {
	was map[string]ontology.Sensitivity // of every column before
	out []RightChange
}

func rowKey(r Row) string {
	return joinKey(r.Principal, string(r.Kind), r.Account, r.Region, r.Database, r.Table, r.Object)
}

func rowsByKey(m *Matrix) map[string]Row {
	out := map[string]Row{}
	for _, r := range m.Rows {
		out[rowKey(r)] = r
	}
	return out
}

// levelsOf returns the sensitivity of every column of a state.
func levelsOf(s *State) map[string]ontology.Sensitivity {
	out := map[string]ontology.Sensitivity{}
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

// compareRow says what changed between two rows about the same object. One of them may
// be empty, and about is one that is not.
func (d *rightsDiff) compareRow(before, after, about Row) {
	d.comparePermissions(about, after, before, true)
	d.comparePermissions(about, before, after, false)
	d.compareColumns(about, after, before, true)
	d.compareColumns(about, before, after, false)
	d.compareConditions(about, before, after)
}

// comparePermissions says what the one row holds and the other does not. SELECT is
// left to columns, except where no columns are known.
func (d *rightsDiff) comparePermissions(about, has, lacks Row, gain bool) {
	var gained, grantable []string
	for _, right := range has.Rights {
		p := right.Permission
		columns := len(has.Columns) > 0 || len(lacks.Columns) > 0
		if !lacks.Can(p) && (p != lakeformation.Select || !columns) {
			gained = append(gained, string(p))
		}
		if right.Grantable && !slices.ContainsFunc(lacks.Rights, func(r Right) bool { return r.Permission == p && r.Grantable }) {
			grantable = append(grantable, string(p))
		}
	}
	if len(gained) > 0 {
		d.say(about, gain, "%s on %s", strings.Join(gained, ", "), about.Name())
	}
	if len(grantable) > 0 {
		d.say(about, gain, "the right to pass on %s on %s", strings.Join(grantable, ", "), about.Name())
	}
}

// columnGroup is a group of columns that change alike: of one level, seen in the rows of
// the same conditions before and after.
type columnGroup struct {
	level         ontology.Sensitivity
	before, after string
}

// sortGroups sorts groups, the most sensitive first.
func sortGroups[V any](groups map[columnGroup]V) []columnGroup {
	return slices.SortedFunc(maps.Keys(groups), func(a, b columnGroup) int {
		return cmp.Or(compareLevels(b.level, a.level), cmp.Compare(a.before, b.before), cmp.Compare(a.after, b.after))
	})
}

// compareColumns says which columns the one row shows and the other does not, for each
// sensitivity level and row condition.
func (d *rightsDiff) compareColumns(about, shows, hides Row, gain bool) {
	groups := map[columnGroup][]string{}
	for _, c := range shows.Columns {
		if columnOf(hides, c.Name) != nil {
			continue
		}
		name := c.Name
		column := about.Account + "/" + about.Region + " " + about.Database + "." + about.Table + "." + name
		if was := d.was[column]; gain && was != "" && was != c.Sensitivity {
			name += " (was " + string(was) + ")"
		}
		key := columnGroup{level: c.Sensitivity, after: c.Rows.String()}
		groups[key] = append(groups[key], name)
	}
	for _, key := range sortGroups(groups) {
		where := ""
		if key.after != "" {
			where = " where " + key.after
		}
		d.say(about, gain, "SELECT on %s of %s%s: %s", countColumns(key.level, groups[key]), about.Name(), where, strings.Join(groups[key], ", "))
	}
}

// compareConditions says for the columns that both rows show whether more, fewer or other
// rows of them are seen.
func (d *rightsDiff) compareConditions(about, before, after Row) {
	groups := map[columnGroup][]string{}
	changes := map[columnGroup]RightChange{}
	for _, now := range after.Columns {
		was := columnOf(before, now.Name)
		if was == nil || slices.Equal(was.Rows, now.Rows) {
			continue
		}
		key := columnGroup{now.Sensitivity, was.Rows.String(), now.Rows.String()}
		groups[key] = append(groups[key], now.Name)
		changes[key] = RightChange{
			Principal: about.Principal, Object: about.Name(), Gain: !was.Rows.Cover(now.Rows), Loss: !now.Rows.Cover(was.Rows),
		}
	}
	for _, key := range sortGroups(groups) {
		c := changes[key]
		verb := "sees other rows"
		switch {
		case !c.Loss:
			verb = "gains rows"
		case !c.Gain:
			verb = "loses rows"
		}
		c.Text = fmt.Sprintf("%s of %s of %s (%s): now %s instead of %s", verb, countColumns(key.level, groups[key]), c.Object,
			strings.Join(groups[key], ", "), cmp.Or(key.after, "every row"), cmp.Or(key.before, "every row"))
		d.out = append(d.out, c)
	}
}

// compareAdmins says which administrators the one list has and the other lacks.
func (d *rightsDiff) compareAdmins(list, other []Admin, gain bool) {
	for _, a := range list {
		about := Row{Principal: a.Principal, Kind: OnCatalog, Account: a.Account}
		switch {
		case slices.Contains(other, a):
		case a.ReadOnly:
			d.say(about, gain, "read-only administration of %s/%s: sees every table's metadata and every grant", a.Account, a.Region)
		default:
			d.say(about, gain, "administration of %s/%s: can grant itself anything", a.Account, a.Region)
		}
	}
}

func columnOf(r Row, column string) *ColumnAccess {
	for i, c := range r.Columns {
		if c.Name == column {
			return &r.Columns[i]
		}
	}
	return nil
}

func countColumns(level ontology.Sensitivity, columns []string) string {
	if len(columns) == 1 {
		return fmt.Sprintf("1 %s column", level)
	}
	return fmt.Sprintf("%d %s columns", len(columns), level)
}
