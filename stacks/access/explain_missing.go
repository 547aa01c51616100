package access

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// maxNear is how many grants by tags that fall short, or grants of others, are told.
const maxNear = 3

// short is a grant that falls short, and by how much.
type short struct {
	Path

	by int // conditions that are not met
	of int // conditions
}

// missing says what falls short of what is asked for and is not seen.
func (x *Explainer) missing(q question, out *Explanation, falls []shown) []Path {
	if q.table.Target != "" && !q.known() {
		return []Path{{Steps: []Step{{StepLink, "it is a resource link to " + q.table.Target + ", which is not in what was read: rights on a link say nothing about its target"}}}}
	}
	if out.Sees && (q.column != "" || !q.known()) {
		return nil
	}
	var paths, others []Path
	for _, columns := range q.alike(out.Columns) {
		near := x.missingOf(q, columns, falls)
		if len(near) == 0 {
			near, others = []Path{q.nothingNear(columns)}, append(others, x.othersGranted(q, columns)...)
		}
		paths = append(paths, near...)
	}
	return append(joinAlike(paths), joinAlike(others)...)
}

// about enters the columns that a path is about, where a whole table is asked for.
func (q question) about(p Path, columns []string) Path {
	if q.column == "" {
		p.Columns = columns
	}
	return p
}

// alike are the columns that are not seen, those with the same tags together. Of a table
// without known columns it is one list of none.
func (q question) alike(seen []string) [][]string {
	if !q.known() {
		return [][]string{nil}
	}
	groups, order := map[string][]string{}, []string{}
	for _, name := range q.columns() {
		if slices.Contains(seen, name) {
			continue
		}
		tags := q.in.tags.column(q.table.Database, q.table.Name, name)
		var key []string
		for _, k := range slices.Sorted(maps.Keys(tags)) {
			key = append(key, k+"="+strings.Join(tags[k], "|"))
		}
		text := strings.Join(key, " ")
		if groups[text] == nil {
			order = append(order, text)
		}
		groups[text] = append(groups[text], name)
	}
	out := make([][]string, len(order))
	for i, text := range order {
		out[i] = groups[text]
	}
	return out
}

// missingOf says what falls short of columns with the same tags.
func (x *Explainer) missingOf(q question, columns []string, falls []shown) []Path {
	var named, byTags []short
	for _, s := range falls {
		lacks, by := q.lacks(s, columns)
		p := Path{Certain: true, Steps: append([]Step{{StepGrant, grantText(s.grant, nil)}}, lacks...)}
		switch {
		case len(lacks) == 0:
		case s.grant.Resource.Kind == lakeformation.KindTagPolicy:
			byTags = append(byTags, short{p, by, len(s.grant.Resource.Expression)})
		default:
			named = append(named, short{p, by, len(s.grant.Resource.Expression)})
		}
	}
	if len(named) > 0 { // what meets no condition at all is far
		byTags = slices.DeleteFunc(byTags, func(s short) bool { return s.by == s.of })
	}
	slices.SortStableFunc(byTags, func(a, b short) int { return cmp.Compare(a.by, b.by) })
	byTags = slices.DeleteFunc(byTags, func(s short) bool { return s.by > byTags[0].by })
	paths := x.unshared(q, columns)
	for _, s := range append(named, byTags[:min(len(byTags), maxNear)]...) {
		paths = append(paths, s.Path)
	}
	for i := range paths {
		paths[i] = q.about(paths[i], columns)
	}
	return paths
}

// lacks says what of a grant falls short of columns with the same tags, and by how much;
// nothing when it gives them.
func (q question) lacks(s shown, columns []string) ([]Step, int) {
	r := s.grant.Resource
	what := "the table"
	if len(columns) > 0 {
		what = few(columns)
	}
	given := map[string]*columnHolding{}
	if s.holding != nil {
		given = s.columns()
	}
	if len(columns) > 0 && !slices.ContainsFunc(columns, func(c string) bool { return given[c] == nil }) {
		return nil, 0
	}
	selects := slices.Contains(s.grant.Permissions, lakeformation.Select) || slices.Contains(s.grant.Permissions, all)
	if r.Kind == lakeformation.KindTagPolicy {
		var name string
		if len(columns) > 0 {
			name = columns[0]
		}
		steps := q.unmet(r.Expression, name, len(columns) == 1)
		if len(steps) > 0 {
			return steps, len(steps)
		}
	}
	if !selects {
		return []Step{{StepGrant, "gives " + joined(s.grant.Permissions) + ", not SELECT"}}, 1
	}
	switch r.Kind {
	case lakeformation.KindColumns:
		if len(r.Excluded) > 0 {
			return []Step{{StepGrant, "leaves out " + what}}, 1
		}
		return []Step{{StepGrant, "does not list " + what}}, 1
	case lakeformation.KindDataCells:
		for _, f := range q.in.filters[q.tableName()] {
			if f.Name == r.Filter {
				return []Step{{StepFilter, filterText(f) + ", not " + what}}, 1
			}
		}
		return []Step{{StepFilter, "there is no filter " + r.Filter + " of " + q.tableName() + " in what was read"}}, 1
	default:
		return nil, 0
	}
}

