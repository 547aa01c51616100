package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
)

const noDifferences = "No differences."

// Difference writes a difference for a terminal: first who gains and loses what,
// then every part that differs.
func Difference(w io.Writer, d *access.Difference) error {
	out := &strings.Builder{}
	if d.Empty() {
		fmt.Fprintln(out, noDifferences)
	}
	for _, r := range d.Rights {
		fmt.Fprintln(out, r)
	}
	if len(d.Rights) > 0 && len(d.Changes) > 0 {
		fmt.Fprintln(out)
	}
	for _, c := range d.Changes {
		fmt.Fprintln(out, c)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// DifferenceMarkdown writes a difference for a pull request.
func DifferenceMarkdown(w io.Writer, d *access.Difference) error {
	out := &strings.Builder{}
	if d.Empty() {
		fmt.Fprintln(out, noDifferences)
	}
	var rights, parts []string
	for _, r := range d.Rights {
		rights = append(rights, r.String())
	}
	for _, c := range d.Changes {
		parts = append(parts, c.String())
	}
	markdownList(out, "Who gains and loses what", rights)
	markdownList(out, "What differs", parts)
	_, err := io.WriteString(w, strings.TrimPrefix(out.String(), "\n"))
	return err
}
