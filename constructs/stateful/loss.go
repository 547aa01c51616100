package stateful

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// Op is what a change of a template does to what a resource holds.
type Op string

// What happens to what a resource holds.
const (
	Deleted     Op = "deleted"     // it goes with the resource
	Orphaned    Op = "orphaned"    // it stays in the account, and no stack manages it any more
	Replaced    Op = "replaced"    // a new, empty resource takes the place of the old one
	MayReplace  Op = "may-replace" // as Replaced, by some values of the property
	Refused     Op = "refused"     // CloudFormation refuses the change
	Unprotected Op = "unprotected" // nothing yet, and it goes when the resource goes
)

// Loss is what happens to what one resource holds.
type Loss struct {
	Op       Op     // what the change does
	Property string // that changed, of Replaced and MayReplace
	Kept     bool   // a policy keeps the old resource
	Text     string // in words, to follow the name of the resource
}

// Holds returns what a type of resource holds, in words; "" for a type that holds nothing.
func Holds(resourceType string) string { return dataOf[resourceType].holds }

// Removed says what becomes of what a resource holds that leaves its template: nothing for
// types that hold nothing.
//
// Source: "DeletionPolicy attribute".
func Removed(r template.Resource) []Loss {
	kept, known := dataOf[r.Type]
	switch {
	case !known:
		return nil
	case IsRetained(r.DeletionPolicy):
		return []Loss{{Op: Orphaned, Kept: true, Text: fmt.Sprintf("(%s) stays in the account with %s, and no stack manages it any more", r.Type, kept.holds)}}
	}
	return []Loss{{Op: Deleted, Text: fmt.Sprintf("(%s) is deleted with %s: its DeletionPolicy is %s", r.Type, kept.holds, cmp.Or(r.DeletionPolicy, "not set"))}}
}

// Changed says what becomes of what a resource holds that changes under its logical id:
// that it is replaced, or that it is no longer protected.
//
// Source: "Update behaviors of stack resources", "UpdateReplacePolicy attribute".
func Changed(before, after template.Resource) []Loss {
	held, known := dataOf[before.Type]
	if !known {
		return nil
	}
	if before.Type != after.Type {
		return []Loss{{Op: Refused, Text: fmt.Sprintf("is a %s now: CloudFormation refuses another type under one logical id, give it another id", after.Type)}}
	}
	kept, fate := IsRetained(after.UpdateReplacePolicy), "the old one stays in the account beside it"
	if !kept {
		fate = fmt.Sprintf("the old one is deleted with %s, as the UpdateReplacePolicy is %s", held.holds, cmp.Or(after.UpdateReplacePolicy, "not set"))
	}
	changed := func(property string) bool {
		return !reflect.DeepEqual(template.Property(before.Properties, property), template.Property(after.Properties, property))
	}
	var out []Loss
	for _, property := range held.createOnly {
		if changed(property) {
			out = append(out, Loss{Replaced, property, kept, fmt.Sprintf("(%s) is replaced by a new, empty one, as %s cannot be changed; %s", after.Type, property, fate)})
		}
	}
	for _, property := range held.conditional {
		if changed(property) {
			out = append(out, Loss{MayReplace, property, kept, fmt.Sprintf("(%s) may be replaced by a new, empty one, as some changes of %s cannot be made in place; if so, %s", after.Type, property, fate)})
		}
	}
	if IsRetained(before.DeletionPolicy) && !IsRetained(after.DeletionPolicy) {
		out = append(out, Loss{Op: Unprotected, Text: fmt.Sprintf("(%s) loses its protection: when the stack or the resource goes, so does what it holds: %s", after.Type, held.holds)})
	}
	return out
}

// IsRetained reports whether a policy of deletion or replacement keeps a resource, or a
// snapshot of what it holds.
func IsRetained(policy string) bool {
	return strings.HasPrefix(policy, "Retain") || policy == "Snapshot"
}
