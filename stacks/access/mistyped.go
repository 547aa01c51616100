package access

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// noteFilters notes what data cells filters name that their tables do not have.
func (e *evaluation) noteFilters() {
	tables := map[string]Table{}
	for _, t := range e.Tables {
		tables[t.Key()] = t
	}
	for _, f := range e.Filters {
		e.noteColumns("data cells filter "+f.Name, tables[f.Database+"."+f.Table], f.Columns, f.Excluded)
	}
}

// noteColumns notes columns that are listed or left out and that the table does not have.
// One that is left out by a wrong name is seen.
func (e *evaluation) noteColumns(what string, t Table, listed, excluded []string) {
	var known []string
	for _, c := range t.AllColumns() {
		known = append(known, c.Name)
	}
	say := func(names []string, verb, effect string) {
		for _, name := range names {
			if column := topLevel(name); len(known) > 0 && !unresolved(name) && !slices.Contains(known, column) {
				e.note("%s %s %s, which %s does not have, and so %s; %s",
					what, verb, name, t.Key(), effect, problem.DidYouMean(column, known, "it has "+problem.OneOf(known)[len("one of "):]))
			}
		}
	}
	say(listed, "lists", "shows nothing by it")
	say(excluded, "leaves out", "leaves out nothing by it")
}
