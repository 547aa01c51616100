package guardrail_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
)

const (
	role   = "arn:aws:iam::111111111111:role/"
	region = "us-east-1"
)

// domains are those of the tests: clinical, which owns the ward, and research.
func domains() []guardrail.Domain {
	return []guardrail.Domain{
		{Name: "clinical", Principals: []string{role + "clinical-*", "Nurse"}, Databases: []string{"ward*"}},
		{Name: "clinical-research", Principals: []string{role + "clinical-research-*", "222222222222"}},
	}
}

func column(name string, level ontology.Sensitivity, rows ...string) access.ColumnAccess {
	return access.ColumnAccess{Name: name, Sensitivity: level, Rows: rows}
}

// sight is a row of the table ward.stays.
func sight(principal string, columns ...access.ColumnAccess) access.Row {
	return access.Row{
		Principal: principal, Kind: access.OnTable, Account: "111111111111", Region: region, Database: "ward", Table: "stays",
		Rights: []access.Right{{Permission: lakeformation.Describe}, {Permission: lakeformation.Select}}, Columns: columns,
	}
}

func judge(t *testing.T, m *access.Matrix, guardrails ...guardrail.Guardrail) guardrail.Verdict {
	t.Helper()
	j, err := guardrail.New(guardrails, domains()...)
	if err != nil {
		t.Fatal(err)
	}
	return j.At(time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC)).Matrix(m)
}

// texts are the violations, each as "name: principal: columns: levels: way".
func texts(v guardrail.Verdict) []string {
	var out []string
	for _, x := range v.Violations {
		out = append(out, strings.Join([]string{access.Short(x.Principal), strings.Join(x.Columns, ","), strings.Join(x.Levels, ","), x.Way}, ": "))
	}
	return out
}

