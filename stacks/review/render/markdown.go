package render

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/stacks/review"
)

// maxComment is how many characters GitHub takes as a comment of a pull request.
const maxComment = 65536

// shownErrors is how many errors stand above what is folded.
const shownErrors = 10

// Markdown writes a report for the comment of a pull request: how many findings there are
// and the first errors, then every kind folded. What does not fit into a comment of GitHub
// is counted.
func Markdown(w io.Writer, r *review.Report) error {
	out := &strings.Builder{}
	fmt.Fprintf(out, "### What this change means: %s\n\n", r.Summary())
	if r.Empty() {
		fmt.Fprintln(out, escape(nothing(r)))
		_, err := io.WriteString(w, out.String())
		return err
	}
	fmt.Fprintf(out, "From %s to %s.\n", code(r.Base), code(r.Head))
	writeErrors(out, r)
	var sections []*section
	for _, kind := range review.Kinds() {
		if findings := r.Of(kind); len(findings) > 0 {
			sections = append(sections, newSection(kind, findings))
		}
	}
	fit(sections, maxComment-utf8.RuneCountInString(out.String()))
	for _, s := range sections {
		s.write(out)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// writeErrors lists the first errors by their sentences.
func writeErrors(out *strings.Builder, r *review.Report) {
	listed, more := 0, 0
	for _, f := range r.Findings {
		if f.Severity != review.Error {
			continue
		}
		if listed == shownErrors {
			more++
			continue
		}
		if listed == 0 {
			fmt.Fprintln(out)
		}
		listed++
		fmt.Fprintf(out, "- %s\n", shorten(escape(f.Text), maxComment/4/shownErrors))
	}
	if more > 0 {
		fmt.Fprintf(out, "- and %d more below\n", more)
	}
}

// section is a folded list of the findings of a kind.
type section struct {
	head  string
	items []string
	shown int // of the items, from the first
}

func newSection(kind review.Kind, findings []review.Finding) *section {
	s := &section{head: fmt.Sprintf("\n<details>\n<summary>%s: %s</summary>\n\n", kind.Title(), review.Count(findings))}
	for _, f := range findings {
		item := &strings.Builder{}
		fmt.Fprintf(item, "- **%s** %s\n", f.Severity, escape(f.Text))
		for _, reason := range f.Reasons() {
			fmt.Fprintf(item, "  - %s\n", escape(reason))
		}
		if f.Place.File != "" {
			fmt.Fprintf(item, "  - at %s\n", code(place(f.Place)))
		}
		s.items = append(s.items, item.String())
	}
	return s
}

// fit shows as many items as there is room for, in turns, so that every section has its
// first ones. Room for what ends a section is set aside.
func fit(sections []*section, room int) {
	for _, s := range sections {
		room -= utf8.RuneCountInString(s.head) + utf8.RuneCountInString(s.ending(len(s.items)))
	}
	for full := false; !full; {
		full = true
		for _, s := range sections {
			if s.shown == len(s.items) {
				continue
			}
			if need := utf8.RuneCountInString(s.items[s.shown]); need <= room {
				room -= need
				s.shown++
				full = false
			}
		}
	}
}

// ending closes a section; it says how many items are not shown.
func (s *section) ending(hidden int) string {
	if hidden == 0 {
		return "\n</details>\n"
	}
	return fmt.Sprintf("- and %d more, which the format text lists\n\n</details>\n", hidden)
}

func (s *section) write(out *strings.Builder) {
	out.WriteString(s.head + strings.Join(s.items[:s.shown], "") + s.ending(len(s.items)-s.shown))
}

// escape keeps a text from being read as Markdown, HTML or the name of somebody.
func escape(text string) string {
	return strings.NewReplacer(
		"\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "~", "\\~", "#", "\\#",
		"<", "&lt;", ">", "&gt;", "@", "@\u200b", "\r", " ", "\n", " ",
	).Replace(text)
}

// code shows a text as code.
func code(text string) string {
	return "`" + strings.NewReplacer("`", "'", "\r", " ", "\n", " ").Replace(text) + "`"
}

// shorten cuts a text to a number of characters.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
