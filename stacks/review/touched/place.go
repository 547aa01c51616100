package touched

import (
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/review"
)

// enough is how much of a finding a line has to name.
const enough = 3

// Place is the line that names most of what a finding is about, the first of several; none
// when no line names its column, its table, its principal or its resource.
func (l *Lines) Place(f review.Finding) review.Place {
	var best review.Place
	most := enough - 1
	asked := about(f)
	for _, line := range l.lines {
		score := 0
		for _, a := range asked {
			score += line.names(a)
		}
		if score > most {
			best, most = review.Place{File: line.file, Line: line.number}, score
		}
	}
	return best
}

// group is a kind of name with how much it says about where a finding comes from.
type group struct {
	names  []string
	weight int
}

// about are the names of a finding.
func about(f review.Finding) []group {
	var columns []string
	for _, c := range f.Columns {
		columns = append(columns, strings.ToLower(c.Name))
	}
	table := f.Table[strings.LastIndex(f.Table, ".")+1:]
	out := []group{{columns, 4}, {nonEmpty(table), 3}, {nonEmpty(f.Product), 2}, {nonEmpty(f.Resource), 3}, {nonEmpty(f.Domain), 1}}
	if f.Principal != "" {
		out = append(out, group{nonEmpty(access.Short(f.Principal)), 3})
	}
	return out
}

func nonEmpty(name string) []string {
	if name == "" {
		return nil
	}
	return []string{strings.ToLower(name)}
}

// names says how well a line names one of some names: twice as much itself as by the lines
// around it.
func (l line) names(g group) int {
	best := 0
	for _, name := range g.names {
		switch {
		case l.own[name]:
			return 2 * g.weight
		case l.around[name]:
			best = g.weight
		}
	}
	return best
}
