package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/review"
)

// Text writes a report for a terminal: for each kind a sentence for each finding, and below
// it why.
func Text(w io.Writer, r *review.Report) error {
	out := &strings.Builder{}
	if r.Empty() {
		fmt.Fprintln(out, nothing(r))
	} else {
		fmt.Fprintf(out, "From %s to %s: %s.\n", r.Base, r.Head, r.Summary())
	}
	for _, kind := range review.Kinds() {
		findings := r.Of(kind)
		if len(findings) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n%s\n", kind.Title())
		for _, f := range findings {
			fmt.Fprintf(out, "  %-8s %s.\n", f.Severity, f.Text)
			for _, reason := range f.Reasons() {
				fmt.Fprintf(out, "           %s\n", reason)
			}
			if f.Place.File != "" {
				fmt.Fprintf(out, "           at %s\n", place(f.Place))
			}
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// place is "file:line", or the file alone.
func place(p review.Place) string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}
