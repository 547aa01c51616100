package template

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Path returns the path of the construct that a resource was made from, or
// stack/LogicalId when the assembly does not tell it.
func (s *Stack) Path(id string) string {
	if path, known := s.Resources[id].Metadata["aws:cdk:path"].(string); known {
		return path
	}
	if path, known := s.paths[id]; known {
		return path
	}
	return s.Name + "/" + id
}

// described is a resource that a manifest tells the construct of.
type described struct{ path, id string }

// resources are those of a stack and of the stacks nested in it, by path.
func (m metadata) resources() []described {
	var out []described
	for _, path := range slices.Sorted(maps.Keys(m)) {
		for _, entry := range m[path] {
			if id, isText := entry.Data.(string); isText && entry.Type == "aws:cdk:logicalId" {
				out = append(out, described{strings.TrimPrefix(path, "/"), id})
			}
		}
	}
	return out
}

// nestedResource ends the path of the resource that stands for a nested stack;
// what is before it is the path of the nested stack.
var nestedResource = regexp.MustCompile(`^(.+)\.NestedStack/[^/]+\.NestedStackResource$`)

// ownPaths are the paths of the constructs that the stack's resources were made
// from. What is below a nested stack has logical ids of its own, which may be those
// of the parent too.
func (s *Stack) ownPaths() map[string]string {
	var nested []string
	for _, d := range s.described {
		if m := nestedResource.FindStringSubmatch(d.path); m != nil && m[1] != s.Construct {
			nested = append(nested, m[1]+"/")
		}
	}
	out := map[string]string{}
	for _, d := range s.described {
		elsewhere := slices.ContainsFunc(nested, func(prefix string) bool {
			return strings.HasPrefix(d.path, prefix) && len(prefix) > len(s.Construct)+1
		})
		if !elsewhere && (s.Parent == nil || strings.HasPrefix(d.path, s.Construct+"/")) {
			out[d.id] = d.path
		}
	}
	return out
}
