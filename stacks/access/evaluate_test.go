package access_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

func TestEvaluate(t *testing.T) {
	for _, test := range []struct {
		name   string
		grants []lf.Grant
		want   []string
	}{
		{"nothing is granted", nil, nil},
		{"a column's own value replaces the table's", []lf.Grant{grant(tables("m:sensitivity", "public"), lf.Select, lf.Describe)},
			[]string{"db.patients: DESCRIBE SELECT: study"}},
		{"columns and partition keys inherit the table's value, which replaces the database's",
			[]lf.Grant{grant(tables("m:sensitivity", "deidentified"), lf.Select, lf.Describe)},
			[]string{"db.patients: DESCRIBE SELECT: key, year, day"}},
		{"the database's value is gone where the table has one", []lf.Grant{grant(tables("m:sensitivity", "phi"), lf.Select)},
			[]string{"db.patients: SELECT: mrn"}},
		{"keys that nothing overrides are inherited to the columns", []lf.Grant{grant(tables("m:domain", "clinical"), lf.Select)},
			[]string{"db.patients: SELECT: key, mrn, study, year, day"}},
		{"values of one key are joined by OR", []lf.Grant{grant(tables("m:sensitivity", "public|phi"), lf.Select)},
			[]string{"db.patients: SELECT: mrn, study"}},
		{"keys are joined by AND", []lf.Grant{grant(tables("m:sensitivity", "public|phi", "m:product", "other"), lf.Select)}, nil},
		{"AND looks at every key of the same column", []lf.Grant{grant(tables("m:sensitivity", "public", "m:product", "patients", "m:domain", "clinical"), lf.Select)},
			[]string{"db.patients: SELECT: study"}},
		{"an expression without conditions matches nothing", []lf.Grant{grant(tables(), lf.Select)}, nil},
		{"case does not matter", []lf.Grant{grant(tables("M:Sensitivity", "PUBLIC"), lf.Select)}, []string{"db.patients: SELECT: study"}},
		{"writing needs every column to match", []lf.Grant{grant(tables("m:sensitivity", "deidentified"), lf.Insert, lf.Delete, lf.Alter, lf.Drop)},
			[]string{"db.patients: DESCRIBE"}},
		{"ALL on some columns is SELECT and DESCRIBE", []lf.Grant{grant(tables("m:sensitivity", "deidentified"), "ALL")},
			[]string{"db.patients: DESCRIBE SELECT: key, year, day"}},
		{"writing where every column matches", []lf.Grant{grant(tables("m:domain", "clinical"), lf.Insert, lf.Delete)},
			[]string{"db.patients: INSERT DELETE"}},
		{"two policies that match half each do not add up to writing",
			[]lf.Grant{grant(tables("m:sensitivity", "public|phi"), lf.Insert), {Principal: analyst, Resource: tables("m:sensitivity", "deidentified"), Permissions: []lf.Permission{lf.Insert}}},
			[]string{"db.patients: DESCRIBE"}},
		{"DESCRIBE shows no data", []lf.Grant{grant(tables("m:domain", "clinical"), lf.Describe)}, []string{"db.patients: DESCRIBE"}},
		{"a DATABASE policy is about the database only", []lf.Grant{grant(lf.TagPolicy(lf.Databases, conditions("m:sensitivity", "phi")...), lf.Describe, lf.CreateTable)},
			[]string{"db (database): DESCRIBE CREATE_TABLE"}},
		{"a DATABASE policy does not look at tables", []lf.Grant{grant(lf.TagPolicy(lf.Databases, conditions("m:sensitivity", "deidentified")...), lf.Describe)}, nil},
		{"ALL on a database", []lf.Grant{grant(lf.Database("db"), "ALL")}, []string{"db (database): DESCRIBE ALTER DROP CREATE_TABLE"}},
		{"a named table", []lf.Grant{grant(lf.Table("db", "patients"), lf.Select)}, []string{"db.patients: SELECT: key, mrn, study, year, day"}},
		{"names are folded", []lf.Grant{grant(lf.Table("DB", "Patients"), lf.Describe)}, []string{"db.patients: DESCRIBE"}},
		{"every table of a database", []lf.Grant{grant(lf.Table("db", lf.AllTables), lf.Insert)}, []string{"db.patients: INSERT"}},
		{"every table as the API names it", []lf.Grant{grant(lf.Table("db", "ALL_TABLES"), lf.Insert)}, []string{"db.patients: INSERT"}},
		{"a table that is not known", []lf.Grant{grant(lf.Table("db", "other"), lf.Select)}, []string{"db.other: SELECT"}},
		{"listed columns", []lf.Grant{grant(lf.Columns("db", "patients", "mrn", "day", "gone"), lf.Select)}, []string{"db.patients: SELECT: mrn, day"}},
		{"excluded columns", []lf.Grant{grant(except("mrn", "day"), lf.Select)}, []string{"db.patients: SELECT: key, study, year"}},
		{"no excluded column is the whole table", []lf.Grant{grant(except(), lf.Select)}, []string{"db.patients: SELECT: key, mrn, study, year, day"}},
		{"an exclusion takes nothing from another grant", []lf.Grant{grant(except("mrn"), lf.Select), grant(lf.Columns("db", "patients", "mrn"), lf.Select)},
			[]string{"db.patients: SELECT: key, mrn, study, year, day"}},
		{"grants on one table add up", []lf.Grant{grant(tables("m:sensitivity", "public"), lf.Select, lf.Describe), grant(lf.Table("db", "patients"), lf.Insert)},
			[]string{"db.patients: DESCRIBE SELECT INSERT: study"}},
		{"what may be passed on is held too", []lf.Grant{{Principal: analyst, Resource: lf.Columns("db", "patients", "mrn"), Grantable: []lf.Permission{lf.Select}}},
			[]string{"db.patients: SELECT*: mrn*"}},
		{"passing on is per column", []lf.Grant{{Principal: analyst, Resource: lf.Columns("db", "patients", "mrn"), Grantable: []lf.Permission{lf.Select}}, grant(lf.Columns("db", "patients", "key"), lf.Select)},
			[]string{"db.patients: SELECT*: key, mrn*"}},
		{"locations, tags and the catalog are rows of their own",
			[]lf.Grant{grant(lf.Location("arn:aws:s3:::lake/raw"), lf.DataLocationAccess), grant(lf.TagValues("m:domain", "clinical"), lf.Associate), grant(lf.Resource{Kind: lf.KindCatalog}, "CREATE_DATABASE")},
			[]string{"s3://lake/raw: DATA_LOCATION_ACCESS", "tag m:domain=clinical: ASSOCIATE", "catalog 222222222222: CREATE_DATABASE"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, summary(patients(test.grants...).Evaluate())); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func except(columns ...string) lf.Resource {
	r := lf.Columns("db", "patients")
	r.Excluded = columns
	return r
}

func TestEvaluateFilters(t *testing.T) {
	filters := []lf.DataCellsFilter{
		{Database: "db", Table: "patients", Name: "study1", Rows: "study = '1'", Columns: []string{"key", "study"}},
		{Database: "db", Table: "patients", Name: "study2", Rows: "study = '2'", Columns: []string{"study", "year"}},
		{Database: "db", Table: "patients", Name: "nomrn", Excluded: []string{"mrn"}},
		{Database: "db", Table: "patients", Name: "nested", Rows: "true", Columns: []string{`"mrn"."zip"`}},
		{Database: "db", Table: "patients", Name: "allbut", Excluded: []string{`"mrn"."zip"`}},
	}
	on := func(names ...string) (out []lf.Grant) {
		for _, n := range names {
			out = append(out, grant(lf.DataCells("db", "patients", n), lf.Select))
		}
		return out
	}
	for _, test := range []struct {
		name   string
		grants []lf.Grant
		want   []string
	}{
		{"its columns in its rows", on("study1"), []string{"db.patients: SELECT: key[study = '1'], study[study = '1']"}},
		{"two filters: each column in the rows of its own", on("study1", "study2"),
			[]string{"db.patients: SELECT: key[study = '1'], study[study = '1' OR study = '2'], year[study = '2']"}},
		{"all rows win", on("study1", "nomrn"), []string{"db.patients: SELECT: key, study, year, day"}},
		{"a tag policy without rows wins for its columns", append(on("study1"), grant(tables("m:sensitivity", "public"), lf.Select)),
			[]string{"db.patients: SELECT: key[study = '1'], study"}},
		{"part of a column counts as the column", on("nested"), []string{"db.patients: SELECT: mrn[true]"}},
		{"leaving out part of a column leaves the column", on("allbut"), []string{"db.patients: SELECT: key, mrn, study, year, day"}},
		{"an unknown filter shows nothing", on("gone"), nil},
		{"a filter gives SELECT only", []lf.Grant{grant(lf.DataCells("db", "patients", "study1"), lf.Select, lf.Describe)},
			[]string{"db.patients: SELECT: key[study = '1'], study[study = '1']"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			state := patients(test.grants...)
			state.Catalogs[0].Filters = slices.Clone(filters)
			if diff := cmp.Diff(test.want, summary(state.Evaluate())); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestEvaluateTableWithoutColumns(t *testing.T) {
	state := patients(grant(tables("m:sensitivity", "deidentified"), lf.Select, lf.Insert))
	state.Catalogs[0].Tables[0].Columns = nil
	state.Catalogs[0].Tables[0].PartitionKeys = nil
	if diff := cmp.Diff([]string{"db.patients: SELECT INSERT"}, summary(state.Evaluate())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The table's own tags match, but every column has others.
func TestEvaluateEveryColumnOverrides(t *testing.T) {
	state := patients(grant(tables("m:sensitivity", "deidentified"), lf.Select, lf.Insert))
	state.Catalogs[0].Associations = append(state.Catalogs[0].Associations,
		tagged(lf.Columns("db", "patients", "key", "year", "day"), "m:sensitivity", "phi"))
	if diff := cmp.Diff([]string{"db.patients: DESCRIBE"}, summary(state.Evaluate())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEvaluateLevels(t *testing.T) {
	state := patients(grant(tables("m:sensitivity", "public|deidentified"), lf.Select))
	row := state.Evaluate().Rows[0]
	want := []access.Level{{Sensitivity: "public", Seen: 1, Total: 1}, {Sensitivity: "deidentified", Seen: 3, Total: 3}, {Sensitivity: "phi", Seen: 0, Total: 1}}
	if diff := cmp.Diff(want, row.Levels); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if row.Domain != "clinical" || row.Product != "patients" || row.Account != account {
		t.Errorf("got %s, %s, %s", row.Domain, row.Product, row.Account)
	}
	if row.Sees("phi") || !row.Sees("public") {
		t.Error("sees phi, or does not see public")
	}

	state.Catalogs[0].Associations = nil
	state.Catalogs[0].Grants = []lf.Grant{grant(lf.Table("db", "patients"), lf.Select)}
	if diff := cmp.Diff([]access.Level{{Sensitivity: access.Untagged, Seen: 5, Total: 5}}, state.Evaluate().Rows[0].Levels); diff != "" {
		t.Errorf("without tags (-want +got)\n%s", diff)
	}
}

// Two values of one key cannot both be deployed: both are counted and the
// contradiction is noted.
func TestEvaluateContradiction(t *testing.T) {
	state := patients(grant(tables("m:sensitivity", "public"), lf.Select))
	state.Catalogs[0].Associations = append(state.Catalogs[0].Associations, tagged(lf.Columns("db", "patients", "mrn"), "m:sensitivity", "public"))
	m := state.Evaluate()
	if diff := cmp.Diff([]string{"db.patients: SELECT: mrn, study"}, summary(m)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := m.Rows[0].Columns[0].Sensitivity; got != "phi" {
		t.Errorf("mrn counts as %s", got)
	}
	if !slices.ContainsFunc(m.Notes, func(n string) bool { return strings.Contains(n, "several values of m:sensitivity: phi, public") }) {
		t.Errorf("no note about it: %q", m.Notes)
	}
}

func TestEvaluateTablesToCome(t *testing.T) {
	state := patients(grant(lf.Table("landing", lf.AllTables), lf.Select, lf.Alter), grant(lf.Table("nowhere", lf.AllTables), lf.Select))
	state.Catalogs[0].Databases = append(state.Catalogs[0].Databases, access.Database{Name: "landing"})
	m := state.Evaluate()
	if diff := cmp.Diff([]string{"landing.*: SELECT ALTER", "nowhere.*: SELECT"}, summary(m)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(m.Notes) != 1 || !strings.Contains(m.Notes[0], "nowhere.*") {
		t.Errorf("got notes %q; expected one about the unknown database", m.Notes)
	}
}

func TestEvaluateNotes(t *testing.T) {
	state := patients(grant(lf.Table("db", "gone"), lf.Select), grant(lf.DataCells("db", "patients", "gone"), lf.Select))
	c := &state.Catalogs[0]
	c.Associations = append(c.Associations, tagged(lf.Table("db", "gone"), "m:product", "x"))
	c.Tables[0].Location = "s3://elsewhere/patients/"
	c.Tables = append(c.Tables, access.Table{Database: "db", Name: "inside", Location: "s3://lake/raw/inside"},
		access.Table{Database: "db", Name: "target", Location: "s3://open-targets-public-data-releases/platform/25.12/output/target/"})
	c.Locations = []access.Location{{ARN: "arn:aws:s3:::lake/raw"}, {ARN: "arn:aws:s3:::lake/ra"}, {ARN: "arn:aws:s3:::open-targets-public-data-releases/platform/25.12/output"}}
	c.OpenByDefault = []string{"tables"}
	state.Unresolved = []access.Unresolved{{Place: "Stack Id", Text: "${X}", Reason: "why"}}
	want := []string{
		"222222222222/us-east-1: a grant that reaches nothing known: [SELECT] to " + analyst + " on DataCellsFilter 222222222222/db.patients[gone]",
		"222222222222/us-east-1: granted on what is not in the catalog as it was read, so nobody knows what is in it: [SELECT] to " + analyst + " on Table 222222222222/db.gone",
		"222222222222/us-east-1: new tables start with permissions for IAM_ALLOWED_PRINCIPALS: whoever IAM lets in sees them",
		"222222222222/us-east-1: open data, whose files everybody may read where they are: what is granted says only who finds the tables in this catalog: db.target",
		"222222222222/us-east-1: outside every registered location, so Lake Formation guards only the metadata, and the files are open to whoever IAM lets in: db.patients",
		"222222222222/us-east-1: tags on something that is not in the catalog: Table db.gone",
		"unresolved: Stack Id: ${X}: why",
	}
	if diff := cmp.Diff(want, state.Evaluate().Notes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEvaluateLinkSaysNothingAboutItsTarget(t *testing.T) {
	state := patients(grant(lf.Database("link"), lf.Describe))
	state.Catalogs[0].Databases = append(state.Catalogs[0].Databases, access.Database{Name: "link", Target: "111111111111/db"})
	m := state.Evaluate()
	if diff := cmp.Diff([]string{"link (database): DESCRIBE"}, summary(m)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if m.Rows[0].Object != "111111111111/db" {
		t.Errorf("got target %q", m.Rows[0].Object)
	}
}

// Rows and tags of another account's catalog are evaluated there.
func TestEvaluateAcrossAccounts(t *testing.T) {
	reader := lf.Grant{Principal: "arn:aws:iam::333333333333:role/Reader", Resource: tables("m:sensitivity", "public").In(account), Permissions: []lf.Permission{lf.Select}}
	consumer := &access.State{Catalogs: []access.Catalog{{Account: "333333333333", Region: region, Grants: []lf.Grant{reader}}}}
	share := reader
	share.Principal, share.Grantable = "333333333333", reader.Permissions
	m := access.Merge(consumer, patients(share)).Evaluate()
	if len(m.Rows) != 2 || m.Rows[0].Account != account || len(m.Notes) != 0 {
		t.Fatalf("got %+v", m)
	}
	if m = consumer.Evaluate(); len(m.Rows) != 0 || len(m.Notes) != 2 || len(m.Caveats) != 1 {
		t.Errorf("alone the consumer's grant reaches nothing known, and what is shared is not known; got %+v", m)
	}
}

// An account grants on only what it was granted with the right to grant it on.
func TestEvaluateCascadedGrants(t *testing.T) {
	cells := lf.DataCells("db", "patients", "study")
	policy := tables("m:sensitivity", "public")
	wider := tables("m:sensitivity", "phi", "public")
	organization := "arn:aws:organizations::999999999999:organization/o-abcdefghij"
	share := func(to string, r lf.Resource, grantable ...lf.Permission) lf.Grant {
		return lf.Grant{Principal: to, Resource: r, Permissions: []lf.Permission{lf.Select}, Grantable: grantable}
	}
	for _, test := range []struct {
		name   string
		share  lf.Grant
		passed lf.Resource
		reads  bool
		note   string
	}{
		{"the same policy", share("333333333333", policy, lf.Select), policy, true, ""},
		{"another policy", share("333333333333", wider, lf.Select), policy, false, "without the right to, which is not counted"},
		{"without the right to pass on", share("333333333333", policy), policy, false, "without the right to, which is not counted"},
		{"another account's", share("444444444444", policy, lf.Select), policy, false, "without the right to, which is not counted"},
		{"the same filter", share("333333333333", cells, lf.Select), cells, true, ""},
		{"a filter on a shared table", share("333333333333", lf.Table("db", "patients"), lf.Select), cells, true, ""},
		{"a column of a shared database", share("333333333333", lf.Table("db", lf.AllTables), lf.Select), lf.Columns("db", "patients", "study"), true, ""},
		{"the table of a shared filter", share("333333333333", cells, lf.Select), lf.Table("db", "patients"), false, "without the right to, which is not counted"},
		{"an organization's", share(organization, policy, lf.Select), policy, true, "counted on account 333333333333 being in " + organization},
	} {
		t.Run(test.name, func(t *testing.T) {
			reader := "arn:aws:iam::333333333333:role/Reader"
			consumer := &access.State{Catalogs: []access.Catalog{{Account: "333333333333", Region: region, Grants: []lf.Grant{
				{Principal: reader, Resource: test.passed.In(account), Permissions: []lf.Permission{lf.Select}},
			}}}}
			producer := patients(test.share)
			producer.Catalogs[0].Filters = []lf.DataCellsFilter{{Database: "db", Table: "patients", Name: "study", Rows: "study = 'x'"}}
			m := access.Merge(consumer, producer).Evaluate()
			got := slices.ContainsFunc(m.Rows, func(r access.Row) bool { return r.Principal == reader })
			if got != test.reads {
				t.Errorf("reads: %v; expected %v", got, test.reads)
			}
			if test.note == "" && len(m.Notes) > 0 || test.note != "" && !strings.Contains(strings.Join(m.Notes, "\n"), test.note) {
				t.Errorf("got notes %q; expected %q", m.Notes, test.note)
			}
		})
	}
}
