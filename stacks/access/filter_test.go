package access_test

import (
	"slices"
	"strings"
	"testing"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// filtered is two domains: patients of clinical, and claims of claims, with a table of claims
// without known columns and a database whose tables are to come.
func filtered() *access.Matrix {
	state := patients(
		grant(lf.Columns("db", "patients", "key"), lf.Select),
		lf.Grant{Principal: "arn:aws:iam::222222222222:role/Steward", Resource: lf.Table("db", "patients"), Permissions: []lf.Permission{lf.Select}},
		lf.Grant{Principal: "arn:aws:iam::222222222222:role/Loader", Resource: lf.Table("db", "patients"), Permissions: []lf.Permission{lf.Insert}},
		grant(lf.Table("claims", "lines"), lf.Select), grant(lf.Table("inbox", lf.AllTables), lf.Select),
	)
	c := &state.Catalogs[0]
	c.Databases = append(c.Databases, access.Database{Name: "claims"}, access.Database{Name: "inbox"})
	c.Tables[0].Location = "s3://lake/patients"
	c.Tables = append(c.Tables, access.Table{Database: "claims", Name: "lines", Location: "s3://lake/lines"})
	c.Associations = append(c.Associations, tagged(lf.Database("claims"), "m:domain", "claims"))
	c.Locations = []access.Location{{ARN: "arn:aws:s3:::lake"}, {ARN: "arn:aws:s3:::lake/patients"}, {ARN: "arn:aws:s3:::lake/lines"}}
	for _, l := range c.Locations {
		c.Bypasses = append(c.Bypasses, access.Bypass{Principal: "arn:aws:iam::222222222222:role/Job", Location: l.ARN, Can: []access.Ability{access.CanRead}})
	}
	return state.Evaluate()
}

// Columns and domains choose rows, ways around and who can give; what is not there is an
// error that lists what there is.
func TestFilterByColumnAndDomain(t *testing.T) {
	m := filtered()
	for _, c := range []struct {
		filter access.MatrixFilter
		rows   string // in order
		ways   string
		error  string
	}{
		{access.MatrixFilter{Domain: "clinical"}, "Analyst db.patients, Loader db.patients, Steward db.patients", "lake, lake/patients", ""},
		{access.MatrixFilter{Domain: "claims"}, "Analyst claims.lines", "lake, lake/lines", ""},
		{access.MatrixFilter{Domain: "clams"}, "", "", `domain: got "clams", which is not there; expected one of claims, clinical; fix: did you mean claims?`},
		{access.MatrixFilter{Column: "key"}, "Analyst claims.lines, Analyst db.patients, Analyst inbox.*, Steward db.patients", "lake, lake/lines, lake/patients", ""},
		{access.MatrixFilter{Column: "MRN", Table: "patients"}, "Steward db.patients", "lake, lake/patients", ""},
		{access.MatrixFilter{Column: "patients.mrn"}, "Analyst inbox.*, Steward db.patients", "lake, lake/patients", ""},
		{access.MatrixFilter{Column: "db.patients.mrn"}, "Steward db.patients", "lake, lake/patients", ""},
		{access.MatrixFilter{Column: "db.patients.mrn", Principal: "Analyst"}, "", "", ""},
		{access.MatrixFilter{Column: "lines.anything"}, "Analyst claims.lines, Analyst inbox.*", "lake, lake/lines", ""},
		{access.MatrixFilter{Column: "inbox.anything.at_all"}, "Analyst inbox.*", "", ""},
		{access.MatrixFilter{Column: "mnr"}, "", "", "expected one of day, key, mrn, study, year; fix: did you mean mrn?"},
		{access.MatrixFilter{Column: "mnr", Table: "patients"}, "", "", "did you mean mrn?"},
		{access.MatrixFilter{Column: "patient.mrn"}, "", "", `column: got "patient.mrn", which is not there`},
	} {
		got, err := m.Filter(c.filter)
		if c.error != "" || err != nil {
			if err == nil || c.error == "" || !strings.Contains(err.Error(), c.error) {
				t.Errorf("%s: got error %v; expected %q", c.filter, err, c.error)
			}
			continue
		}
		var rows, ways []string
		for _, r := range got.Rows {
			rows = append(rows, access.Short(r.Principal)+" "+r.Name())
		}
		for _, b := range got.Bypasses {
			ways = append(ways, strings.TrimPrefix(b.Location, "arn:aws:s3:::"))
		}
		slices.Sort(rows)
		if strings.Join(rows, ", ") != c.rows {
			t.Errorf("%s: got rows %q; expected %q", c.filter, rows, c.rows)
		}
		if strings.Join(ways, ", ") != c.ways {
			t.Errorf("%s: got ways %q; expected %q", c.filter, ways, c.ways)
		}
		if !strings.Contains(got.Question, c.filter.Column) || !strings.Contains(got.Question, c.filter.Domain) {
			t.Errorf("got the question %q", got.Question)
		}
	}
}
