package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Metadata is the key in a resource's metadata under which its acknowledgements
// stand: a list of {"id": "LakeMesh.LF01", "reason": "…"}.
const Metadata = "lakemesh:policy"

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

// acknowledge drops the findings that their resource acknowledges, and reports
// acknowledgements without a reason and those that nothing needs.
func acknowledge(a *app, found []Finding) []Finding {
	rules := map[string]Rule{}
	for _, r := range acknowledgementRules() {
		r.ID = prefix + r.ID
		rules[r.ID] = r
	}
	var reported []Finding
	for _, o := range a.objects {
		for i, entry := range entries(o.resource.Metadata[Metadata]) {
			id, reason := text(entry, "id"), strings.TrimSpace(text(entry, "reason"))
			place := fmt.Sprintf("Metadata.%s[%d]", Metadata, i)
			if id == "" || reason == "" {
				reported = append(reported, finding(rules[prefix+withoutReason], o, place, compact(entry), "an id and a reason"))
				continue
			}
			matches := func(f Finding) bool { return f.Rule.ID == id && f.Stack == o.stack.Name && f.LogicalID == o.id }
			if !slices.ContainsFunc(found, matches) {
				reported = append(reported, finding(rules[prefix+needless], o, place, id, "the id of a finding of this resource"))
				continue
			}
			found = slices.DeleteFunc(found, matches)
		}
	}
	return append(found, reported...)
}
