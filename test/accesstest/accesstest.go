// Package accesstest has the catalog that tests of who can see what work with: one
// table of patients, with LF-Tags on the database, the table and two columns.
package accesstest

import (
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// Where the catalog is, and who is granted something in it.
const (
	Account = "222222222222"
	Region  = "us-east-1"
	Analyst = "arn:aws:iam::222222222222:role/Analyst"
)

// Patients is a catalog with one table of five columns: sensitivity is phi on the
// database, deidentified on the table and public on the column study.
func Patients(grants ...lf.Grant) *access.State {
	columns := []access.Column{{Name: "key", Type: "string"}, {Name: "mrn", Type: "string"}, {Name: "study", Type: "string"}, {Name: "year", Type: "int"}}
	return &access.State{Catalogs: []access.Catalog{{
		Account: Account, Region: Region,
		Databases: []access.Database{{Name: "db"}},
		Tables:    []access.Table{{Database: "db", Name: "patients", Columns: columns, PartitionKeys: []access.Column{{Name: "day", Type: "date"}}}},
		Associations: []lf.TagAssociation{
			Tagged(lf.Database("db"), "m:domain", "clinical", "m:sensitivity", "phi"),
			Tagged(lf.Table("db", "patients"), "m:sensitivity", "deidentified", "m:product", "patients"),
			Tagged(lf.Columns("db", "patients", "mrn"), "m:sensitivity", "phi"),
			Tagged(lf.Columns("db", "patients", "study"), "m:sensitivity", "public"),
		},
		Grants: grants,
	}}}
}

// Tag is an LF-Tag key with its values.
func Tag(key string, values ...string) ontology.Tag { return ontology.Tag{Key: key, Values: values} }

// Tagged puts LF-Tags, given as Conditions takes them, on a resource.
func Tagged(r lf.Resource, keysAndValues ...string) lf.TagAssociation {
	return lf.TagAssociation{Resource: r, Tags: Conditions(keysAndValues...)}
}

// Conditions takes key, values, key, values …; values are separated by |.
func Conditions(keysAndValues ...string) []lf.Condition {
	var out []lf.Condition
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		out = append(out, lf.Condition{Key: keysAndValues[i], Values: strings.Split(keysAndValues[i+1], "|")})
	}
	return out
}

// Grant gives the analyst permissions on a resource.
func Grant(r lf.Resource, permissions ...lf.Permission) lf.Grant {
	return lf.Grant{Principal: Analyst, Resource: r, Permissions: permissions}
}

// TablesTagged is an LF-Tag policy on tables, its conditions given as Conditions takes them.
func TablesTagged(keysAndValues ...string) lf.Resource {
	return lf.TagPolicy(lf.Tables, Conditions(keysAndValues...)...)
}
