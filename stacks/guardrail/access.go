package guardrail

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// Access is one thing that a principal can do in one way, which expressions are about. The
// names of an expression are those in the tags.
type Access struct {
	Principal string   `expr:"principal"` // as Lake Formation takes it, or an ARN
	Name      string   `expr:"name"`      // the last part of the ARN
	Homes     []string `expr:"homes"`     // domains that the principal belongs to
	Account   string   `expr:"account"`   // of the catalog
	Region    string   `expr:"region"`    // of the catalog
	Domain    string   `expr:"domain"`    // whose data it is; "" when nothing says it
	Zone      string   `expr:"zone"`      // raw, curated or analytics; "" when nothing says it
	Product   string   `expr:"product"`   // data product; "" when it is about none
	Database  string   `expr:"database"`  // "" when it is about none
	Table     string   `expr:"table"`     // "*" is every table; "" when it is about none
	On        string   `expr:"on"`        // table, database, location, tag, catalog, files or workgroup
	Level     string   `expr:"level"`     // of the columns that are seen, or of the files; "" for other rights than to read
	PHI       bool     `expr:"phi"`       // the level is phi, or none of the ontology
	Right     string   `expr:"right"`     // a permission of Lake Formation; of files read, write, delete or get; administer or share
	Path      string   `expr:"path"`      // grant, subscription, bypass, grant-option, administrator or shared-results
	Grantable bool     `expr:"grantable"` // the right may be granted on
	Rows      string   `expr:"rows"`      // condition of the rows that are seen; "" is every row
	Ends      string   `expr:"ends"`      // last day of the subscription, YYYY-MM-DD; "" is no end
	Purpose   string   `expr:"purpose"`   // of the subscription
	Certain   bool     `expr:"certain"`   // nothing unknown stands in the way
	Known     bool     `expr:"known"`     // an administrator that the guardrail lists

	columns []string // that are seen
	object  string   // what it is about, in full
	by      []string // the way, in words
}

// words are those that an access can have under a name, where these are few.
func words() map[string][]string {
	levels := []string{"", string(access.Untagged)}
	for _, s := range ontology.Sensitivities() {
		levels = append(levels, string(s))
	}
	rights := []string{"read", "write", "delete", "get", "administer", "share", "CREATE_DATABASE", "ALL"}
	for _, p := range lakeformation.Permissions() {
		rights = append(rights, string(p))
	}
	zones := []string{""}
	for _, z := range ontology.Zones() {
		zones = append(zones, string(z))
	}
	return map[string][]string{
		"level": levels, "right": rights, "zone": zones,
		"on":   {"table", "database", "location", "tag", "catalog", "files", "workgroup"},
		"path": {"grant", "subscription", "bypass", "grant-option", "administrator", "shared-results"},
	}
}

// accesses are all that a matrix says, in its order.
func (j *Judge) accesses(m *access.Matrix, see func(Access)) {
	for _, r := range m.Rows {
		j.ofRow(r, see)
	}
	for _, b := range m.Bypasses {
		a := j.owned(Access{
			Principal: b.Principal, Account: b.Account, Region: b.Region, Domain: b.Domain, Zone: b.Zone,
			On: "files", Path: "bypass", Certain: b.Certain, object: files(b), by: b.Path,
		}, b.Tables...)
		levels := b.Levels
		if len(levels) == 0 { // anything may lie there
			levels = []ontology.Sensitivity{access.Untagged}
		}
		for _, can := range b.Can {
			for _, level := range levels {
				a.Right, a.Level, a.PHI = string(can), string(level), isPHI(level)
				see(a)
			}
		}
	}
	for _, a := range m.Admins {
		right := "administer"
		if a.ReadOnly {
			right = "read"
		}
		see(j.owned(Access{
			Principal: a.Principal, Account: a.Account, Region: a.Region, On: "catalog", Right: right, Path: "administrator",
			Certain: true, object: "catalog " + a.Account + "/" + a.Region, by: []string{"administrator of Lake Formation"},
		}))
	}
	for _, s := range m.SharedResults {
		for _, reader := range s.Readers {
			see(j.owned(Access{
				Principal: reader, Account: s.Account, Region: s.Region, On: "workgroup", Right: "share", Path: "shared-results",
				Certain: s.Certain, object: "workgroup " + s.WorkGroup, by: []string{s.Why()},
			}))
		}
	}
}

// ofRow are the accesses of a row: for SELECT one for each level and condition of rows, for
// other rights one each; by a grant and by each subscription, and once more where it may be
// granted on.
func (j *Judge) ofRow(r access.Row, see func(Access)) {
	a := Access{
		Principal: r.Principal, Account: r.Account, Region: r.Region, Domain: r.Domain, Zone: r.Zone, Product: r.Product,
		Database: r.Database, Table: r.Table, On: string(r.Kind), Certain: true, object: r.Name(),
	}
	if r.Database != "" {
		a = j.owned(a, r.Database+"."+r.Table)
	} else {
		a = j.owned(a)
	}
	ways := func(a Access) {
		for _, s := range r.Subscriptions {
			a.Path, a.Ends, a.Purpose, a.by = "subscription", s.LastDay, s.Purpose, []string{"subscription " + s.Name}
			see(a)
		}
		if len(r.Subscriptions) == 0 || r.AlsoOtherwise {
			a.Path, a.Ends, a.Purpose, a.by = "grant", "", "", []string{"a grant of Lake Formation"}
			see(a)
		}
		if a.Grantable {
			a.Path, a.Ends, a.Purpose, a.by = "grant-option", "", "", []string{"a grant with the right to grant it on"}
			see(a)
		}
	}
	for _, right := range r.Rights {
		a.Right, a.Grantable, a.Level, a.PHI, a.Rows, a.columns = string(right.Permission), right.Grantable, "", false, "", nil
		if right.Permission != lakeformation.Select {
			ways(a)
			continue
		}
		for _, group := range groups(r) {
			a.Level, a.PHI, a.Rows, a.Grantable, a.columns = string(group.level), isPHI(group.level), group.rows, group.grantable, group.columns
			ways(a)
		}
	}
}

// group are columns of one level, seen in the same rows.
type group struct {
	level     ontology.Sensitivity
	rows      string
	grantable bool
	columns   []string
}

func groups(r access.Row) []group {
	if len(r.Columns) == 0 {
		level := r.Inherited
		if level == "" {
			level = access.Untagged
		}
		return []group{{level: level, grantable: slices.ContainsFunc(r.Rights, func(x access.Right) bool { return x.Permission == lakeformation.Select && x.Grantable })}}
	}
	var out []group
	for _, c := range r.Columns {
		rows := c.Rows.String()
		i := slices.IndexFunc(out, func(g group) bool { return g.level == c.Sensitivity && g.rows == rows && g.grantable == c.Grantable })
		if i < 0 {
			out, i = append(out, group{level: c.Sensitivity, rows: rows, grantable: c.Grantable}), len(out)
		}
		out[i].columns = append(out[i].columns, c.Name)
	}
	return out
}

// isPHI reports whether a level counts as phi: phi, no level, or none of the ontology.
func isPHI(s ontology.Sensitivity) bool { return s == ontology.PHI || !s.Valid() }
