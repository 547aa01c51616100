package access

import (
	"slices"
)

// Difference is how two states differ: part by part, and in what it means for
// principals.
type Difference struct {
	Changes []Change      // part by part
	Rights  []RightChange // what that means for principals
	Before  Side          // what the first state comes to
	After   Side          // what the second state comes to
}

// Side is what one of two compared states comes to.
type Side struct {
	Matrix *Matrix       // who may see and do what
	Tables []TaggedTable // sorted by catalog and name, without resource links
	Why    *Explainer    // of the rows of the matrix
}

// Diff compares two states. The order matters: Missing and losses are about what
// before has and after has not.
func Diff(before, after *State) *Difference {
	b, a := Merge(before), Merge(after)
	d := &Difference{Changes: changes(b, a), Before: sideOf(b), After: sideOf(a)}
	d.Rights = rightChanges(d.Before, d.After)
	return d
}

func sideOf(s *State) Side {
	x := NewExplainer(s)
	return Side{x.Matrix(), s.TaggedTables(), x}
}

// Empty reports whether the states do not differ.
func (d *Difference) Empty() bool { return len(d.Changes) == 0 && len(d.Rights) == 0 }

// Without leaves out what is about some principals, for example the role that
// deploys, which Lake Formation gives implicit grants on what it creates.
func (d *Difference) Without(principals ...string) *Difference {
	out := &Difference{Before: d.Before, After: d.After}
	for _, c := range d.Changes {
		if c.Principal == "" || !slices.Contains(principals, c.Principal) {
			out.Changes = append(out.Changes, c)
		}
	}
	for _, r := range d.Rights {
		if !slices.Contains(principals, r.Principal) {
			out.Rights = append(out.Rights, r)
		}
	}
	return out
}