// Each guardrail that is known by name refuses what it is about, and nothing beside it.
func TestNamedGuardrails(t *testing.T) {
	subscribed := func(r access.Row, lastDay string, otherwise bool) access.Row {
		r.Subscriptions, r.AlsoOtherwise = []access.Subscription{{Name: "s", LastDay: lastDay}}, otherwise
		return r
	}
	tagged := func(r access.Row, domain string) access.Row { r.Domain = domain; return r }
	grantable := func(r access.Row) access.Row {
		r.Rights = []access.Right{{Permission: lakeformation.Describe, Grantable: true}}
		return r
	}
	phi, shown := column("mrn", ontology.PHI), column("age", ontology.Deidentified)
	for _, test := range []struct {
		name   string
		matrix access.Matrix
		want   []string
	}{
		{guardrail.PHIStaysInDomain, access.Matrix{
			Rows: []access.Row{
				sight(role+"clinical-pipeline", phi, shown), // its own
				sight("Nurse", phi),
				sight(role+"clinical-research-pipeline", phi, shown, column("note", access.Untagged), column("odd", "secret")),
				sight(role+"Stranger", shown),
				sight("222222222222", phi),
				sight("IAM_ALLOWED_PRINCIPALS"), // columns that are to come
				tagged(sight(role+"clinical-pipeline", phi), "billing"),
			},
			Bypasses: []access.Bypass{
				{Principal: role + "clinical-import", Tables: []string{"ward.stays"}, Levels: []ontology.Sensitivity{ontology.PHI}, Can: []access.Ability{access.CanRead}},
				{Principal: role + "Outsider", Tables: []string{"ward.stays"}, Levels: []ontology.Sensitivity{ontology.PHI}, Can: []access.Ability{access.CanWrite, access.CanGet}, Certain: true},
				{Principal: role + "Maybe", Tables: []string{"ward.stays"}, Levels: []ontology.Sensitivity{ontology.PHI}, Can: []access.Ability{access.CanRead}},
				{Principal: role + "Deliverer", Tables: []string{"ward.stays"}, Levels: []ontology.Sensitivity{ontology.PHI}, Can: []access.Ability{access.CanWrite}},
				{Principal: role + "Anybody", Can: []access.Ability{access.CanRead}, Certain: true}, // files that may be anything, of nobody
			},
		}, []string{
			"clinical-research-pipeline: mrn,note,odd: phi,untagged,secret: grant",
			"account 222222222222: mrn: phi: grant",
			"IAM_ALLOWED_PRINCIPALS: : untagged: grant",
			"clinical-pipeline: mrn: phi: grant",
			"Outsider: : phi: bypass",
			"Anybody: : untagged: bypass",
		}},
		{guardrail.NoBypass, access.Matrix{
			Rows:     []access.Row{sight(role+"Stranger", phi)},
			Bypasses: []access.Bypass{{Principal: role + "clinical-import", Can: []access.Ability{access.CanRead}, Levels: []ontology.Sensitivity{ontology.Public}}},
		}, []string{"clinical-import: : public: bypass"}},
		{guardrail.NoSharedResults, access.Matrix{
			SharedResults: []access.SharedResults{{WorkGroup: "primary", Readers: []string{role + "A", role + "B"}, Certain: true}},
		}, []string{"A: : : shared-results", "B: : : shared-results"}},
		{guardrail.ExpiringAccessOnly, access.Matrix{Rows: []access.Row{
			sight(role+"clinical-pipeline", phi),
			subscribed(sight(role+"Analyst", shown), "2030-01-01", false),
			subscribed(sight(role+"Twice", shown), "2030-01-01", true),
			subscribed(sight(role+"Endless", shown), "", false),
		}}, []string{"Twice: age: deidentified: grant", "Endless: age: deidentified: subscription"}},
		{guardrail.NoGrantOptionOutsideOwner, access.Matrix{Rows: []access.Row{
			grantable(sight(role + "clinical-steward")),
			grantable(sight("222222222222")),
			sight(role+"Analyst", access.ColumnAccess{Name: "age", Sensitivity: ontology.Public, Grantable: true}, phi),
		}}, []string{"account 222222222222: : : grant-option", "Analyst: age: public: grant-option"}},
		{guardrail.AdministratorsAreKnown, access.Matrix{Admins: []access.Admin{
			{Principal: role + "LakeAdmin"}, {Principal: role + "cdk-hnb659fds-cfn-exec-role-111111111111-us-east-1"},
			{Principal: role + "Intern"}, {Principal: role + "Auditor", ReadOnly: true},
		}}, []string{"Intern: : : administrator", "Auditor: : : administrator"}},
	} {
		g := guardrail.Guardrail{Name: test.name}
		if test.name == guardrail.AdministratorsAreKnown {
			g.Known = []string{role + "LakeAdmin", "cdk-*-cfn-exec-role-*"}
		}
		v := judge(t, &test.matrix, g)
		if got := texts(v); !slices.Equal(got, test.want) {
			t.Errorf("%s: got\n%s\nexpected\n%s", test.name, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
		for _, x := range v.Violations {
			if x.Guardrail != test.name || x.Fix == "" || x.Refuses != guardrail.Refuses(test.name) {
				t.Errorf("%s: %+v", test.name, x)
			}
		}
	}
	if names := guardrail.Names(); !slices.IsSorted(names) || len(names) != 6 {
		t.Error(names)
	}
}

// An exception lets through exactly what it says, until its last day, and one that nothing
// needs is told.
func TestExceptions(t *testing.T) {
	m := &access.Matrix{Rows: []access.Row{
		sight(role+"A", column("mrn", ontology.PHI), column("name", ontology.PHI)),
		sight(role+"B", column("mrn", ontology.PHI)),
	}}
	except := func(e guardrail.Exception) guardrail.Verdict {
		e.Reason, e.Steward = "as agreed", "privacy@example.org"
		return judge(t, m, guardrail.Guardrail{Name: guardrail.PHIStaysInDomain, Except: []guardrail.Exception{e}})
	}
	for _, test := range []struct {
		except guardrail.Exception
		want   []string
		unused int
	}{
		{guardrail.Exception{Principal: "A"}, []string{"B: mrn: phi: grant"}, 0},
		{guardrail.Exception{Principal: role + "*"}, nil, 0},
		{guardrail.Exception{Principal: "A", Columns: []string{"mrn"}}, []string{"A: name: phi: grant", "B: mrn: phi: grant"}, 0},
		{guardrail.Exception{Principal: "A", Columns: []string{"mrn", "name"}, Table: "ward.*", Domain: "clinical"}, []string{"B: mrn: phi: grant"}, 0},
		{guardrail.Exception{Principal: "A", Columns: []string{"age"}}, []string{"A: mrn,name: phi: grant", "B: mrn: phi: grant"}, 1},
		{guardrail.Exception{Principal: "A", Table: "ward.beds"}, []string{"A: mrn,name: phi: grant", "B: mrn: phi: grant"}, 1},
		{guardrail.Exception{Principal: "A", Domain: "clinical-research"}, []string{"A: mrn,name: phi: grant", "B: mrn: phi: grant"}, 1},
		{guardrail.Exception{Principal: "A", Until: "2027-06-30"}, []string{"B: mrn: phi: grant"}, 0},
		{guardrail.Exception{Principal: "A", Until: "2027-06-29"}, []string{"A: mrn,name: phi: grant", "B: mrn: phi: grant"}, 0},
		{guardrail.Exception{Principal: "C", Until: "2027-06-29"}, []string{"A: mrn,name: phi: grant", "B: mrn: phi: grant"}, 1},
	} {
		v := except(test.except)
		if got := texts(v); !slices.Equal(got, test.want) || len(v.Unused) != test.unused {
			t.Errorf("%+v: got %q and %d unused, expected %q and %d", test.except, got, len(v.Unused), test.want, test.unused)
		}
	}
	ended := except(guardrail.Exception{Principal: "A", Until: "2027-06-29"})
	if text := ended.Violations[0].String(); !strings.Contains(text, "the exception for it ended on 2027-06-29") {
		t.Error(text)
	}
	implied := judge(t, m, guardrail.Guardrail{Name: guardrail.NoBypass, Except: []guardrail.Exception{{Principal: "C", Reason: "agreed elsewhere", Implied: true}}})
	if len(implied.Unused) != 0 {
		t.Error(implied.Unused)
	}
}

// Everything that is wrong with guardrails is said at once, with its place.
func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	got := guardrail.Validate([]guardrail.Guardrail{
		{},
		{Name: "no-bypas"},
		{Name: guardrail.NoBypass, Refuse: "phi", Fix: "x", Known: []string{"x"}},
		{Name: guardrail.NoBypass},
		{Name: guardrail.AdministratorsAreKnown},
		{Name: "own", Refuse: `levl == "phi" && level == "fhi" && path in ["bypass", "gift"] && "clincal" in homes`, Known: []string{"x"}},
		{Name: "syntax", Refuse: `level == `},
		{Name: "type", Refuse: `level`},
		{Name: "types", Refuse: "phi &&\n  level > 3"},
		{Name: "clock", Refuse: `now().Year() > 3`},
		{Name: "fine", Refuse: `let far = not (domain in homes); far && any(homes, # == "clinical") && name matches "^x"`},
		{Name: "excepts", Refuse: "phi", Except: []guardrail.Exception{{Principal: "*"}, {Steward: "nobody", Until: "soon", Reason: " "}}},
	}, domains()...).Error()
	for _, want := range []string{
		`[0].name: got nothing`,
		`[1].name: got "no-bypas"; expected one of administrators-are-known,`, "did you mean no-bypass?",
		`[2].refuse: got an expression for no-bypass`, `[2].fix`, `[2].known`,
		`[3].name: got "no-bypass" again`,
		`[4].known: got nothing`,
		`[5].refuse: got "levl ==`, `the name "levl" at character 1`, `did you mean level?`, `level "fhi" at character 27`, `did you mean phi?`, `path "gift"`, `homes "clincal"`, `did you mean clinical?`, `[5].known`,
		`[6].refuse`, `unexpected token EOF`,
		`[7].refuse`, `expected bool`,
		`[8].refuse`, `at line 2, character 9`,
		`[9].refuse`, `unknown name now`,
		`[11].except[0].principal: got "*", which is everybody`, `[11].except[0].reason`, `[11].except[0].steward`,
		`[11].except[1].principal: got nothing`, `[11].except[1].reason`, `[11].except[1].steward: got "nobody"`, `[11].except[1].until: got "soon"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said", want)
		}
	}
	if strings.Contains(got, "[10]") || t.Failed() {
		t.Error(got)
	}
	if _, err := guardrail.New([]guardrail.Guardrail{{Name: "no-bypas"}}); err == nil {
		t.Error("New takes what Validate refuses")
	}
}
