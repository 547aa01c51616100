package template

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Needs returns the resources of the stack that CloudFormation makes before one: those
// that its DependsOn names, and those that its properties refer to by Ref, Fn::GetAtt
// or Fn::Sub. They are sorted, each stands there once, and none is the resource itself.
func (s *Stack) Needs(id string) []string {
	resource := s.Resources[id]
	found := map[string]bool{}
	for _, other := range append(references(resource.Properties, nil), resource.DependsOn...) {
		if _, made := s.Resources[other]; made && other != id {
			found[other] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
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
				out = append(out, referred(key, argument)...)
			case []any:
				if len(argument) > 0 {
					first, _ := argument[0].(string)
					out = append(out, referred(key, first)...)
				}
			}
			out = references(v[key], out)
		}
	}
	return out
}

// referred returns the logical ids in the text that an intrinsic function takes.
func referred(function, argument string) []string {
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
