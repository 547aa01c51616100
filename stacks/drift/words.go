package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// finding says what a change is in words.
func (c *comparison) finding(change access.Change) Finding {
	f := Finding{
		Kind: kindOf(change), Catalog: change.Catalog, Subject: change.Subject, Principal: change.Principal,
		Expected: change.Before, Found: change.After,
	}
	if isGrant(change.Kind) {
		f.Subject = change.Resource.Key()
		f.Text = c.grantText(change, &f)
		return f
	}
	text := texts[change.Kind]
	name := nameOf(change)
	switch change.Op {
	case access.Extra:
		f.Text = fmt.Sprintf(cmp.Or(text.extra, change.Kind+" %s: %s, which no template says"), name, change.After)
	case access.Missing:
		f.Text = fmt.Sprintf(cmp.Or(text.missing, change.Kind+" %s is gone; the templates say %s"), name, change.Before)
	default:
		f.Text = fmt.Sprintf(cmp.Or(text.changed, change.Kind+" %s is %s; the templates say %s"), name, cmp.Or(change.After, "nothing"), cmp.Or(change.Before, "nothing"))
	}
	return f
}

// kindOf returns what was done by a change.
func kindOf(c access.Change) Kind {
	everybody := c.Principal == access.IAMAllowedPrincipals || strings.HasSuffix(c.Principal, ":IAMPrincipals")
	switch {
	case c.Kind == "default permissions", c.Kind == "setting", everybody && c.Op != access.Missing:
		return Opened
	case c.Kind == "administrator", c.Kind == "read-only administrator":
		return Administrator
	case c.Kind == "tags on":
		return Tagged
	case c.Kind == "filter":
		return Filter
	case c.Kind == "location" && strings.Contains(c.After, "hybrid") && !strings.Contains(c.Before, "hybrid"):
		return Opened
	case c.Kind == "location":
		return Location
	case isGrant(c.Kind):
		return Granted // or Revoked: see grantText
	}
	return Catalog
}

// sentences are those of a kind of change: of what is new, gone and another.
type sentences struct{ extra, missing, changed string }

// texts take the name, and what is found or expected; of a change what is found, then what
// is expected.
var texts = map[string]sentences{
	"database":                {"database %[1]s (%[2]s) is in no template, with all that is in it", "database %[1]s is gone, with all that was in it", "database %s is at %s; the templates say %s"},
	"table":                   {"table %[1]s (%[2]s) is in no template", "table %[1]s is gone", "table %s is at %s; the templates say %s"},
	"column":                  {"column %s (%s) was added", "column %s (%s) was taken away", "column %s is %s; the templates say %s"},
	"tag":                     {"LF-Tag %s (%s) is in no template", "LF-Tag %s (%s) was deleted", "LF-Tag %s has the values %s; the templates say %s"},
	"tags on":                 {"%s bears %s; the templates put no LF-Tag on it", "%s bears no LF-Tag of its own any more; the templates say %s", "%s bears %s; the templates say %s"},
	"filter":                  {"filter %s is in no template: it shows %s", "filter %s was deleted: it showed %s", "filter %s shows %s; the templates say %s"},
	"location":                {"%s is registered (%s), and no template registers it", "%s is not registered any more (was: %s), so Lake Formation does not guard its files", "%s is registered with %s; the templates say %s"},
	"administrator":           {"%[1]s was made an administrator of the data lake, who can grant itself anything", "%[1]s is no administrator of the data lake any more", ""},
	"read-only administrator": {"%[1]s was made a read-only administrator of the data lake", "%[1]s is no read-only administrator of the data lake any more", ""},
	"default permissions":     {"%s are %s; the templates close them", "%s are not %s; the templates open them", ""},
	"setting":                 {"%s: %s; the templates do not allow it", "%s is switched off; the templates say: %s", "%s: %s; the templates say %s"},
}

// nameOf names what a change is about.
func nameOf(c access.Change) string {
	switch {
	case c.Kind == "tags on":
		return describe(c.Resource)
	case c.Principal != "":
		return nameIn(c.Catalog, c.Principal)
	}
	return c.Subject
}

// nameIn is the short name of a principal, with its account where that is not the catalog's.
func nameIn(catalog, principal string) string {
	parts := strings.SplitN(principal, ":", 6)
	account, _, _ := strings.Cut(catalog, "/")
	if len(parts) == 6 && parts[4] != "" && parts[4] != account {
		return access.Short(principal) + " of account " + parts[4]
	}
	return access.Short(principal)
}

