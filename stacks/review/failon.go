package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// FailOn chooses the findings that a pipeline fails on; the zero value chooses none.
type FailOn struct {
	conditions []condition
}

// condition chooses findings of a kind, "" is any, from a severity on.
type condition struct {
	kind     Kind
	severity Severity
}

// ParseFailOn reads what a pipeline fails on: a list of kinds and severities joined by
// commas. A severity stands for every finding of it or of a higher one; a kind stands for
// its findings that are no notes; "kind:severity" for those of the kind from a severity on.
// The error has everything that is neither.
func ParseFailOn(text string) (FailOn, error) {
	var out FailOn
	var wrong []string
	var known []string
	for _, s := range Severities() {
		known = append(known, string(s))
	}
	for _, k := range Kinds() {
		known = append(known, string(k))
	}
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		first, second, both := strings.Cut(word, ":")
		kind, severity := Kind(first), Severity(second)
		switch {
		case word == "":
		case !both && slices.Contains(Severities(), Severity(first)):
			out.conditions = append(out.conditions, condition{"", Severity(first)})
		case !both && slices.Contains(Kinds(), kind):
			out.conditions = append(out.conditions, condition{kind, Warning})
		case both && slices.Contains(Kinds(), kind) && slices.Contains(Severities(), severity):
			out.conditions = append(out.conditions, condition{kind, severity})
		default:
			wrong = append(wrong, fmt.Sprintf("got %q; expected %s, or a kind with a severity such as gained:error; fix: %s",
				word, problem.OneOf(known), problem.DidYouMean(first, known, "name one of them")))
		}
	}
	if len(wrong) > 0 {
		return FailOn{}, fmt.Errorf("%s", strings.Join(wrong, "\n"))
	}
	return out, nil
}

// In returns the findings of a report that are chosen, in their order.
func (f FailOn) In(r *Report) []Finding {
	var out []Finding
	for _, finding := range r.Findings {
		if slices.ContainsFunc(f.conditions, func(c condition) bool { return c.chooses(finding) }) {
			out = append(out, finding)
		}
	}
	return out
}

func (c condition) chooses(f Finding) bool {
	return (c.kind == "" || c.kind == f.Kind) && slices.Index(Severities(), f.Severity) <= slices.Index(Severities(), c.severity)
}
