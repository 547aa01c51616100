package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

const (
	withoutReason = "AK01"
	needless      = "AK02"
)

func acknowledgementRules() []Rule {
	return []Rule{{
		ID:     withoutReason,
		Title:  "An acknowledgement names a rule and a reason",
		Why:    "Without a reason nobody can tell later whether the exception still holds.",
		Fix:    `write {"id": "LakeMesh.…", "reason": "…"} with a reason that an auditor would accept`,
		Source: "Package policy, Acknowledge",
	}, {
		ID:     needless,
		Title:  "An acknowledgement matches a finding",
		Why:    "One that matches nothing hides the next mistake of its kind.",
		Fix:    "remove it",
		Source: "Package policy, Acknowledge",
	}}
}

// acknowledgement is one entry, with what it holds for.
type acknowledgement struct {
	entry   any
	at      *object // the resource, or one that stands for the template
	place   string
	subject string // in words
	covers  func(Finding) bool
}

// acknowledge drops the findings that are acknowledged, and reports acknowledgements
// without a reason and those that nothing needs.
func acknowledge(a *app, found []Finding) []Finding {
	rules := map[string]Rule{}
	for _, r := range acknowledgementRules() {
		r.ID = prefix + r.ID
		rules[r.ID] = r
	}
	var reported []Finding
	accepted := make([]bool, len(found))
	for _, k := range a.acknowledgements() {
		id, reason := text(k.entry, "id"), strings.TrimSpace(text(k.entry, "reason"))
		if id == "" || reason == "" {
			reported = append(reported, finding(rules[prefix+withoutReason], k.at, k.place, compact(k.entry), "an id and a reason"))
			continue
		}
		matches := func(f Finding) bool { return f.Rule.ID == id && k.covers(f) }
		if !slices.ContainsFunc(found, matches) {
			reported = append(reported, finding(rules[prefix+needless], k.at, k.place, id, "the id of a finding of "+k.subject))
			continue
		}
		for i, f := range found {
			accepted[i] = accepted[i] || matches(f)
		}
	}
	for i, f := range found {
		if !accepted[i] {
			reported = append(reported, f)
		}
	}
	return reported
}

// acknowledgements are those of resources and of templates.
func (a *app) acknowledgements() []acknowledgement {
	var out []acknowledgement
	for _, o := range a.objects {
		for i, entry := range entries(o.resource.Metadata[template.AcknowledgementsMetadata]) {
			out = append(out, acknowledgement{
				entry: entry, at: o, place: fmt.Sprintf("Metadata.%s[%d]", template.AcknowledgementsMetadata, i), subject: "this resource",
				covers: func(f Finding) bool { return f.File == o.stack.File && f.Stack == o.stack.Name && f.LogicalID == o.id },
			})
		}
	}
	for _, s := range a.stacks {
		for i, entry := range entries(s.Metadata[template.AcknowledgementsMetadata]) {
			scope := text(entry, "scope")
			out = append(out, acknowledgement{
				entry: entry, at: &object{stack: s}, place: fmt.Sprintf("Metadata.%s[%d] of the template", template.AcknowledgementsMetadata, i),
				subject: scopeWords(scope), covers: a.below(s, scope),
			})
		}
	}
	return out
}

func scopeWords(scope string) string {
	if scope == "" {
		return "the stack"
	}
	return "what is at or below " + scope
}

// below reports what is at or below a scope of a stack, in stacks nested in it too.
func (a *app) below(s *template.Stack, scope string) func(Finding) bool {
	within := map[string]bool{}
	for _, other := range a.stacks {
		for at := other; at != nil; at = at.Parent {
			within[other.Name+"\n"+other.File] = within[other.Name+"\n"+other.File] || at == s
		}
	}
	top := strings.Trim(s.Construct+"/"+scope, "/")
	return func(f Finding) bool {
		if !within[f.Stack+"\n"+f.File] {
			return false
		}
		return scope == "" || f.Path == top || strings.HasPrefix(f.Path, top+"/")
	}
}
