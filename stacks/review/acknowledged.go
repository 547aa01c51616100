package review

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// acknowledgement is a finding of the policy rules that is accepted somewhere.
type acknowledgement struct{ stack, place, rule string }

// acknowledged are the findings of policy rules that are accepted now and were not.
func acknowledged(pairs []pair) []Finding {
	known := map[acknowledgement]bool{}
	for _, p := range pairs {
		if p.before != nil {
			eachAcknowledgement(p.before, func(a acknowledgement, _, _ string) { known[a] = true })
		}
	}
	var out []Finding
	for _, p := range pairs {
		if p.after == nil {
			continue
		}
		eachAcknowledgement(p.after, func(a acknowledgement, id, reason string) {
			if known[a] {
				return
			}
			f := inStack(p.after, id)
			f.Kind, f.Severity = Guardrail, Warning
			f.Text = fmt.Sprintf("the finding %s is accepted at %s of stack %s", a.rule, a.place, a.stack)
			f.Why = []string{"the reason given is: " + reason}
			out = append(out, f)
		})
	}
	return out
}

// eachAcknowledgement visits what a template accepts, of resources and of itself.
func eachAcknowledgement(s *template.Stack, visit func(a acknowledgement, id, reason string)) {
	list := func(metadata map[string]any, id string) {
		entries, _ := metadata[template.AcknowledgementsMetadata].([]any)
		for _, e := range entries {
			place := id
			if place == "" {
				place = template.Text(e, "scope")
			}
			if place == "" {
				place = "all"
			}
			visit(acknowledgement{s.Name, place, template.Text(e, "id")}, id, template.Text(e, "reason"))
		}
	}
	list(s.Metadata, "")
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		list(s.Resources[id].Metadata, id)
	}
}
