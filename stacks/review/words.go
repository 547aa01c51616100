package review

import (
	"fmt"
	"slices"
	"strings"
)

// titles are the headings of kinds, and what their findings are about.
var titles = map[Kind][2]string{
	Gained:    {"Who gains access", "Somebody sees columns, or may do something, that it did not before."},
	Rows:      {"Who sees other rows", "Somebody sees more, fewer or other rows of columns that it saw before."},
	WayAround: {"Ways around Lake Formation", "Somebody reaches files of tables past the grants of Lake Formation, or does not any more."},
	Grantor:   {"Who can give access", "Somebody can give access to others or to itself, or cannot any more."},
	Guardrail: {"Protections that become weaker", "A protection of data is taken away, or a violation of a guardrail is new."},
	Contract:  {"Promises to readers that break", "A table or a column is gone, a type does not hold what it held, a level is lower, or data is kept for a shorter time."},
	Resource:  {"What holds data and is replaced or deleted", "CloudFormation replaces or deletes what holds data, keys or access, or leaves it without a stack."},
	Unknown:   {"What cannot be read", "Something cannot be read that could be read before, or was not there: it may give access to anybody."},
	Lost:      {"Who loses access", "Somebody no longer sees columns, or may no longer do something."},
}

// Title is the heading of findings of the kind.
func (k Kind) Title() string { return titles[k][0] }

// Description says in a sentence what findings of the kind are about.
func (k Kind) Description() string { return titles[k][1] }

// Summary counts the findings: "2 errors, 1 warning, 3 notes"; "no findings" without any.
func (r *Report) Summary() string { return Count(r.Findings) }

// Count counts findings by severity: "2 errors, 1 warning, 3 notes"; "no findings" of none.
func Count(findings []Finding) string {
	var parts []string
	for _, s := range Severities() {
		n := 0
		for _, f := range findings {
			if f.Severity == s {
				n++
			}
		}
		switch {
		case n == 1:
			parts = append(parts, "1 "+string(s))
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, s))
		}
	}
	if len(parts) == 0 {
		return "no findings"
	}
	return strings.Join(parts, ", ")
}

// Of returns the findings of a kind, in their order.
func (r *Report) Of(k Kind) []Finding {
	var out []Finding
	for _, f := range r.Findings {
		if f.Kind == k {
			out = append(out, f)
		}
	}
	return out
}

// Reasons are the lines that say why: what leads to the finding, and what the access is for.
func (f Finding) Reasons() []string {
	var out []string
	for _, w := range f.Why {
		out = append(out, "because "+w)
	}
	for _, s := range f.Subscriptions {
		if slices.ContainsFunc(f.Why, func(w string) bool { return strings.Contains(w, s.Name) && strings.Contains(w, s.Purpose) }) {
			continue // the way says it
		}
		line := "for: " + s.Purpose
		if s.LastDay != "" {
			line += ", until " + s.LastDay
		}
		if s.Approver != "" {
			line += ", approved by " + s.Approver
		}
		out = append(out, line)
	}
	return out
}
