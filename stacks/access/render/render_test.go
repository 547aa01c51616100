package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/render"
	"github.com/lakemesh/lakemesh/test/accesstest"
	"github.com/lakemesh/lakemesh/test/golden"
)

var (
	account  = accesstest.Account
	region   = accesstest.Region
	patients = accesstest.Patients
	grant    = accesstest.Grant
	tagged   = accesstest.Tagged
)

func riverside(t *testing.T) *access.State {
	t.Helper()
	state, err := assembly.Read("../assembly/testdata/riverside")
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func rendered(t *testing.T, render func(*bytes.Buffer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := render(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRenderings(t *testing.T) {
	state := riverside(t)
	state.Unresolved = []access.Unresolved{{Place: "riverside-clinical Old", Text: "AWS::LakeFormation::Permissions", Reason: "not evaluated"}}
	m := state.Evaluate()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"riverside.txt":  func(b *bytes.Buffer) error { return render.Table(b, m) },
		"riverside.csv":  func(b *bytes.Buffer) error { return render.CSV(b, m) },
		"riverside.json": func(b *bytes.Buffer) error { return render.JSON(b, m) },
		"riverside.md":   func(b *bytes.Buffer) error { return render.Markdown(b, m) },
	} {
		t.Run(name, func(t *testing.T) {
			got := rendered(t, write)
			golden.Check(t, filepath.Join("testdata", name), got)
			if again := rendered(t, write); !bytes.Equal(got, again) {
				t.Error("not the same twice")
			}
		})
	}
}

func TestTableFitsATerminal(t *testing.T) {
	state := patients(grant(lf.Table("db", "patients"), lf.Permissions()...))
	state.Catalogs[0].Grants[0].Principal = "arn:aws:iam::222222222222:role/" + strings.Repeat("x", 90)
	state.Catalogs[0].Admins = []string{"arn:aws:iam::222222222222:role/" + strings.Repeat("y", 300)}
	f := lf.DataCellsFilter{Database: "db", Table: "patients", Name: "f", Rows: strings.Repeat("a = 'äöü' OR ", 40) + "b"}
	state.Catalogs[0].Filters = []lf.DataCellsFilter{f}
	state.Catalogs[0].Grants = append(state.Catalogs[0].Grants, grant(f.Resource(), lf.Select))
	text := string(rendered(t, func(b *bytes.Buffer) error { return render.Table(b, state.Evaluate()) }))
	for _, line := range strings.Split(text, "\n") {
		if n := utf8.RuneCountInString(line); n > 136 {
			t.Errorf("%d characters: %s", n, line)
		}
	}
}

// Two principals of one name are told apart.
func TestPrincipalLabels(t *testing.T) {
	state := patients()
	for _, p := range []string{"arn:aws:iam::111111111111:role/Reader", "arn:aws:iam::222222222222:role/Reader", "arn:aws:iam::222222222222:user/Reader", access.IAMAllowedPrincipals, "333333333333"} {
		state.Catalogs[0].Grants = append(state.Catalogs[0].Grants, lf.Grant{Principal: p, Resource: lf.Database("db"), Permissions: []lf.Permission{lf.Describe}})
	}
	text := string(rendered(t, func(b *bytes.Buffer) error { return render.Table(b, state.Evaluate()) }))
	for _, want := range []string{"Reader (111111111111) ", "arn:aws:iam::222222222222:role/Reader ", "arn:aws:iam::222222222222:user/Reader ", "IAM_ALLOWED_PRINCIPALS ", "account 333333333333 "} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Tables of one name in one product are shown with their databases.
func TestTableNamesAreClear(t *testing.T) {
	state := patients(grant(lf.Table("db", lf.AllTables), lf.Describe), grant(lf.Table("db2", lf.AllTables), lf.Describe))
	c := &state.Catalogs[0]
	c.Databases = append(c.Databases, access.Database{Name: "db2"})
	c.Tables = append(c.Tables, access.Table{Database: "db2", Name: "patients"}, access.Table{Database: "db", Name: "visits"})
	for _, table := range []string{"db.visits", "db2.patients"} {
		database, name, _ := strings.Cut(table, ".")
		c.Associations = append(c.Associations, tagged(lf.Table(database, name), "m:domain", "clinical", "m:product", "patients"))
	}
	text := string(rendered(t, func(b *bytes.Buffer) error { return render.Table(b, state.Evaluate()) }))
	for _, want := range []string{" db.patients ", " db2.patients ", " visits "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// The databases of a domain that the same may be done with share a line.
func TestZonesShareALine(t *testing.T) {
	state := &access.State{Catalogs: []access.Catalog{{Account: account, Region: region}}}
	c := &state.Catalogs[0]
	for _, zone := range []string{"raw", "curated", "analytics"} {
		c.Databases = append(c.Databases, access.Database{Name: zone})
		c.Associations = append(c.Associations, tagged(lf.Database(zone), "m:domain", "clinical", "m:zone", zone))
		permissions := []lf.Permission{lf.Describe}
		if zone == "raw" {
			permissions = append(permissions, lf.CreateTable)
		}
		c.Grants = append(c.Grants, grant(lf.Database(zone), permissions...))
	}
	text := string(rendered(t, func(b *bytes.Buffer) error { return render.Table(b, state.Evaluate()) }))
	want := "Principal  Product   Table                         Columns seen  Rows  Rights\n" +
		"─────────  ────────  ────────────────────────────  ────────────  ────  ─────────────────────\n" +
		"Analyst    clinical  analytics, curated databases  –             –     DESCRIBE\n" +
		"           clinical  raw database                  –             –     DESCRIBE CREATE_TABLE\n"
	rows, _, _ := strings.Cut(text, "\nNotes:")
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Nobody is said only where nothing may give more.
func TestEmptyMatrix(t *testing.T) {
	table := func(b *bytes.Buffer, m *access.Matrix) error { return render.Table(b, m) }
	markdown := func(b *bytes.Buffer, m *access.Matrix) error { return render.Markdown(b, m) }
	inJSON := func(b *bytes.Buffer, m *access.Matrix) error { return render.JSON(b, m) }
	empty := (&access.State{}).Evaluate()
	unread := (&access.State{Unresolved: []access.Unresolved{{Place: "S Id", Text: "${X}", Reason: "why"}}}).Evaluate()
	administered := (&access.State{Catalogs: []access.Catalog{{Account: account, Region: region, Admins: []string{"arn:aws:iam::222222222222:role/LakeAdmin"}}}}).Evaluate()
	audited := (&access.State{Catalogs: []access.Catalog{{Account: account, Region: region, ReadOnlyAdmins: []string{"arn:aws:iam::222222222222:role/Auditor"}}}}).Evaluate()
	asked, err := patients().Evaluate().Filter(access.MatrixFilter{Table: "patients", Sensitivity: "phi"})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		render func(*bytes.Buffer, *access.Matrix) error
		matrix *access.Matrix
		want   string
	}{
		"table":          {table, empty, "Nobody is granted anything.\n"},
		"markdown":       {markdown, empty, "Nobody is granted anything.\n"},
		"json":           {inJSON, empty, "{\n  \"rows\": [],\n  \"admins\": [],\n  \"notes\": [\n    \"The rows are what Lake Formation allows."},
		"unread":         {table, unread, "No grant is known. That does not say nobody: there are things that could not be read.\n"},
		"administrators": {markdown, administered, "No grant is known. That does not say nobody: there are administrators, who can grant themselves anything.\n"},
		"read-only":      {table, audited, "Nobody is granted anything.\n"},
		"asked":          {table, asked, "Nobody is granted anything of what was asked for (table patients, sensitivity phi).\n"},
	} {
		got := string(rendered(t, func(b *bytes.Buffer) error { return test.render(b, test.matrix) }))
		if !strings.HasPrefix(got, test.want) || !strings.Contains(strings.ReplaceAll(got, "\n    ", " "), access.Scope) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestCSVAndJSONParse(t *testing.T) {
	m := riverside(t).Evaluate()
	lines, err := csv.NewReader(bytes.NewReader(rendered(t, func(b *bytes.Buffer) error { return render.CSV(b, m) }))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	selects := 0
	for _, r := range m.Rows {
		selects += len(r.Columns)
	}
	got := 0
	for _, l := range lines[1:] {
		if l[10] == "SELECT" {
			got++
		}
	}
	if got != selects {
		t.Errorf("got %d lines of SELECT for %d columns", got, selects)
	}
	var back access.Matrix
	if err := json.Unmarshal(rendered(t, func(b *bytes.Buffer) error { return render.JSON(b, m) }), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.Rows, back.Rows); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Nothing that a template says is read as Markdown.
func TestMarkdownIsEscaped(t *testing.T) {
	state := patients()
	f := lf.DataCellsFilter{Database: "db", Table: "patients", Name: "f", Rows: "study = 'a|b`*<x>'"}
	evil := "arn:aws:iam::222222222222:role/a|b_c*<img>`"
	state.Catalogs[0].Filters = []lf.DataCellsFilter{f}
	state.Catalogs[0].Grants = []lf.Grant{{Principal: evil, Resource: f.Resource(), Permissions: []lf.Permission{lf.Select}}}
	text := string(rendered(t, func(b *bytes.Buffer) error { return render.Markdown(b, state.Evaluate()) }))
	want := "| a\\|b\\_c\\*&lt;img>\\` | clinical.patients | patients | public 1/1, deidentified 3/3, phi 1/1 | `study = 'a\\|b'*<x>'` | SELECT |\n"
	if !strings.Contains(text, want) {
		t.Errorf("got\n%swant the line\n%s", text, want)
	}
}

// Columns that are seen in different rows are named when their levels are not enough.
func TestRowsOfSomeColumns(t *testing.T) {
	state := patients(grant(lf.Columns("db", "patients", "key"), lf.Select))
	f := lf.DataCellsFilter{Database: "db", Table: "patients", Name: "f", Rows: "x", Excluded: []string{"mrn", "study"}}
	state.Catalogs[0].Filters = []lf.DataCellsFilter{f}
	state.Catalogs[0].Grants = append(state.Catalogs[0].Grants, grant(f.Resource(), lf.Select))
	text := string(rendered(t, func(b *bytes.Buffer) error { return render.Table(b, state.Evaluate()) }))
	if !strings.Contains(text, "key: all; year, day: x") {
		t.Errorf("got\n%s", text)
	}
}

// Levels go from public to phi, then what the ontology does not know, then no level.
func TestUnknownLevelsAreTheMostSensitive(t *testing.T) {
	state := patients(grant(lf.Table("db", "patients"), lf.Select))
	state.Catalogs[0].Associations = []lf.TagAssociation{
		tagged(lf.Columns("db", "patients", "key"), "m:sensitivity", "secret"),
		tagged(lf.Columns("db", "patients", "year"), "m:sensitivity", "phi"),
		tagged(lf.Columns("db", "patients", "day"), "m:sensitivity", "another"),
	}
	text := string(rendered(t, func(b *bytes.Buffer) error { return render.Table(b, state.Evaluate()) }))
	if want := "phi 1/1, another 1/1, secret 1/1, untagged 2/2"; !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
}

func TestDiffMarkdown(t *testing.T) {
	d := access.Diff(patients(), patients(grant(lf.Table("db", "patients"), lf.Insert)))
	want := "**Who gains and loses what**\n\n- + Analyst gains INSERT on db.patients\n\n" +
		"**What differs**\n\n- extra 222222222222/us-east-1: grant arn:aws:iam::222222222222:role/Analyst on Table db.patients: INSERT\n"
	if diff := cmp.Diff(want, string(rendered(t, func(b *bytes.Buffer) error { return render.DifferenceMarkdown(b, d) }))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
