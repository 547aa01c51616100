package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/internal/format"
)

// ExplanationFormat writes why somebody sees something in one form.
type ExplanationFormat func(io.Writer, *access.Explanation) error

// explanationFormats are the forms by the name that a user gives.
var explanationFormats = format.Set[ExplanationFormat]{
	"json":  func(w io.Writer, e *access.Explanation) error { return writeJSON(w, e) },
	"table": Explanation,
}

// ParseExplanationFormat returns the format of a name, which writes why somebody sees
// something: json, or table for people.
func ParseExplanationFormat(name string) (ExplanationFormat, error) {
	return explanationFormats.Parse(name)
}

// ways are the titles of paths, in their order.
var ways = []struct {
	way   access.Way
	title string
}{
	{access.Granted, "Lake Formation grants it"},
	{access.Open, "IAM may let it in"},
	{access.Around, "Ways around Lake Formation"},
	{access.As, "It may become somebody who sees it"},
	{access.CanGrant, "It can give access, also to itself"},
}

// Explanation writes why somebody sees something, for a terminal: the answer, then every
// path with its steps one below the other, then what is missing and what is not known.
func Explanation(w io.Writer, e *access.Explanation) error {
	out := &strings.Builder{}
	fmt.Fprintln(out, wrap(question(e), tableWidth))
	for _, l := range answer(e) {
		fmt.Fprintln(out, wrap(l, tableWidth))
	}
	for _, way := range ways {
		listPaths(out, way.title, slices.DeleteFunc(slices.Clone(e.Paths), func(p access.Path) bool { return p.Way != way.way }))
	}
	listPaths(out, "What is missing", e.Missing)
	list(out, "Not known", append(slices.Clone(e.Unknown), access.Scope))
	_, err := io.WriteString(w, out.String())
	return err
}

// question is what was asked.
func question(e *access.Explanation) string {
	what := e.Table
	if e.Column != "" {
		what = "column " + e.Column + " of " + what
		if e.Sensitivity != "" {
			what = string(e.Sensitivity) + " " + what
		}
		what = "the " + what
	}
	return fmt.Sprintf("Does %s see %s in %s/%s?", access.Short(e.Principal), what, e.Account, e.Region)
}

// answer is what is answered, in lines.
func answer(e *access.Explanation) []string {
	text := e.Answer()
	switch {
	case len(e.Rows) > 0:
		text += ", in the rows where " + e.Rows.String()
	case e.Sees && e.Column != "":
		text += ", in every row"
	case len(e.Columns) > 0:
		text += ": " + strings.Join(e.Columns, ", ")
	}
	out := []string{strings.ToUpper(text[:1]) + text[1:] + "."}
	if len(e.ReadFor) > 0 {
		out = append(out, "It is a job, or works like one: it reads the table for what it writes, "+strings.Join(e.ReadFor, ", ")+".")
	}
	return out
}

// kindWidth is the room of the longest kind of a step, and of a gap.
const kindWidth = len(access.StepAdministrator) + 2

// listPaths writes a title and paths, each with its steps one below the other.
func listPaths(out *strings.Builder, title string, paths []access.Path) {
	if len(paths) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s:\n", title)
	for i, p := range paths {
		head := fmt.Sprintf("%2d. ", i+1)
		margin := strings.Repeat(" ", len(head))
		if text := about(p); text != "" {
			fmt.Fprintln(out, head+indent(text, tableWidth-len(head), margin))
			head = margin
		}
		for _, s := range p.Steps {
			line := fmt.Sprintf("%-*s", kindWidth, s.Kind)
			fmt.Fprintln(out, head+line+indent(s.Text, tableWidth-len(head)-kindWidth, margin+strings.Repeat(" ", kindWidth)))
			head = margin
		}
	}
}

// about says which columns and rows a path is about, and whether something unknown stands
// in its way.
func about(p access.Path) string {
	var parts []string
	if len(p.Columns) > 0 {
		parts = append(parts, strings.Join(p.Columns, ", "))
	}
	if len(p.Rows) > 0 {
		parts = append(parts, "in the rows where "+p.Rows.String())
	}
	if p.Way != "" && !p.Certain {
		parts = append(parts, "(maybe)")
	}
	return strings.Join(parts, " ")
}

// indent wraps a text, with a margin before all lines but the first.
func indent(text string, width int, margin string) string {
	return strings.ReplaceAll(wrap(text, width), "\n", "\n"+margin)
}
