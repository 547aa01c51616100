package render

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// CSV writes the matrix for spreadsheets and databases, one right a line: SELECT
// once for each column that is read, with its sensitivity and rows ("" is every
// row), every other permission once for the object as a whole. Administrators
// are lines of kind "administrator", because no right limits them. Notes are lines of
// kind "note", each as their object. Purposes, approvers and last days of several
// subscriptions stand in one order, divided by "; ".
func CSV(w io.Writer, m *access.Matrix) error {
	lines := [][]string{{
		"principal", "kind", "account", "region", "domain", "zone", "product", "database", "table", "object",
		"permission", "grantable", "column", "type", "sensitivity", "rows", "readFor",
		"purpose", "approver", "lastDay", "alsoOtherwise",
	}}
	add := func(r access.Row, permission lakeformation.Permission, grantable bool, c access.ColumnAccess) {
		lines = append(lines, []string{
			r.Principal, string(r.Kind), r.Account, r.Region, r.Domain, r.Zone, r.Product, r.Database, r.Table, r.Object,
			string(permission), strconv.FormatBool(grantable), c.Name, c.Type, string(c.Sensitivity), c.Rows.String(), strings.Join(r.ReadFor, " "),
			eachSubscription(r, func(s access.Subscription) string { return s.Purpose }), eachSubscription(r, func(s access.Subscription) string { return s.Approver }),
			eachSubscription(r, func(s access.Subscription) string { return s.LastDay }), staysOtherwise(r),
		})
	}
	for _, r := range m.Rows {
		for _, right := range r.Rights {
			if right.Permission != lakeformation.Select || len(r.Columns) == 0 {
				add(r, right.Permission, right.Grantable, access.ColumnAccess{})
			}
		}
		for _, c := range r.Columns {
			add(r, lakeformation.Select, c.Grantable, c)
		}
	}
	for _, a := range m.Admins {
		permission := lakeformation.Permission("ADMINISTRATOR")
		if a.ReadOnly {
			permission = "READ_ONLY_ADMINISTRATOR"
		}
		about := access.Row{Principal: a.Principal, Kind: "administrator", Account: a.Account, Region: a.Region}
		add(about, permission, !a.ReadOnly, access.ColumnAccess{})
	}
	for _, note := range notes(m) {
		add(access.Row{Kind: "note", Object: note}, "", false, access.ColumnAccess{})
	}
	return csv.NewWriter(w).WriteAll(lines)
}
