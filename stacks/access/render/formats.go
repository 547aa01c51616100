package render

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// Format writes a matrix in one form.
type Format func(io.Writer, *access.Matrix) error

// formats are the forms by the name that a user gives.
var formats = map[string]Format{
	"csv":      CSV,
	"json":     JSON,
	"markdown": Markdown,
	"table":    Table,
}

// FormatNames returns the names of the formats, joined by commas.
func FormatNames() string { return strings.Join(slices.Sorted(maps.Keys(formats)), ", ") }

// ParseFormat returns the format of a name, which writes rows, administrators and notes.
func ParseFormat(name string) (Format, error) { return formatOf(formats, name) }

// ParseBypassFormat returns the format of a name, which writes the ways around Lake
// Formation alone.
func ParseBypassFormat(name string) (Format, error) { return formatOf(listFormats(bypassList), name) }

// ParseGrantorFormat returns the format of a name, which writes who can grant, alone.
func ParseGrantorFormat(name string) (Format, error) {
	return formatOf(listFormats(grantorList), name)
}

func formatOf(formats map[string]Format, name string) (Format, error) {
	if format, known := formats[name]; known {
		return format, nil
	}
	return nil, fmt.Errorf("got %q; expected one of %s", name, FormatNames())
}