// grantText says what somebody holds or does not, and for which subscriptions it was granted.
func (c *comparison) grantText(change access.Change, f *Finding) string {
	owner, region, _ := strings.Cut(change.Catalog, "/")
	account, by := owner, ""
	if granter, cascaded := strings.CutPrefix(change.Kind, "grant by "); cascaded {
		account, by = granter, inAccount(granter, owner)
	}
	f.Catalog = account + "/" + region
	who, what := nameIn(f.Catalog, change.Principal), describe(change.Resource)
	before, after := grantIn(c.expected, change), grantIn(c.found, change)
	gained, lost := minus(after, before), minus(before, after)
	if len(gained) == 0 && len(lost) > 0 && f.Kind == Granted {
		f.Kind = Revoked
	}
	var text string
	switch change.Op {
	case access.Extra:
		text = fmt.Sprintf("%s holds %s on %s%s, which no template grants", who, change.After, what, by)
	case access.Missing:
		text = fmt.Sprintf("%s does not hold %s on %s%s any more, which the templates grant", who, change.Before, what, by)
	default:
		text = fmt.Sprintf("%s holds %s on %s%s; the templates say %s", who, change.After, what, by, change.Before)
	}
	var names []string
	for _, catalog := range c.expected.Catalogs {
		if catalog.Key() != change.Catalog {
			continue
		}
		for _, s := range catalog.Subscriptions {
			needs := func(p lakeformation.Permission) bool {
				return holds(s.Grants, lakeformation.Grant{Principal: change.Principal, Resource: change.Resource.In(catalog.Account)}, p)
			}
			if slices.ContainsFunc(lost, needs) {
				names = append(names, fmt.Sprintf("%s (until %s)", s.Name, s.LastDay))
			}
		}
	}
	if len(names) > 0 {
		text += ", for " + strings.Join(names, ", ")
	}
	return text
}

// grantIn returns the permissions of the grant that a change is about, with those that may
// be passed on marked.
func grantIn(s *access.State, change access.Change) []lakeformation.Permission {
	for _, c := range s.Catalogs {
		if c.Key() != change.Catalog {
			continue
		}
		for _, g := range c.Grants {
			if change.Kind == "grant" && g.Principal == change.Principal && g.Resource.In("").Key() == change.Resource.Key() {
				return marked(g)
			}
		}
		for _, g := range c.Cascaded {
			if change.Kind == "grant by "+g.By && g.Grant.Principal == change.Principal && g.Grant.Resource.In("").Key() == change.Resource.Key() {
				return marked(g.Grant)
			}
		}
	}
	return nil
}

func marked(g lakeformation.Grant) []lakeformation.Permission {
	out := slices.Clone(g.Permissions)
	for _, p := range g.Grantable {
		out = append(out, p+" to others")
	}
	return out
}

func minus(a, b []lakeformation.Permission) []lakeformation.Permission {
	return slices.DeleteFunc(slices.Clone(a), func(p lakeformation.Permission) bool { return slices.Contains(b, p) })
}

func isGrant(kind string) bool { return kind == "grant" || strings.HasPrefix(kind, "grant by ") }

// leadsTo reports whether what was done may be why somebody gains or loses something.
func leadsTo(c access.Change, r access.RightChange) bool {
	row := r.Row
	if c.Catalog != row.Account+"/"+row.Region {
		return false
	}
	sameTable := c.Resource.Database == row.Database &&
		(c.Resource.Table == "" || c.Resource.Table == lakeformation.AllTables || c.Resource.Table == row.Table)
	ofData := r.Kind != access.ToAdminister && row.Kind != access.OnTag && row.Kind != access.OnLocation
	switch {
	case c.Kind == "administrator" || c.Kind == "read-only administrator":
		return r.Kind == access.ToAdminister && c.Principal == r.Principal
	case isGrant(c.Kind):
		if c.Principal != r.Principal || r.Kind == access.ToAdminister {
			return false
		}
		return c.Resource.Database == "" || sameTable
	case c.Resource.Kind == lakeformation.KindColumns: // a column, or LF-Tags on one
		return sameTable && slices.ContainsFunc(r.Columns, func(changed access.ColumnChange) bool { return slices.Contains(c.Resource.Columns, changed.Name) })
	case c.Resource.Database != "" && ofData:
		return sameTable
	}
	return false
}

// describe names a resource as people do.
func describe(r lakeformation.Resource) string {
	_, body, _ := strings.Cut(r.Key(), " ")
	switch r.Kind {
	case lakeformation.KindCatalog:
		return "the catalog"
	case lakeformation.KindDatabase:
		return "database " + body
	case lakeformation.KindTable:
		if r.Table == lakeformation.AllTables {
			return "all tables of " + r.Database
		}
		return "table " + body
	case lakeformation.KindColumns:
		if slices.Equal(r.Excluded, nil) && len(r.Columns) > 0 {
			return "column " + r.Database + "." + r.Table + "." + strings.Join(r.Columns, ", ")
		}
		return "columns " + body
	case lakeformation.KindDataCells:
		return "filter " + body
	case lakeformation.KindLocation:
		return "location " + body
	case lakeformation.KindTag:
		return "LF-Tag " + body
	case lakeformation.KindTagPolicy:
		what := "tables"
		if r.PolicyType == lakeformation.Databases {
			what = "databases"
		}
		_, where, _ := strings.Cut(body, " where ")
		return "all " + what + " with " + where
	}
	return r.Key()
}

// inAccount says whose what is granted is, where another account grants it.
func inAccount(by, owner string) string {
	if by == "" {
		return ""
	}
	return " of account " + owner
}

func join(permissions []lakeformation.Permission) string {
	out := make([]string, len(permissions))
	for i, p := range permissions {
		out[i] = string(p)
	}
	return strings.Join(out, ", ")
}

func namesOrNobody(principals []string) string {
	if len(principals) == 0 {
		return "nobody"
	}
	out := make([]string, len(principals))
	for i, p := range principals {
		out[i] = access.Short(p)
	}
	return strings.Join(out, ", ")
}

func orNothing(kinds []string) string { return cmp.Or(strings.Join(kinds, ", "), "nothing") }
