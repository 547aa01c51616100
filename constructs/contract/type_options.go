package contract

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// checkOptions reports options that the logical type does not have.
func (b *builder) checkOptions(v *odcs.Value, at string) {
	if !v.Options.Given {
		return
	}
	b.precision(v, at)
	allowed := odcs.OptionsOf(v.LogicalType)
	if b.before(odcs.V310) {
		allowed = slices.DeleteFunc(allowed, func(key string) bool { return key == "timezone" || key == "defaultTimezone" })
	}
	known := allowed
	if v.LogicalType == "" {
		known = odcs.AllOptions()
	}
	for _, key := range slices.Sorted(maps.Keys(v.Options.Other)) {
		expected, fix := "no options", "remove it"
		if len(known) > 0 {
			expected = problem.OneOf(known)
		}
		if near, ok := problem.Nearest(key, known); ok {
			expected, fix = "an option that is known here", fmt.Sprintf("did you mean %s?", near)
		}
		b.problem(problem.Key(problem.Key(at, "logicalTypeOptions"), key), fmt.Sprintf("the unknown option %q", key), expected, fix)
	}
	if v.LogicalType == "" {
		return
	}
	for _, key := range odcs.AllOptions() {
		path := problem.Key(problem.Key(at, "logicalTypeOptions"), key)
		if slices.Contains(allowed, key) || !b.doc.Has(path) {
			continue
		}
		expected := "no options"
		if len(allowed) > 0 {
			expected = problem.OneOf(allowed)
		}
		b.problem(path, fmt.Sprintf("the option %s for the logical type %s", key, v.LogicalType), expected, "remove it, or correct logicalType")
	}
}

// precision says how the digits of a number are written, which the standard has no
// option for.
func (b *builder) precision(v *odcs.Value, at string) {
	precision, scale := spelledOf(v.Options.Other["precision"]), spelledOf(v.Options.Other["scale"])
	for _, key := range []string{"precision", "scale"} {
		if _, given := v.Options.Other[key]; !given {
			continue
		}
		written := "decimal(" + cmp.Or(precision, "38") + "," + cmp.Or(scale, "0") + ")"
		b.problem(problem.Key(problem.Key(at, "logicalTypeOptions"), key), fmt.Sprintf("the option %s, which the standard does not have", key),
			"the digits of a number in its physicalType", "write physicalType: "+written+", and remove it")
		delete(v.Options.Other, key)
	}
}

func spelledOf(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}
