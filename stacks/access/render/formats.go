package render

import (
	"io"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/internal/format"
)

// Format writes a matrix in one form.
type Format func(io.Writer, *access.Matrix) error

// formats are the forms by the name that a user gives.
var formats = format.Set[Format]{
	"csv":      CSV,
	"json":     JSON,
	"markdown": Markdown,
	"table":    Table,
}

// FormatNames returns the names of the formats, joined by commas.
func FormatNames() string { return formats.Names() }

// ParseFormat returns the format of a name, which writes rows, administrators and notes.
func ParseFormat(name string) (Format, error) { return formats.Parse(name) }

// ParseBypassFormat returns the format of a name, which writes the ways around Lake
// Formation alone.
func ParseBypassFormat(name string) (Format, error) { return listFormats(bypassList).Parse(name) }

// ParseGrantorFormat returns the format of a name, which writes who can grant, alone.
func ParseGrantorFormat(name string) (Format, error) {
	return listFormats(grantorList).Parse(name)
}
