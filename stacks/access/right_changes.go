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

// RightKind is what kind of right a principal gains or loses.
type RightKind string

// The kinds of rights.
const (
	ToPermissions RightKind = "permissions"    // other than to read columns that are known
	ToPassOn      RightKind = "passing on"     // to grant permissions on
	ToColumns     RightKind = "columns"        // to read columns
	ToRows        RightKind = "rows"           // to read more, fewer or other rows of columns
	ToAdminister  RightKind = "administration" // of a catalog, which no row of a matrix limits
)

// RightChange is what one principal gains or loses, in words.
type RightChange struct {
	Principal string         // as Lake Formation takes it
	Kind      RightKind      // of what is gained or lost
	Gain      bool           // something is seen or allowed that was not before
	Loss      bool           // something is not any more; with Gain when one row condition replaced another
	Object    string         // what it is about, in full
	Text      string         // "gains SELECT on 2 phi columns of db.t: mrn, name"
	Row       Row            // of what it is about, after the change; before it where nothing is left
	Columns   []ColumnChange // of ToColumns and ToRows
	// Permissions are those of ToPermissions and ToPassOn.
	Permissions []lakeformation.Permission
}

// ColumnChange is a column that a principal gains or loses, or sees in other rows.
type ColumnChange struct {
	Name       string               // of the column
	Was        ontology.Sensitivity // its level before; "" of a column that was not there
	Now        ontology.Sensitivity // its level after; "" of a column that is gone
	RowsBefore RowConditions        // in which it was seen, where it was
	RowsAfter  RowConditions        // in which it is seen, where it is
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
func rightChanges(before, after Side) []RightChange {
	b, a := before.Matrix, after.Matrix
	d := &rightsDiff{was: before.levels(), now: after.levels()}
	old, now := rowsByKey(b), rowsByKey(a)
	rows := slices.Concat(a.Rows, b.Rows)
	sortRows(rows)
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
	was, now map[string]ontology.Sensitivity // of every column, by columnKey
	out      []RightChange
}

func columnKey(account, region, table, column string) string {
	return joinKey(account, region, table, column)
}

// levels are those of every column.
func (s Side) levels() map[string]ontology.Sensitivity {
	out := map[string]ontology.Sensitivity{}
	for _, t := range s.Tables {
		for _, c := range t.Columns {
			out[columnKey(t.Account, t.Region, t.Key(), c.Name)] = c.Sensitivity
		}
	}
	return out
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

// say adds a change of one direction.
func (d *rightsDiff) say(r Row, kind RightKind, gain bool, format string, args ...any) *RightChange {
	verb := "loses "
	if gain {
		verb = "gains "
	}
	d.out = append(d.out, RightChange{
		Principal: r.Principal, Kind: kind, Gain: gain, Loss: !gain, Object: r.Name(), Row: r, Text: verb + fmt.Sprintf(format, args...),
	})
	return &d.out[len(d.out)-1]
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
	var gained, grantable []lakeformation.Permission
	for _, right := range has.Rights {
		p := right.Permission
		columns := len(has.Columns) > 0 || len(lacks.Columns) > 0
		if !lacks.Can(p) && (p != lakeformation.Select || !columns) {
			gained = append(gained, p)
		}
		if right.Grantable && !slices.ContainsFunc(lacks.Rights, func(r Right) bool { return r.Permission == p && r.Grantable }) {
			grantable = append(grantable, p)
		}
	}
	if len(gained) > 0 {
		d.say(about, ToPermissions, gain, "%s on %s", joinPermissions(gained), about.Name()).Permissions = gained
	}
	if len(grantable) > 0 {
		d.say(about, ToPassOn, gain, "the right to pass on %s on %s", joinPermissions(grantable), about.Name()).Permissions = grantable
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
	groups, changes := map[columnGroup][]string{}, map[columnGroup][]ColumnChange{}
	for _, c := range shows.Columns {
		if columnOf(hides, c.Name) != nil {
			continue
		}
		change := d.changeOf(about, c.Name)
		name := c.Name
		if gain {
			change.RowsAfter = c.Rows
			if change.Was != "" && change.Was != c.Sensitivity {
				name += " (was " + string(change.Was) + ")"
			}
		} else {
			change.RowsBefore = c.Rows
		}
		key := columnGroup{level: c.Sensitivity, after: c.Rows.String()}
		groups[key], changes[key] = append(groups[key], name), append(changes[key], change)
	}
	for _, key := range sortGroups(groups) {
		where := ""
		if key.after != "" {
			where = " where " + key.after
		}
		d.say(about, ToColumns, gain, "SELECT on %s of %s%s: %s", countColumns(key.level, groups[key]), about.Name(), where, strings.Join(groups[key], ", ")).Columns = changes[key]
	}
}

// changeOf is a column of a row's table with its levels.
func (d *rightsDiff) changeOf(r Row, column string) ColumnChange {
	key := columnKey(r.Account, r.Region, r.Database+"."+r.Table, column)
	return ColumnChange{Name: column, Was: d.was[key], Now: d.now[key]}
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
		column := d.changeOf(about, now.Name)
		column.RowsBefore, column.RowsAfter = was.Rows, now.Rows
		changes[key] = RightChange{
			Principal: about.Principal, Kind: ToRows, Object: about.Name(), Row: about,
			Gain: !was.Rows.Cover(now.Rows), Loss: !now.Rows.Cover(was.Rows), Columns: append(changes[key].Columns, column),
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
		about := Row{Principal: a.Principal, Kind: OnCatalog, Account: a.Account, Region: a.Region}
		switch {
		case slices.Contains(other, a):
		case a.ReadOnly:
			d.say(about, ToAdminister, gain, "read-only administration of %s/%s: sees every table's metadata and every grant", a.Account, a.Region)
		default:
			d.say(about, ToAdminister, gain, "administration of %s/%s: can grant itself anything", a.Account, a.Region)
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
