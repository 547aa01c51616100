package rules

import (
	"cmp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// Check judges the stacks of a cloud assembly, such as cdk.out, those of its
// stages and nested stacks too. The findings are sorted by rule, stack, resource
// and property. The error is about an assembly that cannot be read.
func Check(dir string) ([]Finding, error) {
	stacks, err := template.ReadAssembly(dir)
	if err != nil {
		return nil, err
	}
	return CheckStacks(stacks...), nil
}

// CheckStacks judges stacks that are deployed together.
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
