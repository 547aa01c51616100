package live_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
)

func readerOf(f *fake) live.Reader {
	return live.Reader{Glue: f, LakeFormation: f, Identity: f, Account: account, Region: "us-east-1"}
}

func reading(f *fake) *live.Reading { return readerOf(f).Read(context.Background()) }

func read(f *fake) (*access.State, error) {
	got := reading(f)
	return got.State, got.Err()
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
				OptIns: []access.OptIn{
					{Principal: analyst, Resource: lf.Database("db").In(account)},
					{Principal: admin, Resource: lf.Table("db", "patients").In(account)},
				},
				OptInsKnown: true,
			},
		},
		Unresolved: []access.Unresolved{
			{Place: "222222222222/us-east-1", Text: "catalog 222222222222:s3tablescatalog", Reason: "only the default catalog of an account is read"},
			{Place: "222222222222/us-east-1", Text: "catalog 222222222222:s3tablescatalog/lake", Reason: "only the default catalog of an account is read"},
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
	const denied = "AccessDeniedException"
	for operation, want := range map[string]string{
		"GetCallerIdentity":             "sts:GetCallerIdentity: api error AccessDeniedException",
		"GetDataLakeSettings":           "222222222222/us-east-1: lakeformation:GetDataLakeSettings: api error AccessDeniedException: not authorized to perform GetDataLakeSettings; fix: allow the caller lakeformation:GetDataLakeSettings; --print-policy prints all that it needs; not known: administrators and default permissions",
		"ListResources":                 "not known: registered locations",
		"ListLakeFormationOptIns":       "not known: opt-ins of hybrid access mode",
		"ListLFTags":                    "not known: LF-Tags",
		"GetCatalogs":                   "not known: catalogs beside the default one",
		"GetDatabases":                  "not known: databases",
		"GetTables":                     "glue:GetTables: api error AccessDeniedException: not authorized to perform GetTables; fix: allow the caller glue:GetTables; --print-policy prints all that it needs; not known: tables of db",
		"GetResourceLFTags":             "not known: assigned LF-Tags of db, db.patients",
		"GetResourceLFTags db.patients": "not known: assigned LF-Tags of db.patients",
		"ListDataCellsFilter":           "not known: data cells filters of db.patients",
		"ListPermissions":               "not known: permissions",
		"GetLFTagExpression":            "grant to Saved: LF-Tag expression saved: api error AccessDeniedException",
	} {
		f := clinic()
		f.fail = map[string]string{operation: denied}
		got := reading(f)
		if err := got.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", operation, err, want)
		}
		if len(got.Problems) != 1 {
			t.Errorf("%s: %d problems", operation, len(got.Problems))
		}
		for _, call := range live.Calls() { // nothing hides the rest
			if name := call[strings.Index(call, ":")+1:]; f.calls[name] == 0 && !strings.HasPrefix(operation, "GetDatabases") && operation != "GetTables" && !(operation == "ListPermissions" && name == "GetLFTagExpression") {
				t.Errorf("%s: %s is not called", operation, name)
			}
		}
	}
}

// Every failure is said, not the first alone.
func TestReadSaysEveryProblem(t *testing.T) {
	f := clinic()
	f.fail = map[string]string{"ListPermissions": "AccessDeniedException", "ListResources": "ExpiredTokenException", "GetResourceLFTags db": "ThrottlingException"}
	got := reading(f)
	var parts []live.Part
	for _, p := range got.Problems {
		parts = append(parts, p.Part)
	}
	if want := []live.Part{live.Assigned, live.Permissions, live.Locations}; !slices.Equal(parts, want) {
		t.Errorf("got %v", parts)
	}
	if c := got.State.Catalogs[0]; len(c.Tables) != 2 || len(c.Admins) != 1 {
		t.Errorf("the rest was not read: %+v", c)
	}
}

