package rules

import (
	"cmp"
	"fmt"
	"strings"
)

// Finding is a resource that breaks a rule.
type Finding struct {
	Rule      Rule   // that is broken
	File      string // path of the template
	Stack     string // name of the stack
	LogicalID string // "" for what is wrong with the template itself
	Path      string // of the construct, stack/LogicalId when it is not known
	Property  string // path in the resource's properties; "" for the whole resource
	Found     string // what stands there
	Expected  string // what may stand there
}

// String returns "LakeMesh.LF01: path: Property: title: found …; expected …; fix: …".
func (f Finding) String() string {
	place := f.Path
	if f.Property != "" {
		place += ": " + f.Property
	}
	return fmt.Sprintf("%s: %s: %s: %s; fix: %s", f.Rule.ID, place, f.Rule.Title, f.Detail(), f.Rule.Fix)
}

// Detail returns "found …; expected …".
func (f Finding) Detail() string { return "found " + f.Found + "; expected " + f.Expected }

func compareFindings(a, b Finding) int {
	return cmp.Or(
		compareText(a.Rule.ID, b.Rule.ID), compareText(a.Stack, b.Stack), compareText(a.File, b.File), compareText(a.LogicalID, b.LogicalID),
		compareText(a.Property, b.Property), compareText(a.Found, b.Found), compareText(a.Expected, b.Expected),
	)
}

func compareText(a, b string) int { return strings.Compare(a, b) }
