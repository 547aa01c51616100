package render

import (
	"fmt"
	"io"

	"github.com/lakemesh/lakemesh/stacks/internal/format"
	"github.com/lakemesh/lakemesh/stacks/review"
)

// Format writes a report in one form.
type Format func(io.Writer, *review.Report) error

// formats are the forms by the name that a user gives.
var formats = format.Set[Format]{
	"github":   GitHub,
	"json":     JSON,
	"markdown": Markdown,
	"sarif":    SARIF,
	"text":     Text,
}

// FormatNames returns the names of the formats, joined by commas.
func FormatNames() string { return formats.Names() }

// ParseFormat returns the format of a name.
func ParseFormat(name string) (Format, error) { return formats.Parse(name) }

// nothing says that a report has no findings.
func nothing(r *review.Report) string {
	return fmt.Sprintf("No difference between %s and %s: who can see what, contracts, protections and what holds data stay as they are.", r.Base, r.Head)
}
