package drift

import (
	"fmt"
	"io"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access/render"
)

// Markdown writes the report for a ticket or a wiki.
func Markdown(w io.Writer, r *Report) error {
	out := &strings.Builder{}
	fmt.Fprintln(out, render.EscapeMarkdown(r.verdict()))
	catalog := ""
	for _, f := range r.Findings {
		if f.Catalog != catalog {
			catalog = f.Catalog
			fmt.Fprintf(out, "\n**%s**\n\n", render.EscapeMarkdown(catalog))
		}
		fmt.Fprintf(out, "- **%s**: %s\n", render.EscapeMarkdown(string(f.Kind)), render.EscapeMarkdown(f.Text))
		for _, right := range f.Rights {
			fmt.Fprintf(out, "  - %s\n", render.EscapeMarkdown(right))
		}
	}
	for _, list := range []struct {
		title string
		items []string
	}{{rightsTitle, r.Rights}, {notesTitle, r.Notes}, {unreadTitle, r.Unread}} {
		if len(list.items) > 0 {
			fmt.Fprintf(out, "\n**%s**\n\n", list.title)
		}
		for _, item := range list.items {
			fmt.Fprintf(out, "- %s\n", render.EscapeMarkdown(item))
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
