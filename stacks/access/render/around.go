package render

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// bypassList lists the ways around Lake Formation.
func bypassList(m *access.Matrix) listing {
	l := listing{
		none:     "No way around Lake Formation is known.",
		headings: []string{"Principal", "Can", "Files of", "In", "By"},
		fields:   []string{"principal", "account", "region", "location", "domain", "zone", "tables", "products", "levels", "can", "certain", "path"},
		items:    append([]access.Bypass{}, m.Bypasses...),
		notes:    m.Notes,
	}
	var principals []string
	for _, b := range m.Bypasses {
		principals = append(principals, b.Principal)
	}
	names := access.Names(principals)
	for _, b := range m.Bypasses {
		l.cells = append(l.cells, []string{names[b.Principal], words(b.Can, ", ") + maybe(b.Certain), filesOf(b), s3uri.Scheme + s3uri.Parse(b.Location).Path(), strings.Join(b.Path, "; ")})
		l.values = append(l.values, []string{
			b.Principal, b.Account, b.Region, b.Location, b.Domain, b.Zone, strings.Join(b.Tables, " "), strings.Join(b.Products, " "),
			words(b.Levels, " "), words(b.Can, " "), strconv.FormatBool(b.Certain), strings.Join(b.Path, "; "),
		})
	}
	return l
}

// grantorList lists who can grant.
func grantorList(m *access.Matrix) listing {
	l := listing{
		none:     "Nobody is known to be able to grant anything.",
		headings: []string{"Principal", "Can give", "In", "By"},
		fields:   []string{"principal", "account", "region", "domain", "product", "table", "what", "certain", "path"},
		items:    append([]access.Grantor{}, m.Grantors...),
		notes:    m.Notes,
	}
	var principals []string
	for _, g := range m.Grantors {
		principals = append(principals, g.Principal)
	}
	names := access.Names(principals)
	for _, g := range m.Grantors {
		l.cells = append(l.cells, []string{names[g.Principal], g.What + maybe(g.Certain), g.Account + "/" + g.Region, strings.Join(g.Path, "; ")})
		l.values = append(l.values, []string{g.Principal, g.Account, g.Region, g.Domain, g.Product, g.Table, g.What, strconv.FormatBool(g.Certain), strings.Join(g.Path, "; ")})
	}
	return l
}

// filesOf says whose files are reached: products, else tables, and their levels.
func filesOf(b access.Bypass) string {
	levels := words(b.Levels, ", ")
	switch {
	case len(b.Tables) == 0:
		return strings.TrimSpace(b.Domain + " no table: anything may be in them")
	case len(b.Products) == 0 && len(b.Tables) > 3, len(b.Products) > 3:
		return fmt.Sprintf("%s%d tables: %s", cmp.Or(b.Domain+" ", ""), len(b.Tables), levels)
	case len(b.Products) == 0:
		return strings.Join(b.Tables, ", ") + ": " + levels
	}
	return strings.Join(b.Products, ", ") + ": " + levels
}

func maybe(certain bool) string {
	if certain {
		return ""
	}
	return " (maybe)"
}

func words[T ~string](in []T, separator string) string {
	out := make([]string, len(in))
	for i, w := range in {
		out[i] = string(w)
	}
	return strings.Join(out, separator)
}
