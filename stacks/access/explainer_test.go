package access_test

import (
	"strings"
	"testing"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// Names are those that people use; what has several meanings or none is an error that says
// what there is.
func TestNamesOfAQuestion(t *testing.T) {
	state := patients(grant(lf.Table("db", "patients"), lf.Select), lf.Grant{Principal: "arn:aws:iam::333333333333:role/Analyst", Resource: lf.Database("db"), Permissions: []lf.Permission{lf.Describe}})
	state.Catalogs[0].Grants = append(state.Catalogs[0].Grants, lf.Grant{Principal: "arn:aws:iam::${AWS::AccountId}:role/Nurse", Resource: lf.Table("db", "patients"), Permissions: []lf.Permission{lf.Select}})
	state.Catalogs[0].Databases = append(state.Catalogs[0].Databases, access.Database{Name: "other"})
	state.Catalogs[0].Tables = append(state.Catalogs[0].Tables, access.Table{Database: "other", Name: "patients"})
	here := state.Catalog("333333333333", region)
	here.Databases = []access.Database{{Name: "linked", Target: account + "/db"}}
	here.Tables = []access.Table{{Database: "mine", Name: "loinc"}, {Database: "mine", Name: "people", Target: account + "/db.patients"}}
	here.Tables = append(here.Tables, access.Table{Database: "mine", Name: "far", Target: "444444444444/lake.stays"})
	state.Catalog("444444444444", region).Grants = []lf.Grant{{Principal: analyst, Resource: lf.Table("lake", "stays"), Permissions: []lf.Permission{lf.Select}}}
	explainer := access.NewExplainer(state)
	for _, c := range []struct{ principal, target, want string }{
		{analyst, "db.patients", "db.patients"},
		{analyst, "db.patients.mrn", "db.patients mrn"},
		{analyst, "DB.Patients.MRN", "db.patients mrn"},
		{analyst, account + "/db.patients", "db.patients"},
		{analyst, account + "/" + region + "/db.patients.mrn", "db.patients mrn"},
		{analyst, "linked.patients.mrn", "db.patients mrn"},
		{analyst, "mine.people", "db.patients"},
		{analyst, "people.key", "db.patients key"},
		{analyst, "loinc", "mine.loinc"},
		{"Analyst", "db.patients", "may mean 2 principals; expected one of " + analyst + ", arn:aws:iam::333333333333:role/Analyst"},
		{analyst, "mine.far", "lake.stays"},
		{"Nurse", "db.patients", "db.patients"},
		{"Analist", "db.patients", `"Analist", which is nobody who is granted something, administers or stands in the templates; expected one of arn:aws:iam::${AWS::AccountId}:role/Nurse, Analyst`},
		{analyst, "patients", "may mean 2 tables; expected one of db.patients, other.patients"},
		{analyst, "db.patient", "did you mean db.patients?"},
		{analyst, "db.patients.mnr", "did you mean mrn?"},
	} {
		table, column := explainer.Split(c.target)
		e, err := explainer.Explain(c.principal, table, column)
		var got string
		if err != nil {
			got = err.Error()
		} else {
			got = strings.TrimSpace(e.Table + " " + e.Column)
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s %s: got %s; expected %s", c.principal, c.target, got, c.want)
		}
	}
}

// Each row of a table is explained as a question about it is.
func TestRowsAreExplained(t *testing.T) {
	explainer := access.NewExplainer(riverside(t))
	explained := 0
	for _, r := range explainer.Matrix().Rows {
		e := explainer.Row(r)
		if (e != nil) != (r.Kind == access.OnTable) {
			t.Fatalf("%s: explained: %t", r.Name(), e != nil)
		}
		if e == nil {
			continue
		}
		explained++
		if len(e.Columns) != len(r.Columns) || len(e.Paths) == 0 {
			t.Errorf("%s %s: %d columns and %d paths; the row has %d columns", r.Principal, r.Name(), len(e.Columns), len(e.Paths), len(r.Columns))
		}
	}
	if explained < 5 {
		t.Errorf("%d rows explained; expected 5 or more", explained)
	}
}
