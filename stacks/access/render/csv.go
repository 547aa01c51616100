package render

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// record is one line of the CSV: a right of a principal.
type record struct {
	access.Row
	kind      string
	right     string
	grantable bool
	column    access.ColumnAccess
}

// csvColumns are the columns of the CSV, from left to right.
var csvColumns = []struct {
	heading string
	cell    func(record) string
}{
	{"principal", func(r record) string { return r.Principal }},
	{"kind", func(r record) string { return r.kind }},
	{"account", func(r record) string { return r.Account }},
	{"region", func(r record) string { return r.Region }},
	{"domain", func(r record) string { return r.Domain }},
	{"zone", func(r record) string { return r.Zone }},
	{"product", func(r record) string { return r.Product }},
	{"database", func(r record) string { return r.Database }},
	{"table", func(r record) string { return r.Table }},
	{"object", func(r record) string { return r.Object }},
	{"permission", func(r record) string { return r.right }},
	{"grantable", func(r record) string { return strconv.FormatBool(r.grantable) }},
	{"column", func(r record) string { return r.column.Name }},
	{"type", func(r record) string { return r.column.Type }},
	{"sensitivity", func(r record) string { return string(r.column.Sensitivity) }},
	{"rows", func(r record) string { return r.column.Rows.String() }},
}

// CSV writes the matrix for spreadsheets and databases, one right a line: SELECT
// once for each column that is read, with its sensitivity and rows ("" is every
// row), every other permission once for the object as a whole. Administrators
// are lines of kind "administrator", because no right limits them. Notes are
// left out.
func CSV(w io.Writer, m *access.Matrix) error {
	out := csv.NewWriter(w)
	var cells []string
	for _, c := range csvColumns {
		cells = append(cells, c.heading)
	}
	table := [][]string{cells}
	for _, r := range records(m) {
		var cells []string
		for _, c := range csvColumns {
			cells = append(cells, c.cell(r))
		}
		table = append(table, cells)
	}
	return out.WriteAll(table)
}

func records(m *access.Matrix) []record {
	var out []record
	for _, r := range m.Rows {
		for _, right := range r.Rights {
			if right.Permission != lakeformation.Select || len(r.Columns) == 0 {
				out = append(out, record{Row: r, kind: string(r.Kind), right: string(right.Permission), grantable: right.Grantable})
			}
		}
		for _, c := range r.Columns {
			out = append(out, record{Row: r, kind: string(r.Kind), right: string(lakeformation.Select), grantable: c.Grantable, column: c})
		}
	}
	for _, a := range m.Admins {
		right := "ADMINISTRATOR"
		if a.ReadOnly {
			right = "READ_ONLY_ADMINISTRATOR"
		}
		about := access.Row{Principal: a.Principal, Account: a.Account, Region: a.Region}
		out = append(out, record{Row: about, kind: "administrator", right: right, grantable: !a.ReadOnly})
	}
	return out
}
