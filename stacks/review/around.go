package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// waysAround are the ways to files past Lake Formation that came and that went.
func waysAround(d *access.Difference, names map[string]string) []Finding {
	before, after := d.Before.Matrix.Bypasses, d.After.Matrix.Bypasses
	out := comparedWays(before, after, names, "reaches files past Lake Formation that it did not reach before", true)
	return append(out, comparedWays(after, before, names, "no longer reaches files past Lake Formation", false)...)
}

// way is who does what where.
type way struct {
	principal, account, region, location string
	can                                  access.Ability
	certain                              bool
}

// waysOf are the ways of a list. Whoever certainly can also may.
func waysOf(list []access.Bypass) map[way]bool {
	out := map[way]bool{}
	for _, b := range list {
		for _, can := range b.Can {
			out[way{b.Principal, b.Account, b.Region, b.Location, can, false}] = true
			if b.Certain {
				out[way{b.Principal, b.Account, b.Region, b.Location, can, true}] = true
			}
		}
	}
	return out
}

func comparedWays(without, with []access.Bypass, names map[string]string, what string, more bool) []Finding {
	known := waysOf(without)
	var out []Finding
	for _, b := range with {
		var can []string
		for _, ability := range b.Can {
			if !known[way{b.Principal, b.Account, b.Region, b.Location, ability, b.Certain}] {
				can = append(can, string(ability))
			}
		}
		if len(can) == 0 {
			continue
		}
		f := Finding{
			Kind: WayAround, Severity: Note, Principal: b.Principal, Account: b.Account, Region: b.Region, Domain: b.Domain, Why: b.Path,
			Text: fmt.Sprintf("%s %s: %s in %s, %s", names[b.Principal], what, strings.Join(can, ", "), s3uri.Scheme+s3uri.Parse(b.Location).Path(), whose(b)),
		}
		if len(b.Tables) == 1 {
			f.Table = b.Tables[0]
		}
		if len(b.Products) == 1 {
			_, f.Product, _ = strings.Cut(b.Products[0], ".")
		}
		switch {
		case more && b.Certain:
			f.Severity = highest(Warning, severityOf(levelsOf(b)...))
		case more:
			f.Severity = Warning
			f.Text += "; something that is not known may stand in the way"
		}
		out = append(out, f)
	}
	return out
}

// levelsOf are the levels of a way's tables; files without a table may hold anything.
func levelsOf(b access.Bypass) []ontology.Sensitivity {
	if len(b.Tables) == 0 {
		return []ontology.Sensitivity{access.Untagged}
	}
	return b.Levels
}

// whose says whose files a way leads to.
func whose(b access.Bypass) string {
	var levels []string
	for _, l := range b.Levels {
		levels = append(levels, string(l))
	}
	of := strings.Join(b.Products, ", ")
	switch {
	case len(b.Tables) == 0:
		return "where no table shows what lies there"
	case len(b.Products) > 3:
		of = fmt.Sprintf("%d products", len(b.Products))
	case len(b.Products) == 0 && len(b.Tables) > 3:
		of = fmt.Sprintf("%d tables", len(b.Tables))
	case len(b.Products) == 0:
		of = strings.Join(b.Tables, ", ")
	}
	return "the files of " + of + " (" + strings.Join(levels, ", ") + ")"
}

// grantors are those who can give access and could not, or no longer can.
func grantors(d *access.Difference, names map[string]string) []Finding {
	before, after := d.Before.Matrix.Grantors, d.After.Matrix.Grantors
	return append(comparedGrantors(before, after, names, true), comparedGrantors(after, before, names, false)...)
}

func comparedGrantors(without, with []access.Grantor, names map[string]string, more bool) []Finding {
	same := func(a, b access.Grantor) bool {
		return a.Principal == b.Principal && a.Account == b.Account && a.Region == b.Region && a.What == b.What && (a.Certain || !b.Certain)
	}
	by := map[string][]access.Grantor{}
	for _, g := range without {
		by[g.Principal] = append(by[g.Principal], g)
	}
	var out []Finding
	for _, g := range with {
		if slices.ContainsFunc(by[g.Principal], func(o access.Grantor) bool { return same(o, g) }) {
			continue
		}
		f := Finding{
			Kind: Grantor, Severity: Note, Principal: g.Principal, Account: g.Account, Region: g.Region,
			Domain: g.Domain, Product: g.Product, Table: g.Table, Why: g.Path,
			Text: fmt.Sprintf("%s can no longer give %s", names[g.Principal], g.What),
		}
		if more {
			f.Severity, f.Text = Error, fmt.Sprintf("%s can give what it could not give before: %s", names[g.Principal], g.What)
		}
		if more && !g.Certain {
			f.Severity = Warning
			f.Text += "; something that is not known may stand in the way"
		}
		out = append(out, f)
	}
	return out
}
