package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

const lake = "arn:aws:s3:::lake"

// lakeOf is the catalog of one table of patients, with its files in a registered bucket
// and a database of the analyst's own, sandbox.
func lakeOf(grants ...lf.Grant) *access.State {
	state := patients(grants...)
	c := &state.Catalogs[0]
	c.Tables[0].Location = "s3://lake/patients/"
	c.Locations = []access.Location{{ARN: lake}}
	c.Databases = append(c.Databases, access.Database{Name: "sandbox"})
	return state
}

// waysOf is each bypass as one line.
func waysOf(m *access.Matrix) []string {
	var out []string
	for _, b := range m.Bypasses {
		line := access.Short(b.Principal) + " " + b.Location + " " + strings.Join(b.Tables, ",") + ": " + strings.Join(b.Path, "; ")
		if !b.Certain {
			line += " (maybe)"
		}
		out = append(out, line)
	}
	return out
}

// Who may make a table over files reads them, whatever is granted of the tables that
// others made of them.
func TestTablesOverFilesOfOthers(t *testing.T) {
	create, files := grant(lf.Database("sandbox"), lf.CreateTable), grant(lf.Location(lake), lf.DataLocationAccess)
	const way = "Analyst arn:aws:s3:::lake db.patients: CREATE_TABLE on sandbox; DATA_LOCATION_ACCESS on s3://lake"
	for name, test := range map[string]struct {
		grants []lf.Grant
		want   []string
	}{
		"both":                        {[]lf.Grant{create, files}, []string{way}},
		"no place":                    {[]lf.Grant{create}, nil},
		"no database":                 {[]lf.Grant{files}, nil},
		"another place":               {[]lf.Grant{create, grant(lf.Location(lake+"/other"), lf.DataLocationAccess)}, []string{"Analyst arn:aws:s3:::lake/other : CREATE_TABLE on sandbox; DATA_LOCATION_ACCESS on s3://lake/other"}},
		"a part of it":                {[]lf.Grant{create, grant(lf.Location(lake+"/patients"), lf.DataLocationAccess)}, []string{"Analyst arn:aws:s3:::lake/patients db.patients: CREATE_TABLE on sandbox; DATA_LOCATION_ACCESS on s3://lake/patients"}},
		"who sees some columns":       {[]lf.Grant{create, files, grant(lf.Columns("db", "patients", "year"), lf.Select)}, []string{way}},
		"who sees all":                {[]lf.Grant{create, files, grant(lf.Table("db", "patients"), lf.Select)}, nil},
		"by altering a table":         {[]lf.Grant{grant(lf.Columns("db", "patients", "year"), lf.Select), grant(lf.Table("db", "patients"), lf.Alter), files}, []string{"Analyst arn:aws:s3:::lake db.patients: a table that it may ALTER, and so point elsewhere, and read; DATA_LOCATION_ACCESS on s3://lake"}},
		"by a database of its own":    {[]lf.Grant{grant(lf.Resource{Kind: lf.KindCatalog}, "CREATE_DATABASE"), files}, []string{"Analyst arn:aws:s3:::lake db.patients: CREATE_DATABASE, and so CREATE_TABLE in a database of its own; DATA_LOCATION_ACCESS on s3://lake"}},
		"by what ALL stands for":      {[]lf.Grant{grant(lf.Database("sandbox"), "ALL"), files}, []string{way}},
		"the database lies elsewhere": {[]lf.Grant{grant(lf.Database("db"), lf.CreateTable)}, nil},
	} {
		if diff := cmp.Diff(test.want, waysOf(lakeOf(test.grants...).Evaluate())); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// A database with a location lets who may create tables in it use that location.
// Source: "Creating a database".
func TestTablesInTheLocationOfTheirDatabase(t *testing.T) {
	state := lakeOf(grant(lf.Database("sandbox"), lf.CreateTable))
	state.Catalogs[0].Databases[1].Location = "s3://lake/patients/"
	want := []string{"Analyst arn:aws:s3:::lake/patients db.patients: CREATE_TABLE on sandbox; CREATE_TABLE on sandbox, whose tables may lie anywhere in its location"}
	if diff := cmp.Diff(want, waysOf(state.Evaluate())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	state.Catalogs[0].Locations = nil
	if got := waysOf(state.Evaluate()); len(got) > 0 {
		t.Errorf("Lake Formation lends nothing of a place that is not registered: %q", got)
	}
}

// A way says what is reached by it, and filters choose it by that.
func TestBypassesAreFiltered(t *testing.T) {
	m := lakeOf(grant(lf.Database("sandbox"), lf.CreateTable), grant(lf.Location(lake), lf.DataLocationAccess)).Evaluate()
	b := m.Bypasses[0]
	if b.Domain != "clinical" || !slices.Equal(b.Products, []string{"clinical.patients"}) || len(b.Levels) != 3 || b.Levels[2] != "phi" || !b.Certain {
		t.Errorf("got %+v", b)
	}
	for _, test := range []struct {
		filter access.MatrixFilter
		want   int
	}{
		{access.MatrixFilter{}, 1},
		{access.MatrixFilter{Principal: "analyst", Product: "patients", Table: "db.patients", Sensitivity: "phi"}, 1},
		{access.MatrixFilter{Product: "clinical.patients", Table: "patients"}, 1},
		{access.MatrixFilter{Principal: "nurse"}, 0},
		{access.MatrixFilter{Product: "atients"}, 0},
		{access.MatrixFilter{Table: "db.other"}, 0},
		{access.MatrixFilter{Sensitivity: "internal"}, 0},
	} {
		var got []access.Bypass
		if chosen, err := m.Filter(test.filter); err == nil {
			got = chosen.Bypasses
		}
		if len(got) != test.want {
			t.Errorf("%+v: %d; expected %d", test.filter, len(got), test.want)
		}
	}
}

func TestGrantors(t *testing.T) {
	passing := grant(lf.Columns("db", "patients", "year", "key"), lf.Select)
	passing.Grantable = []lf.Permission{lf.Select}
	state := lakeOf(passing, grant(lf.TagValues("m:sensitivity", "public"), lf.Associate), grant(lf.Table("db", "patients"), lf.Describe))
	state.Catalogs[0].Admins = []string{"arn:aws:iam::222222222222:role/Admin"}
	state.Catalogs[0].ReadOnlyAdmins = []string{"arn:aws:iam::222222222222:role/Auditor"}
	state.Catalogs[0].Tables = append(state.Catalogs[0].Tables, access.Table{Database: "db", Name: "other"})
	m := state.Evaluate()
	var got []string
	for _, g := range m.Grantors {
		got = append(got, access.Short(g.Principal)+": "+g.What+": "+strings.Join(g.Path, "; "))
	}
	want := []string{
		"Admin: everything in the catalog: administrator of Lake Formation",
		"Analyst: SELECT on 2 of 5 columns of db.patients: granted with the right to grant it on",
		"Analyst: tag m:sensitivity=public on what it may tag: whoever is granted by this tag gets it: ASSOCIATE on tag m:sensitivity=public",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got, err := m.Filter(access.MatrixFilter{Product: "clinical.patients", Table: "patients"}); err != nil || len(got.Grantors) != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := m.Filter(access.MatrixFilter{Table: "other", Principal: "analyst"}); err != nil || len(got.Grantors) != 1 {
		t.Errorf("a tag may be put on any table; got %+v, %v", got, err)
	}
}

// What is granted more never takes a way or a grantor away, but a way to what is then seen.
func TestMoreGrantsKeepWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		c := &state.Catalogs[0]
		c.Locations = []access.Location{{ARN: lake}}
		for i := range c.Tables {
			c.Tables[i].Location = "s3://lake/" + c.Tables[i].Name + "/"
		}
		c.Grants = append(c.Grants, grant(lf.Location(lake), lf.DataLocationAccess))
		before := state.Evaluate()
		c.Grants = append(c.Grants, grant(lf.Database("db1"), lf.CreateTable))
		after := state.Evaluate()
		if len(after.Bypasses) < len(before.Bypasses) || len(after.Grantors) < len(before.Grantors) {
			t.Fatalf("before %v, after %v", waysOf(before), waysOf(after))
		}
	})
}

// Who may become a role, through others too, has its ways.
func TestBypassesOfRoles(t *testing.T) {
	const doctor, importer = "arn:aws:iam::222222222222:role/Doctor", "arn:aws:iam::222222222222:role/Import"
	state := patients()
	c := &state.Catalogs[0]
	c.Tables[0].Location = "s3://lake/patients"
	c.Locations = []access.Location{{ARN: "arn:aws:s3:::lake"}}
	c.Bypasses = []access.Bypass{{Principal: importer, Location: "arn:aws:s3:::lake", Can: []access.Ability{access.CanRead}, Path: []string{"Lake/ImportPolicy"}, Certain: true}}
	state.Assumptions = []access.Assumption{
		{Role: importer, Principal: doctor, Path: []string{"Lake/Import, trust policy"}, Certain: true},
		{Role: doctor, Principal: "arn:aws:iam::222222222222:user/ann", Path: []string{"Lake/Doctor, trust policy"}},
		{Role: doctor, Principal: importer, Path: []string{"round and round"}, Certain: true},
	}
	var got []string
	for _, b := range state.Evaluate().Bypasses {
		got = append(got, fmt.Sprintf("%s %v %t %d: %s", access.Short(b.Principal), b.Tables, b.Certain, b.Roles, strings.Join(b.Path, " | ")))
	}
	want := []string{
		"Doctor [db.patients] true 1: Doctor may become role Import: Lake/Import, trust policy | Lake/ImportPolicy",
		"Import [db.patients] true 0: Lake/ImportPolicy",
		"ann [db.patients] false 2: ann may become role Doctor: Lake/Doctor, trust policy | Doctor may become role Import: Lake/Import, trust policy | Lake/ImportPolicy",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
