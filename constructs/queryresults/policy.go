package queryresults

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
)

// policy is what one policy allows about results, and to whom the templates attach it.
type policy struct {
	*iampolicy.Policy
	statements []statement
}

// statement is what one statement of a policy allows.
type statement struct {
	iampolicy.Statement
	only []string // ARNs that aws:PrincipalArn is held to; none is anybody
}

// policyOf are the statements of a policy that allow something about results.
func policyOf(p *iampolicy.Policy) policy {
	out := policy{Policy: p}
	for _, s := range p.Statements {
		if s.Deny || !slices.ContainsFunc(s.Actions, ofResults) {
			continue
		}
		allowed := statement{Statement: s}
		for _, c := range s.Conditions {
			if c.Key == "aws:PrincipalArn" && slices.Contains([]string{"ArnEquals", "ArnLike", "StringEquals", "StringLike"}, c.Operator) {
				allowed.only = append(allowed.only, c.Values...)
			}
		}
		out.statements = append(out.statements, allowed)
	}
	return out
}

// ofResults reports whether an action may be about results: most policies have none.
func ofResults(action string) bool {
	service, _, _ := strings.Cut(action, ":")
	return service == "athena" || service == "s3"
}
