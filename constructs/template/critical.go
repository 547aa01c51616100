package template

import (
	"maps"
	"slices"
)

// CriticalPath returns the longest chain of resources of the stack in which each waits
// for the one before it, by what Needs says: no deployment is shorter than the time
// that these take one after another. Of several as long it is the first by logical ids.
// It is nil for a stack without resources.
func (s *Stack) CriticalPath() []string {
	return longest(slices.Sorted(maps.Keys(s.Resources)), s.Needs, func(string) int { return 1 })
}

// CriticalStacks returns the chain of stacks in which each waits for the one before it, by
// DependsOn, whose critical paths have the most resources together: what a deployment
// waits for that makes as many stacks at the same time as it can. Stacks of several
// assemblies do not wait for each other, and a nested stack is a part of its parent.
func CriticalStacks(stacks []*Stack) []*Stack {
	byKey := map[string]*Stack{}
	for _, s := range stacks {
		if s.Parent == nil {
			byKey[s.key(s.Artifact)] = s
		}
	}
	path := longest(slices.Sorted(maps.Keys(byKey)), func(key string) []string {
		s := byKey[key]
		var out []string
		for _, artifact := range s.DependsOn {
			if other := s.key(artifact); byKey[other] != nil {
				out = append(out, other)
			}
		}
		return out
	}, func(key string) int { return max(1, len(byKey[key].CriticalPath())) })
	out := make([]*Stack, len(path))
	for i, key := range path {
		out[i] = byKey[key]
	}
	return out
}

// key tells artifacts of several assemblies apart.
func (s *Stack) key(artifact string) string { return s.Assembly + "\n" + artifact }

// longest returns the chain of what is given that weighs most, in which each needs the one
// before it. A circle, which CloudFormation refuses, is cut where it is met.
func longest(all []string, needs func(string) []string, weight func(string) int) []string {
	length, before := map[string]int{}, map[string]string{}
	var measure func(string) int
	measure = func(id string) int {
		if n, known := length[id]; known {
			return n
		}
		length[id] = 0 // while it is measured
		most := 0
		for _, other := range needs(id) {
			if n := measure(other); n > most {
				most, before[id] = n, other
			}
		}
		length[id] = most + weight(id)
		return length[id]
	}
	var last string
	for _, id := range all {
		if measure(id) > length[last] {
			last = id
		}
	}
	var out []string
	for id := last; id != ""; id = before[id] {
		out = append(out, id)
	}
	slices.Reverse(out)
	return out
}
