package rules

import (
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// graph says which resources of a stack are made before which, by DependsOn and
// by references.
type graph struct {
	direct map[string][]string
	all    map[string]map[string]bool // filled when asked
}

func newGraph(s *template.Stack) *graph {
	g := &graph{direct: map[string][]string{}, all: map[string]map[string]bool{}}
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		g.direct[id] = s.Needs(id)
	}
	return g
}

// after reports whether a resource is made after another.
func (g *graph) after(id, other string) bool { return g.before(id)[other] }

// before returns everything that is made before a resource.
func (g *graph) before(id string) map[string]bool {
	if done, ok := g.all[id]; ok {
		return done
	}
	out := map[string]bool{}
	g.all[id] = out
	for _, next := range g.direct[id] {
		out[next] = true
		maps.Copy(out, g.before(next))
	}
	return out
}
