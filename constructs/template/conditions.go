package template

import "slices"

// conditional takes the argument of Fn::If apart.
func conditional(argument any) (condition string, yes, no any, ok bool) {
	list, _ := argument.([]any)
	if len(list) != 3 {
		return "", nil, nil, false
	}
	condition, ok = list[0].(string)
	return condition, list[1], list[2], ok
}

// HasConditions reports whether Fn::If stands in the properties of any resource.
func (s *Stack) HasConditions() bool {
	for _, res := range s.Resources {
		if asksCondition(res.Properties) {
			return true
		}
	}
	return false
}

func asksCondition(in any) bool {
	switch v := in.(type) {
	case []any:
		return slices.ContainsFunc(v, asksCondition)
	case map[string]any:
		for key, item := range v {
			if key == "Fn::If" || asksCondition(item) {
				return true
			}
		}
	}
	return false
}
