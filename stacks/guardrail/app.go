package guardrail

import (
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// prefix stands before the name of a guardrail in the id of its rule.
const prefix = "Guardrail."

// Rules are the guardrails as policy.Use reports them.
func (j *Judge) Rules() []rules.Rule {
	var out []rules.Rule
	for _, g := range j.guardrails {
		out = append(out, g.rule())
	}
	return out
}

func (g compiled) rule() rules.Rule {
	return rules.Rule{
		ID: prefix + g.Name, Title: "guardrail " + g.Name, Why: "it refuses " + g.refuses,
		Fix: g.Fix + ", or except it in the guardrail with a reason", Source: "the guardrails of the app",
	}
}

// Check judges the templates of a cloud assembly, such as cdk.out, which policy.Use does when
// an app is synthesized.
func (j *Judge) Check(dir string) ([]rules.Finding, error) {
	if len(j.guardrails) == 0 {
		return nil, nil
	}
	state, err := assembly.Read(dir)
	if err != nil {
		return nil, err
	}
	verdict := j.Matrix(state.Evaluate())
	made := map[string]rules.Rule{}
	for _, g := range j.guardrails {
		made[g.Name] = g.rule()
	}
	var out []rules.Finding
	for _, v := range verdict.Violations {
		out = append(out, rules.Finding{
			Rule: made[v.Guardrail], Path: v.Principal, Property: v.Object,
			Found: v.Text(), Expected: "nothing of what the guardrail refuses: " + v.Refuses,
		})
	}
	for _, u := range verdict.Unused {
		rule := made[u.Guardrail]
		rule.Fix = "take the exception out, or correct what it is for"
		out = append(out, rules.Finding{
			Rule: rule, Path: "exceptions of " + u.Guardrail, Property: fmt.Sprintf("%s[%d]", "except", u.Index),
			Found: "an exception for " + describe(u.Exception) + " that lets nothing through", Expected: "exceptions that something needs",
		})
	}
	return out, nil
}

// describe says what an exception is for.
func describe(e Exception) string {
	out := []string{access.Short(e.Principal)}
	for _, part := range []struct{ word, value string }{{"domain", e.Domain}, {"table", e.Table}, {"columns", strings.Join(e.Columns, ", ")}} {
		if part.value != "" {
			out = append(out, part.word+" "+part.value)
		}
	}
	return strings.Join(out, ", ")
}
