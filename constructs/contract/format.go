package contract

import "slices"

// Formats returns every format, the default of the lake's own tables first.
func Formats() []Format {
	return []Format{FormatIceberg, FormatParquet, FormatORC, FormatAvro, FormatJSON, FormatCSV, FormatText}
}

// Valid reports whether f is one of Formats.
func (f Format) Valid() bool { return slices.Contains(Formats(), f) }