// unmet says which conditions of a policy a column does not meet; the table, with "".
func (q question) unmet(expression []lakeformation.Condition, column string, one bool) []Step {
	tags := q.in.tags.column(q.table.Database, q.table.Name, column)
	var steps []Step
	for _, c := range expression {
		if slices.ContainsFunc(tags[c.Key], func(v string) bool { return slices.Contains(c.Values, v) }) {
			continue
		}
		given := strings.Join(c.Values, "|")
		if len(tags[c.Key]) == 0 {
			steps = append(steps, Step{StepTag, fmt.Sprintf("gives what is tagged %s=%s; there is no tag %s on it", c.Key, given, c.Key)})
			continue
		}
		text := q.tagText(c.Key, column)
		if !one {
			text = strings.Replace(text, "set on the column", "set on the columns", 1)
		}
		steps = append(steps, Step{StepTag, "needs " + text + "; the grant gives " + given})
	}
	return steps
}

// unshared says which grants of other accounts have no effect, and what the account of the
// principal could pass on of columns with the same tags.
func (x *Explainer) unshared(q question, columns []string) []Path {
	var out []Path
	for _, c := range q.in.withheld[q.principal] {
		if near(c.Grant.Resource, q.table) {
			out = append(out, Path{Certain: true, Steps: []Step{
				{StepGrant, grantText(c.Grant, nil)},
				{StepShare, fmt.Sprintf("account %s passes it on, but account %s does not share it with the right to", c.By, q.in.Account)},
			}})
		}
	}
	account := accountOfPrincipal(q.principal)
	if account == "" || account == q.in.Account || account == q.principal || unresolved(q.in.Account) {
		return out
	}
	shared := false
	of := q.of(columns)
	for _, s := range of.effects(account) {
		if _, gives := s.shows(of); !gives {
			continue
		}
		shared = true
		text := fmt.Sprintf("account %s passes nothing of it on to %s", account, Short(q.principal))
		if !slices.Contains(s.grant.Grantable, lakeformation.Select) && !slices.Contains(s.grant.Grantable, all) {
			text = fmt.Sprintf("account %s may not pass it on", account)
		}
		out = append(out, Path{Certain: true, Steps: []Step{{StepShare, grantText(s.grant, nil)}, {StepGrant, text}}})
	}
	if !shared && len(out) == 0 {
		out = append(out, Path{Certain: true, Steps: []Step{{StepShare, fmt.Sprintf("account %s does not share it with account %s", q.in.Account, account)}}})
	}
	return out
}

// of is the question about the first of some columns with the same tags.
func (q question) of(columns []string) question {
	if len(columns) > 0 {
		q.column = columns[0]
	}
	return q
}

// nothingNear says that no grant is near, and what one on tags would have to take.
func (q question) nothingNear(columns []string) Path {
	name := q.of(columns).column
	steps := []Step{{StepGrant, "nothing that is about it is granted to " + Short(q.principal)}}
	tags := q.in.tags.column(q.table.Database, q.table.Name, name)
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		text := q.tagText(key, name)
		if len(columns) > 1 {
			text = strings.Replace(text, "set on the column", "set on the columns", 1)
		}
		steps = append(steps, Step{StepTag, "it is tagged " + text})
	}
	return q.about(Path{Certain: true, Steps: steps}, columns)
}

// othersGranted returns grants to others of columns with the same tags, at most three.
func (x *Explainer) othersGranted(q question, columns []string) []Path {
	var paths []Path
	of := q.of(columns)
	for _, other := range slices.Sorted(maps.Keys(q.in.grants)) {
		if len(paths) == maxNear {
			break
		}
		if !of.shows(x.row(of, other)) {
			continue
		}
		for _, s := range of.effects(other) {
			if _, gives := s.shows(of); gives {
				paths = append(paths, q.about(Path{Certain: true, Steps: []Step{
					{StepGrant, grantText(s.grant, x.subscriptionsOf(q, s.grant))}, {StepGrant, "it is not granted to " + Short(q.principal)},
				}}, columns))
				break
			}
		}
	}
	return paths
}

// joinAlike joins the columns of paths that are the same otherwise.
func joinAlike(paths []Path) []Path {
	var out []Path
	for _, p := range paths {
		i := slices.IndexFunc(out, func(o Path) bool { return slices.Equal(o.Steps, p.Steps) })
		if i < 0 {
			out = append(out, p)
			continue
		}
		out[i].Columns = append(slices.Clip(out[i].Columns), p.Columns...)
	}
	return out
}

// unknown says what was not read and may bear on the question.
func (x *Explainer) unknown(q question) []string {
	var out []string
	others := 0
	for _, u := range x.state.Unresolved {
		text := u.String()
		if strings.Contains(text, q.tableName()) || strings.Contains(text, q.principal) || strings.Contains(text, Short(q.principal)) {
			out = append(out, text)
		} else {
			others++
		}
	}
	for _, group := range q.in.groups {
		if group != q.principal && q.shows(x.row(q, group)) {
			out = append(out, group+" sees it too; its members are not read")
		}
	}
	for _, c := range x.state.Catalogs {
		for _, w := range c.WorkGroups {
			if len(w.Unknown) > 0 {
				out = append(out, fmt.Sprintf("results and history of Athena workgroup %s of %s are read by whoever is given %s, which the templates do not say", w.Name, c.Key(), strings.Join(w.Unknown, ", ")))
			}
		}
	}
	if others > 0 {
		out = append(out, fmt.Sprintf("%d more could not be read; the notes of the access matrix list what", others))
	}
	return distinct(out)
}
