package template

import (
	"maps"
	"slices"
)

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

// holds evaluates a condition of the template, as far as what is given and the stack's
// account and region decide it. A default of a parameter decides nothing.
func (s *Stack) holds(name string) (holds, known bool) {
	if s == nil {
		return false, false
	}
	certain := true
	r := NewResolver(s)
	r.OnUnresolved = func(Unresolved) { certain = false }
	r.conditions = map[string]bool{}
	holds, known = r.condition(name)
	return holds, known && certain
}

// condition evaluates a condition by its name; one of itself is not known.
func (r *Resolver) condition(name string) (holds, known bool) {
	if r.conditions[name] {
		return false, false
	}
	r.conditions[name] = true
	defer delete(r.conditions, name)
	return r.predicate(r.stack.conditions[name])
}

// predicate evaluates Fn::Equals, Fn::And, Fn::Or, Fn::Not and a reference to a condition.
func (r *Resolver) predicate(in any) (holds, known bool) {
	m, _ := in.(map[string]any)
	if len(m) != 1 {
		return false, false
	}
	if name, isReference := m["Condition"].(string); isReference {
		return r.condition(name)
	}
	function, argument, _ := intrinsic(m)
	list, _ := argument.([]any)
	switch {
	case function == "Fn::Equals" && len(list) == 2:
		a, isText := scalar(r.value(list[0], ""))
		b, isTextToo := scalar(r.value(list[1], ""))
		return a == b, isText && isTextToo && !IsUnresolved(a) && !IsUnresolved(b)
	case function == "Fn::Not" && len(list) == 1:
		holds, known = r.predicate(list[0])
		return !holds, known
	case function == "Fn::And" || function == "Fn::Or":
		all := function == "Fn::And"
		known = len(list) > 0
		for _, item := range list {
			one, decided := r.predicate(item)
			known = known && decided
			if decided && one != all {
				return !all, true
			}
		}
		return all, known
	}
	return false, false
}

// assumedValue returns the value that what is assumed of a condition gives to a parameter,
// "" where it gives none, and whether it contradicts the default.
func (r *Resolver) assumedValue(id string) (value string, contradicted bool) {
	if r.away {
		return "", false
	}
	for _, name := range slices.Sorted(maps.Keys(r.Assumed)) {
		holds := r.Assumed[name]
		m, _ := r.stack.conditions[name].(map[string]any)
		list, _ := m["Fn::Equals"].([]any)
		for i := range list {
			other, isText := scalar(list[len(list)-1-i])
			if len(list) != 2 || !isText || Text(list[i], "Ref") != id {
				continue
			}
			if holds {
				return other, false
			}
			contradicted = contradicted || other == Text(r.stack.declared[id], "Default")
		}
	}
	return "", contradicted
}

// settle leaves out what conditions are known to leave out, nested stacks too, and takes
// the condition from what is known to be made.
func settle(stacks []*Stack) []*Stack {
	for _, s := range stacks {
		for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
			res := s.Resources[id]
			if res.Condition == "" {
				continue
			}
			switch holds, known := s.holds(res.Condition); {
			case known && holds:
				res.Condition = ""
				s.Resources[id] = res
			case known:
				if s.LeftOut == nil {
					s.LeftOut = map[string]Resource{}
				}
				s.LeftOut[id] = res
				delete(s.Resources, id)
			}
		}
	}
	return slices.DeleteFunc(stacks, (*Stack).leftOut)
}

// leftOut reports whether the stack is nested in one that does not make it.
func (s *Stack) leftOut() bool {
	if s.Parent == nil {
		return false
	}
	_, made := s.Parent.Resources[s.LogicalID]
	return !made || s.Parent.leftOut()
}
