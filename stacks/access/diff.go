package access

import (
	"cmp"
	"fmt"
	"slices"
)

// Op is what happened to a part of a state.
type Op string

// The three ways in which two states differ in one part.
const (
	Missing Op = "missing" // in the first state only
	Extra   Op = "extra"   // in the second state only
	Changed Op = "changed"
)

// Change is one part in which two states differ.
type Change struct {
	Op        Op
	Catalog   string // account/region
	Kind      string // database, table, column, tag, tags, filter, grant, location, administrator, …
	Subject   string // name of the part among those of its kind
	Principal string // of grants and administrators
	Before    string // what the first state says of it
	After     string // what the second state says of it
}

// String returns the change as one line.
func (c Change) String() string {
	line := fmt.Sprintf("%s %s: %s %s", c.Op, c.Catalog, c.Kind, c.Subject)
	switch {
	case c.Op == Changed:
		return fmt.Sprintf("%s: %s -> %s", line, cmp.Or(c.Before, "nothing"), cmp.Or(c.After, "nothing"))
	case c.Before+c.After != "":
		return line + ": " + c.Before + c.After
	}
	return line
}

// Difference is how two states differ: part by part, and in what it means for
// principals.
type Difference struct {
	Changes []Change      // part by part
	Rights  []RightChange // what that means for principals
}

// Diff compares two states. The order matters: Missing and losses are about what
// before has and after has not.
func Diff(before, after *State) *Difference {
	b, a := Merge(before), Merge(after)
	return &Difference{Changes: changes(b, a), Rights: rightChanges(b, a)}
}

// Empty reports whether the states do not differ.
func (d *Difference) Empty() bool { return len(d.Changes) == 0 && len(d.Rights) == 0 }

// Without leaves out what is about some principals, for example the role that
// deploys, which Lake Formation gives implicit grants on what it creates.
func (d *Difference) Without(principals ...string) *Difference {
	out := &Difference{}
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
