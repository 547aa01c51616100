package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/queryresults"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// WorkGroup is an Athena workgroup with those who read its results and its history,
// which Lake Formation does not govern: they see what all others in it have read.
type WorkGroup struct {
	Name    string
	Readers []string // ARNs, sorted
	Unknown []string `json:",omitempty"` // policies that let whoever they are attached to read them
}

// readWorkGroups adds the workgroups of the stacks that somebody uses.
func readWorkGroups(state *State, stacks []*template.Stack) {
	for _, w := range queryresults.Of(stacks) {
		if len(w.Readers)+len(w.Unknown) == 0 {
			continue
		}
		home := state.Catalog(w.Stack.Account, w.Stack.Region)
		home.WorkGroups = append(home.WorkGroups, WorkGroup{Name: w.Name, Readers: w.Readers, Unknown: w.Unknown})
	}
}

// sharedResults says which workgroups are used by principals that see different things,
// and by whom nobody knows. What a principal sees in other accounts counts too.
func sharedResults(state *State, rows []Row) []string {
	seen := map[string][]string{}
	for _, r := range rows {
		if len(r.Columns) > 0 {
			seen[r.Principal] = append(seen[r.Principal], sight(r))
		}
	}
	all := map[string]string{}
	for principal, sights := range seen {
		slices.Sort(sights)
		all[principal] = strings.Join(sights, "\n")
	}
	var out []string
	for _, c := range state.Catalogs {
		for _, w := range c.WorkGroups {
			if different(w.Readers, all) {
				out = append(out, fmt.Sprintf("%s: results and history of workgroup %s are shared by principals that see different things, and so each sees what the others read: %s",
					c.Key(), w.Name, strings.Join(shortened(w.Readers), ", ")))
			}
			if len(w.Unknown) > 0 {
				out = append(out, fmt.Sprintf("%s: results and history of workgroup %s are read by whoever is given %s, which the templates do not say",
					c.Key(), w.Name, strings.Join(w.Unknown, ", ")))
			}
		}
	}
	return out
}

func different(readers []string, sees map[string]string) bool {
	return slices.ContainsFunc(readers, func(r string) bool { return sees[r] != sees[readers[0]] })
}

func shortened(readers []string) []string {
	out := make([]string, len(readers))
	for i, r := range readers {
		out[i] = Short(r)
	}
	return out
}

// sight is what a row lets its principal see.
func sight(r Row) string {
	parts := []string{r.Account, r.Region, r.Database, r.Table}
	for _, c := range r.Columns {
		parts = append(parts, c.Name+"="+strings.Join(c.Rows, " or "))
	}
	return strings.Join(parts, "\x00")
}
