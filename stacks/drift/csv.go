package drift

import (
	"encoding/csv"
	"io"
	"strings"
)

// CSV writes one line for each finding, right of several findings, note and failed call, the
// last three as kinds "right", "note" and "unread". Rights of a finding are divided by "; ".
func CSV(w io.Writer, r *Report) error {
	lines := [][]string{{"kind", "account", "region", "subject", "principal", "expected", "found", "text", "rights"}}
	for _, f := range r.Findings {
		account, region, _ := strings.Cut(f.Catalog, "/")
		lines = append(lines, []string{string(f.Kind), account, region, f.Subject, f.Principal, f.Expected, f.Found, f.Text, strings.Join(f.Rights, "; ")})
	}
	for _, list := range []struct {
		kind  string
		items []string
	}{{"right", r.Rights}, {"note", r.Notes}, {"unread", r.Unread}} {
		for _, item := range list.items {
			lines = append(lines, []string{list.kind, "", "", "", "", "", "", item, ""})
		}
	}
	return csv.NewWriter(w).WriteAll(lines)
}
