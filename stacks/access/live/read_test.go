package live_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
)

func read(f *fake) (*access.State, error) {
	return live.Reader{Glue: f, LakeFormation: f, Account: account, Region: "us-east-1"}.Read(context.Background())
}

func TestRead(t *testing.T) {
	f := clinic()
	got, err := read(f)
	if err != nil {
		t.Fatal(err)
	}
	condition := func(key, value string) []lf.Condition { return []lf.Condition{{Key: key, Values: []string{value}}} }
	text := func(names ...string) (out []access.Column) {
		for _, n := range names {
			out = append(out, access.Column{Name: n, Type: "string"})
		}
		return out
	}
	give := func(principal string, r lf.Resource, permissions ...lf.Permission) lf.Grant {
		return lf.Grant{Principal: principal, Resource: r.In(account), Permissions: permissions}
	}
	all := give("222222222222:IAMPrincipals", lf.Database("db"), lf.Describe)
	all.Grantable = []lf.Permission{lf.Describe}
	want := &access.State{
		Catalogs: []access.Catalog{
			{
				Account: "111111111111", Region: "us-east-1",
				Cascaded: []access.CascadedGrant{{By: account, Grant: lf.Grant{Principal: "Consumer", Resource: lf.Database("theirs").In("111111111111"), Permissions: []lf.Permission{lf.Describe}}}},
			},
			{
				Account: account, Region: "us-east-1",
				Databases: []access.Database{{Name: "db", Location: "s3://lake"}, {Name: "link", Target: "111111111111/theirs"}},
				Tables: []access.Table{
					{Database: "db", Name: "patients", Location: "s3://lake/patients", Columns: text("key", "mrn"), PartitionKeys: text("day")},
					{Database: "db", Name: "shared", Target: "111111111111/theirs.t"},
				},
				Tags: []ontology.Tag{{Key: "m:product", Values: []string{"patients"}}, {Key: "m:sensitivity", Values: []string{"phi", "public"}}},
				Associations: []lf.TagAssociation{
					{Resource: lf.Database("db").In(account), Tags: condition("m:sensitivity", "phi")},
					{Resource: lf.Table("db", "patients").In(account), Tags: condition("m:product", "patients")},
					{Resource: lf.Columns("db", "patients", "key").In(account), Tags: condition("m:sensitivity", "public")},
				},
				Filters: []lf.DataCellsFilter{
					{Catalog: account, Database: "db", Table: "patients", Name: "study", Rows: "key = '1'", Columns: []string{"key", "mrn"}},
					{Catalog: account, Database: "db", Table: "patients", Name: "wide", Excluded: []string{"mrn"}},
				},
				Grants: []lf.Grant{
					all,
					give("Filtered", lf.DataCells("db", "patients", "study"), lf.Select),
					give("Listed", lf.TagPolicy(lf.Tables, lf.Condition{Key: "m:sensitivity", Values: []string{"phi"}}), lf.Select),
					give("Maker", lf.Resource{Kind: lf.KindCatalog}, "CREATE_DATABASE"),
					give("Saved", lf.TagPolicy(lf.Databases, lf.Condition{Key: "m:sensitivity", Values: []string{"public"}}), lf.Describe),
					give("Saved", lf.TagPolicy(lf.Tables, lf.Condition{Key: "m:sensitivity", Values: []string{"public"}}), lf.Select),
					give("Tagger", lf.TagValues("m:product", "patients"), lf.Associate),
					give("Writer", lf.Location("arn:aws:s3:::lake"), lf.DataLocationAccess),
					give(analyst, lf.Table("db", "*"), lf.Insert),
					give(analyst, lf.Table("db", "patients"), lf.Describe, lf.Select),
					give(admin, lf.Database("db"), lf.Describe, "ALL"),
				},
				Locations:      []access.Location{{ARN: "arn:aws:s3:::lake", Role: "arn:aws:iam::222222222222:role/location"}, {ARN: "arn:aws:s3:::old"}},
				Admins:         []string{admin},
				ReadOnlyAdmins: []string{"arn:aws:iam::222222222222:role/Auditor"},
				OpenByDefault:  []string{"tables"},
			},
		},
		Unresolved: []access.Unresolved{
			{Place: "222222222222/us-east-1", Text: "grant to 222222222222:IAMPrincipals on Database db", Reason: `counted as if its condition always held: context.iam.principalTags["team"] == "x"`},
			{Place: "222222222222/us-east-1", Text: "grant to Odd", Reason: "a kind of resource that is not evaluated; the grant is left out"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if n := f.calls["GetLFTagExpression"]; n != 1 {
		t.Errorf("the saved expression was asked for %d times", n)
	}
	if n := f.calls["ListPermissions"]; n != len(f.permissions) {
		t.Errorf("%d pages of permissions were read of %d", n, len(f.permissions))
	}
}

// What is read evaluates like what is synthesized.
func TestReadEvaluates(t *testing.T) {
	state, err := read(clinic())
	if err != nil {
		t.Fatal(err)
	}
	matrix, err := state.Evaluate().Filter(access.MatrixFilter{Table: "patients"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range matrix.Rows {
		line := access.Short(r.Principal)
		for _, l := range r.Levels {
			line += ", " + l.String()
		}
		for _, c := range r.Columns {
			if rows := ", rows " + orAll(c.Rows.String()); !strings.Contains(line, rows) {
				line += rows
			}
		}
		got = append(got, line)
	}
	want := []string{
		"Analyst, public 1/1, phi 2/2, rows all",
		"Filtered, public 1/1, phi 1/2, rows key = '1'",
		"Listed, public 0/1, phi 2/2, rows all",
		"Saved, public 1/1, phi 0/2, rows all",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func orAll(rows string) string {
	if rows == "" {
		return "all"
	}
	return rows
}

func TestReadFails(t *testing.T) {
	for operation, want := range map[string]string{
		"GetDataLakeSettings": "reading settings of 222222222222/us-east-1: AccessDenied",
		"ListResources":       "reading locations of 222222222222/us-east-1: AccessDenied",
		"ListLFTags":          "reading LF-Tags of",
		"GetDatabases":        "reading databases of",
		"GetTables":           "reading databases of 222222222222/us-east-1: database db: AccessDenied",
		"GetResourceLFTags":   "database db: AccessDenied",
		"ListDataCellsFilter": "database db: table patients: AccessDenied",
		"ListPermissions":     "reading permissions of",
		"GetLFTagExpression":  "grant to Saved: LF-Tag expression saved: AccessDenied",
	} {
		f := clinic()
		f.fail = operation
		if state, err := read(f); state != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", operation, err, want)
		}
	}
}

func TestReadNeedsAccountAndRegion(t *testing.T) {
	for _, cfg := range []aws.Config{{}, {Region: "us-east-1"}} {
		account := ""
		if cfg.Region == "" {
			account = "222222222222"
		}
		if _, err := live.Read(context.Background(), cfg, account); err == nil || !strings.Contains(err.Error(), "fix: ") {
			t.Errorf("got %v", err)
		}
	}
}
