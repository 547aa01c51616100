package access

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// CSV writes the matrix for spreadsheets and databases, one right a line: SELECT
// once for each column that is read, with its sensitivity and rows ("" is every
// row), every other permission once for the object as a whole. Administrators
// are lines of kind "administrator", because no right limits them. Notes are
// left out.
func (m *Matrix) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	lines := [][]string{{
		"principal", "kind", "account", "region", "domain", "zone", "product", "database", "table", "object",
		"permission", "grantable", "column", "type", "sensitivity", "rows",
	}}
	for _, r := range m.Rows {
		about := []string{r.Principal, string(r.Kind), r.Account, r.Region, r.Domain, r.Zone, r.Product, r.Database, r.Table, r.Object}
		for _, right := range r.Rights {
			if right.Permission == lakeformation.Select && len(r.Columns) > 0 {
				continue
			}
			lines = append(lines, line(about, string(right.Permission), strconv.FormatBool(right.Grantable), "", "", "", ""))
		}
		for _, c := range r.Columns {
			lines = append(lines, line(about, string(lakeformation.Select), strconv.FormatBool(c.Grantable),
				c.Name, c.Type, c.Sensitivity, conditions(c.Rows)))
		}
	}
	for _, a := range m.Admins {
		permission := "ADMINISTRATOR"
		if a.ReadOnly {
			permission = "READ_ONLY_ADMINISTRATOR"
		}
		about := []string{a.Principal, "administrator", a.Account, a.Region, "", "", "", "", "", ""}
		lines = append(lines, line(about, permission, strconv.FormatBool(!a.ReadOnly), "", "", "", ""))
	}
	return out.WriteAll(lines)
}

func line(about []string, more ...string) []string {
	return append(about[:len(about):len(about)], more...)
}

// conditions joins row conditions by OR; none is "".
func conditions(rows []string) string {
	if len(rows) == 0 {
		return ""
	}
	return RowLimit{Rows: rows}.String()
}
