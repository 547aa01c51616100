package review

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// denialsGone are the statements of policies that deny something and that a change takes
// away or writes otherwise. Those of a policy that goes together with all that it is about
// are none.
func denialsGone(p pair, id string) []Finding {
	before := p.before.Resources[id]
	was := denials(before.Properties)
	if len(was) == 0 {
		return nil
	}
	after, there := p.after.Resources[id]
	if !there && !slices.ContainsFunc(references(before.Properties), func(to string) bool { _, stays := p.after.Resources[to]; return stays }) {
		return nil
	}
	left := denials(after.Properties)
	var out []Finding
	for _, s := range was {
		if slices.ContainsFunc(left, func(o statement) bool { return o.text == s.text }) {
			continue
		}
		f := inStack(p.after, id)
		f.Kind, f.Severity = Guardrail, Error
		what := "no longer denies"
		if s.sid != "" && slices.ContainsFunc(left, func(o statement) bool { return o.sid == s.sid }) {
			what, f.Severity = "denies in another way", Warning
		}
		f.Text = fmt.Sprintf("%s of stack %s (%s) %s %s", id, p.before.Name, before.Type, what, s.name())
		f.Why = []string{"the statement was " + template.Written(s.content)}
		out = append(out, f)
	}
	return out
}

// statement is a statement of a policy that denies.
type statement struct {
	sid     string
	text    string // all of it, to compare
	content map[string]any
}

// name is what a finding calls the statement.
func (s statement) name() string {
	if s.sid != "" {
		return "what the statement " + s.sid + " denied"
	}
	return "what a statement without Sid denied"
}

// denials are the statements that deny in a piece of a template, in its order.
func denials(in any) []statement {
	var out []statement
	switch in := in.(type) {
	case map[string]any:
		if in["Effect"] == "Deny" {
			text, err := json.Marshal(in) // keys are sorted
			if err != nil {
				return nil
			}
			return []statement{{template.Text(in, "Sid"), string(text), in}}
		}
		for _, key := range slices.Sorted(maps.Keys(in)) {
			out = append(out, denials(in[key])...)
		}
	case []any:
		for _, item := range in {
			out = append(out, denials(item)...)
		}
	}
	return out
}

// references are the logical ids that a piece of a template names by Ref and Fn::GetAtt
// outside of statements.
func references(in any) []string {
	var out []string
	switch in := in.(type) {
	case map[string]any:
		if _, isStatement := in["Effect"]; isStatement {
			return nil
		}
		if ref, ok := in["Ref"].(string); ok {
			return []string{ref}
		}
		if att, ok := in["Fn::GetAtt"].([]any); ok && len(att) > 0 {
			if id, ok := att[0].(string); ok {
				return []string{id}
			}
		}
		for _, key := range slices.Sorted(maps.Keys(in)) {
			out = append(out, references(in[key])...)
		}
	case []any:
		for _, item := range in {
			out = append(out, references(item)...)
		}
	}
	return out
}
