package drift

import (
	"fmt"
	"io"
	"strings"
)

// Text writes the report for a terminal.
func Text(w io.Writer, r *Report) error {
	out := &strings.Builder{}
	fmt.Fprintln(out, r.verdict())
	catalog := ""
	for _, f := range r.Findings {
		if f.Catalog != catalog {
			catalog = f.Catalog
			fmt.Fprintf(out, "\n%s\n", catalog)
		}
		fmt.Fprintf(out, "  %-13s  %s\n", f.Kind, f.Text)
		for _, right := range f.Rights {
			fmt.Fprintf(out, "  %-13s    %s\n", "", right)
		}
	}
	for _, list := range []struct {
		title string
		items []string
	}{{rightsTitle, r.Rights}, {notesTitle, r.Notes}, {unreadTitle, r.Unread}} {
		if len(list.items) > 0 {
			fmt.Fprintf(out, "\n%s:\n", list.title)
		}
		for _, item := range list.items {
			fmt.Fprintf(out, "  - %s\n", item)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
