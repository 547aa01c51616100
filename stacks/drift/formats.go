package drift

import (
	"fmt"
	"io"

	"github.com/lakemesh/lakemesh/stacks/internal/format"
)

// Format writes a report in one form.
type Format func(io.Writer, *Report) error

// formats are the forms by the name that a user gives.
var formats = format.Set[Format]{
	"csv":      CSV,
	"json":     JSON,
	"markdown": Markdown,
	"text":     Text,
}

// FormatNames returns the names of the formats, joined by commas.
func FormatNames() string { return formats.Names() }

// ParseFormat returns the format of a name.
func ParseFormat(name string) (Format, error) { return formats.Parse(name) }

// verdict says in a sentence what the report comes to.
func (r *Report) verdict() string {
	where := count(len(r.Places), "account and region", "accounts and regions")
	text := "No drift in " + where + "."
	if !r.Empty() {
		text = count(len(r.Findings), "thing", "things") + " in " + where + " " + map[bool]string{true: "is", false: "are"}[len(r.Findings) == 1] + " not as the templates say."
	}
	if len(r.Unread) > 0 {
		text += " Not everything was read: see below."
	}
	return text
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

const (
	rightsTitle = "Who gains and loses what by several of these together"
	notesTitle  = "Notes"
	unreadTitle = "Not read"
)