// What is not known stands among what is unresolved.
func TestDoubted(t *testing.T) {
	f := clinic()
	f.fail = map[string]string{"GetResourceLFTags": "AccessDeniedException"}
	var got []string
	for _, u := range reading(f).Doubted().Unresolved {
		got = append(got, u.String())
	}
	text := strings.Join(got, "\n")
	for _, want := range []string{"222222222222/us-east-1: assigned LF-Tags of db, db.patients", "222222222222/us-east-1: policies of IAM, of buckets and of keys"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// What is dropped between the listing and the look at it is not there.
func TestReadWhileTablesGo(t *testing.T) {
	f := clinic()
	f.fail = map[string]string{"ListDataCellsFilter db.patients": "EntityNotFoundException"}
	got := reading(f)
	if c := got.State.Catalogs[1]; got.Err() != nil || len(c.Tables) != 1 || len(c.Associations) != 1 || len(c.Filters) != 0 {
		t.Errorf("%v: %+v", got.Err(), c)
	}
}

// Lake Formation shows everything to administrators alone, without saying so to others.
func TestReadIsForAdministrators(t *testing.T) {
	f := clinic()
	f.caller = "arn:aws:sts::222222222222:assumed-role/Analyst/somebody"
	got := reading(f)
	if err := got.Err(); !errors.Is(err, live.ErrNotAdministrator) || got.Problems[0].Part != live.Everything {
		t.Errorf("got %v", err)
	}
	f = clinic()
	f.caller = "arn:aws:sts::111111111111:assumed-role/Auditor/somebody"
	if err := reading(f).Err(); err == nil || !strings.Contains(err.Error(), "the credentials are of account 111111111111; fix: ") || len(f.calls) != 1 {
		t.Errorf("got %v after %v", err, f.calls)
	}
	for _, same := range [][2]string{
		{"arn:aws:iam::222222222222:role/path/of/Auditor", "arn:aws:sts::222222222222:assumed-role/Auditor/session"},
		{"arn:aws:iam::222222222222:user/eva", "arn:aws:iam::222222222222:user/eva"},
	} {
		if !live.SamePrincipal(same[0], same[1]) {
			t.Errorf("%v are not the same", same)
		}
	}
	for _, other := range [][2]string{
		{"arn:aws:iam::111111111111:role/Auditor", "arn:aws:sts::222222222222:assumed-role/Auditor/session"},
		{"arn:aws:iam::222222222222:user/eva", "arn:aws:iam::222222222222:user/adam"},
		{"Auditor", "arn:aws:sts::222222222222:assumed-role/Auditor/session"},
	} {
		if live.SamePrincipal(other[0], other[1]) {
			t.Errorf("%v are the same", other)
		}
	}
}

// The policy that is printed allows what is called and nothing else.
func TestPolicyIsWhatIsCalled(t *testing.T) {
	f := clinic()
	if err := reading(f).Err(); err != nil {
		t.Fatal(err)
	}
	var allowed, called []string
	for _, s := range live.PolicyFor("aws-cn", false).Statement {
		for _, action := range s.Action {
			allowed = append(allowed, action[strings.Index(action, ":")+1:])
		}
		for _, resource := range s.Resource {
			if resource != "*" && !strings.HasPrefix(resource, "arn:aws-cn:glue:*:*:") {
				t.Errorf("resource %s", resource)
			}
		}
	}
	for call := range f.calls {
		if call != "GetCallerIdentity" { // needs no permission
			called = append(called, call)
		}
	}
	slices.Sort(allowed)
	slices.Sort(called)
	if !slices.Equal(allowed, called) {
		t.Errorf("allowed are\n%v, called\n%v", allowed, called)
	}
	for _, call := range called {
		if !strings.HasPrefix(call, "Get") && !strings.HasPrefix(call, "List") {
			t.Errorf("%s does not only read", call)
		}
	}
	got := live.AssumePolicy("team/Auditor", live.Places([]string{"2", "1", "2"}, []string{"us-gov-west-1", "us-gov-east-1"})).Statement[0].Resource
	if want := []string{"arn:aws-us-gov:iam::1:role/team/Auditor", "arn:aws-us-gov:iam::2:role/team/Auditor"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

// A context that ends is all that is said, and nothing more is called.
func TestReadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := clinic()
	got := readerOf(f).Read(ctx)
	if err := got.Err(); !errors.Is(err, context.Canceled) || len(got.Problems) != 1 {
		t.Errorf("got %v", err)
	}
	if f.calls["GetTables"] > 0 {
		t.Error("tables were read")
	}
}

func TestReadNeedsAccountAndRegion(t *testing.T) {
	for _, p := range []live.Place{{Region: "us-east-1"}, {Account: account}} {
		if err := (live.Reader{Account: p.Account, Region: p.Region}).Read(t.Context()).Err(); err == nil || !strings.Contains(err.Error(), "fix: ") {
			t.Errorf("got %v", err)
		}
	}
}
