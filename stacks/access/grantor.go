package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// Grantor is somebody who can give access to others, or to itself.
type Grantor struct {
	Principal string   `json:"principal"` // as Lake Formation takes it, or an ARN
	Account   string   `json:"account"`   // of the catalog
	Region    string   `json:"region"`    // of the catalog
	Domain    string   `json:"domain"`    // by LF-Tags, as Product; "" when they do not say it
	Product   string   `json:"product"`   // data product
	Table     string   `json:"table"`     // as database.table; "" when it is not about one
	What      string   `json:"what"`      // that it can give
	Path      []string `json:"path"`      // that lets it: grants, settings, or policies and statements
	// Certain says that nothing unknown stands in the way.
	Certain bool `json:"certain"`
}

// grantWithTags is the permission on values of a tag to grant, by them, what bears them.
// Source: "Managing LF-Tag value permissions".
const grantWithTags lakeformation.Permission = "GRANT_WITH_LF_TAG_EXPRESSION"

// grantors returns who can grant in the catalog.
func (e *evaluation) grantors(rows []Row) []Grantor {
	out := slices.Clone(e.Grantors)
	for _, p := range e.Admins {
		if slices.ContainsFunc(e.Grantors, func(g Grantor) bool { return g.Principal == p && g.What == "everything in the catalog" }) {
			continue // whose policies of IAM are known
		}
		out = append(out, Grantor{Principal: p, What: "everything in the catalog", Path: []string{"administrator of Lake Formation"}, Certain: !unresolved(p)})
	}
	for _, r := range rows {
		g := Grantor{Principal: r.Principal, Domain: r.Domain, Product: r.Product, Certain: !unresolved(r.Principal)}
		if r.Kind == OnTable {
			g.Table = r.Database + "." + r.Table
		}
		if what := grantable(r); what != "" {
			g.What, g.Path = what+" of "+r.Name(), []string{"granted with the right to grant it on"}
			out = append(out, g)
		}
		if r.Kind == OnTag && r.Can(lakeformation.Associate) {
			g.What = r.Name() + " on what it may tag: whoever is granted by this tag gets it"
			g.Path = []string{"ASSOCIATE on " + r.Name()}
			out = append(out, g)
		}
		if r.Kind == OnTag && r.Can(grantWithTags) {
			g.What = "what bears " + r.Name() + ", by that tag"
			g.Path = []string{string(grantWithTags) + " on " + r.Name()}
			out = append(out, g)
		}
	}
	for i := range out {
		out[i].Account, out[i].Region = e.Account, e.Region
	}
	return out
}

// grantable are the permissions of a row that its principal may grant on, with the columns
// where they are not all.
func grantable(r Row) string {
	var out []string
	for _, right := range r.Rights {
		if !right.Grantable {
			continue
		}
		text := string(right.Permission)
		if right.Permission == lakeformation.Select && len(r.Columns) > 0 {
			columns, total := 0, 0
			for _, c := range r.Columns {
				if c.Grantable {
					columns++
				}
			}
			for _, l := range r.Levels {
				total += l.Total
			}
			if columns < total {
				text += fmt.Sprintf(" on %d of %d columns", columns, total)
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func (f MatrixFilter) choosesGrantor(g Grantor, known Known) bool {
	about := g.Domain == "" && g.Product == "" && g.Table == "" // everything
	return contains(g.Principal, f.Principal) &&
		(f.Product == "" || about || isNamed(f.Product, g.Domain+"."+g.Product)) &&
		(f.Domain == "" || about || ofDomain(g.Domain, f.Domain)) &&
		(f.Column == "" || about || g.Table == "" || known.maySee(f, g.Table)) &&
		(f.Table == "" || about || isNamed(f.Table, g.Table))
}

func compareGrantors(a, b Grantor) int {
	return cmp.Or(
		cmp.Compare(Short(a.Principal), Short(b.Principal)), cmp.Compare(a.Principal, b.Principal),
		cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.What, b.What), slices.Compare(a.Path, b.Path),
	)
}
