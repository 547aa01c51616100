package access_test

import (
	"bytes"
	"strings"
	"testing"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

const (
	account = "222222222222"
	region  = "us-east-1"
	analyst = "arn:aws:iam::222222222222:role/Analyst"
)

func riverside(t *testing.T) *access.State {
	t.Helper()
	state, err := access.FromAssembly("testdata/riverside")
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// patients is a catalog with one table of five columns: sensitivity is phi on
// the database, deidentified on the table and public on the column study.
func patients(grants ...lf.Grant) *access.State {
	columns := []access.Column{{Name: "key", Type: "string"}, {Name: "mrn", Type: "string"}, {Name: "study", Type: "string"}, {Name: "year", Type: "int"}}
	return &access.State{Catalogs: []access.Catalog{{
		Account: account, Region: region,
		Databases: []access.Database{{Name: "db"}},
		Tables:    []access.Table{{Database: "db", Name: "patients", Columns: columns, PartitionKeys: []access.Column{{Name: "day", Type: "date"}}}},
		Associations: []lf.TagAssociation{
			tagged(lf.Database("db"), "m:domain", "clinical", "m:sensitivity", "phi"),
			tagged(lf.Table("db", "patients"), "m:sensitivity", "deidentified", "m:product", "patients"),
			tagged(lf.Columns("db", "patients", "mrn"), "m:sensitivity", "phi"),
			tagged(lf.Columns("db", "patients", "study"), "m:sensitivity", "public"),
		},
		Grants: grants,
	}}}
}

func tagged(r lf.Resource, keysAndValues ...string) lf.TagAssociation {
	return lf.TagAssociation{Resource: r, Tags: conditions(keysAndValues...)}
}

// conditions takes key, values, key, values …; values are separated by |.
func conditions(keysAndValues ...string) []lf.Condition {
	var out []lf.Condition
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		out = append(out, lf.Condition{Key: keysAndValues[i], Values: strings.Split(keysAndValues[i+1], "|")})
	}
	return out
}

func grant(r lf.Resource, permissions ...lf.Permission) lf.Grant {
	return lf.Grant{Principal: analyst, Resource: r, Permissions: permissions}
}

func tables(keysAndValues ...string) lf.Resource {
	return lf.TagPolicy(lf.Tables, conditions(keysAndValues...)...)
}

// summary is a row as one line: "db.patients: SELECT DESCRIBE: key, mrn[study = 'x']".
func summary(m *access.Matrix) []string {
	var out []string
	for _, r := range m.Rows {
		var rights, columns []string
		for _, right := range r.Rights {
			text := string(right.Permission)
			if right.Grantable {
				text += "*"
			}
			rights = append(rights, text)
		}
		for _, c := range r.Columns {
			text := c.Name
			if len(c.Rows) > 0 {
				text += "[" + strings.Join(c.Rows, " OR ") + "]"
			}
			if c.Grantable {
				text += "*"
			}
			columns = append(columns, text)
		}
		line := r.Name() + ": " + strings.Join(rights, " ")
		if len(columns) > 0 {
			line += ": " + strings.Join(columns, ", ")
		}
		out = append(out, line)
	}
	return out
}

func rendered(t *testing.T, render func(*bytes.Buffer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := render(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
