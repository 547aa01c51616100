package rules

import (
	"maps"
	"regexp"
	"slices"
	"strings"

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
		res := s.Resources[id]
		g.direct[id] = append(references(res.Properties, nil), res.DependsOn...)
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

var substituted = regexp.MustCompile(`\$\{([A-Za-z0-9]+)[.}]`)

// references adds the logical ids that Ref, Fn::GetAtt and Fn::Sub name.
func references(in any, out []string) []string {
	switch v := in.(type) {
	case []any:
		for _, item := range v {
			out = references(item, out)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch argument := v[key].(type) {
			case string:
				out = append(out, named(key, argument)...)
			case []any:
				if len(argument) > 0 {
					first, _ := argument[0].(string)
					out = append(out, named(key, first)...)
				}
			}
			out = references(v[key], out)
		}
	}
	return out
}

// named returns the logical ids in the text that an intrinsic function takes.
func named(function, argument string) []string {
	switch function {
	case "Ref":
		return []string{argument}
	case "Fn::GetAtt":
		id, _, _ := strings.Cut(argument, ".")
		return []string{id}
	case "Fn::Sub":
		var out []string
		for _, m := range substituted.FindAllStringSubmatch(argument, -1) {
			out = append(out, m[1])
		}
		return out
	}
	return nil
}
