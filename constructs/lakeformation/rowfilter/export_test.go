package rowfilter

import "slices"

// Holds is the outcome of the condition for given outcomes of its comparisons,
// by their text.
func (c Condition) Holds(comparison func(text string) bool) bool {
	holds := func(p Condition) bool { return p.Holds(comparison) }
	fails := func(p Condition) bool { return !holds(p) }
	switch c.operator {
	case and:
		return !slices.ContainsFunc(c.parts, fails)
	case or:
		return slices.ContainsFunc(c.parts, holds)
	case not:
		return fails(c.parts[0])
	}
	return comparison(c.render())
}
