package review

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
)

// judged are the guardrails that went, and what the guardrails of one revision or of the
// other refuse after the change and did not before: so a guardrail that goes, or lets more
// through, together with what it refused is seen too.
func judged(before, after *guardrail.Judge, d *access.Difference) []Finding {
	var out []Finding
	if before != nil && after != nil {
		for _, rule := range before.Rules() {
			if !slices.ContainsFunc(after.Rules(), func(o rules.Rule) bool { return o.ID == rule.ID }) {
				out = append(out, Finding{Kind: Guardrail, Severity: Error, Text: fmt.Sprintf("the %s is gone: %s", rule.Title, rule.Why)})
			}
		}
	}
	said := map[string]bool{}
	for i, judge := range []*guardrail.Judge{after, before} {
		if judge == nil {
			continue
		}
		known := map[string]bool{}
		for _, v := range judge.Matrix(d.Before.Matrix).Violations {
			known[v.Guardrail+" "+v.Text()] = true
		}
		for _, v := range judge.Matrix(d.After.Matrix).Violations {
			key := v.Guardrail + " " + v.Text()
			if known[key] || said[key] {
				continue
			}
			said[key] = true
			text := fmt.Sprintf("the guardrail %s refuses what was not there before: %s", v.Guardrail, v.Text())
			if i == 1 && after != nil {
				text = fmt.Sprintf("the guardrail %s as it was refused what is let through now: %s", v.Guardrail, v.Text())
			}
			out = append(out, Finding{Kind: Guardrail, Severity: Error, Text: text, Why: v.Path,
				Principal: v.Principal, Account: v.Account, Region: v.Region, Domain: v.Domain, Product: v.Product,
			})
		}
	}
	return out
}
