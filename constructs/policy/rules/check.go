package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// Check checks the stacks of a cloud assembly, such as cdk.out, those of its
// stages and nested stacks too. The findings are sorted by rule, stack, resource
// and property. The error is about an assembly that cannot be read.
func Check(dir string) ([]Finding, error) {
	stacks, err := template.ReadAssembly(dir)
	if err != nil {
		return nil, err
	}
	return CheckStacks(stacks...), nil
}

// Judge judges the templates of an app beside the rules of this package. The guardrails of
// package stacks/guardrail are one.
type Judge interface {
	// Rules are what it judges by, each with an id of its own.
	Rules() []Rule
	// Check judges a cloud assembly, such as cdk.out. The error is about an assembly that
	// cannot be read.
	Check(dir string) ([]Finding, error)
}

// CheckStacks checks stacks that are deployed together.
func CheckStacks(stacks ...*template.Stack) []Finding {
	a := newApp(stacks)
	var found []Finding
	for _, rule := range All() {
		if rule.check == nil {
			continue // about acknowledgements, which come last
		}
		rule.check(a, func(o *object, property, got, expected string) {
			found = append(found, finding(rule, o, property, got, expected))
		})
	}
	found = acknowledge(a, found)
	slices.SortFunc(found, compareFindings)
	return slices.CompactFunc(found, func(a, b Finding) bool { return compareFindings(a, b) == 0 })
}

func finding(rule Rule, o *object, property, got, expected string) Finding {
	path := o.stack.Path(o.id)
	if o.id == "" {
		path = cmp.Or(o.stack.Construct, o.stack.Name)
	}
	return Finding{
		Rule: rule, File: o.stack.File, Stack: o.stack.Name, LogicalID: o.id, Path: path,
		Property: property, Found: got, Expected: expected,
	}
}

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
		strings.Compare(a.Rule.ID, b.Rule.ID), strings.Compare(a.Stack, b.Stack), strings.Compare(a.File, b.File), strings.Compare(a.LogicalID, b.LogicalID),
		strings.Compare(a.Property, b.Property), strings.Compare(a.Found, b.Found), strings.Compare(a.Expected, b.Expected),
	)
}
