package assembly_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

const home = "aws://222222222222/us-east-1"

// lab is a stack's database lab with table t, closed to IAM.
const lab = `"Settings": {"Type": "AWS::LakeFormation::DataLakeSettings", "Properties": {"Admins": [], "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}},
	"Db": {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": "222222222222", "DatabaseInput": {"Name": "lab"}}},
	"T": {"Type": "AWS::Glue::Table", "Properties": {"CatalogId": "222222222222", "DatabaseName": "lab", "TableInput": {"Name": "t",
		"StorageDescriptor": {"Columns": [{"Name": "a", "Type": "string"}, {"Name": "b", "Type": "string"}]}}}}`

// grantOf is a grant of SELECT on a resource, with more keys of the CloudFormation resource.
func grantOf(id, principal, resource, more string) string {
	return `"` + id + `": {"Type": "AWS::LakeFormation::PrincipalPermissions"` + more + `, "Properties": {
		"Principal": {"DataLakePrincipalIdentifier": ` + principal + `}, "Resource": ` + resource + `, "Permissions": ["SELECT"], "PermissionsWithGrantOption": []}}`
}

const tableT = `{"Table": {"DatabaseName": "lab", "Name": "t"}}`

// read reads a stack of some resources.
func read(t *testing.T, resources ...string) *access.State {
	t.Helper()
	state, err := assembly.Read(appOf(t, home, strings.Join(resources, ",")))
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// sight is who reads which columns of which table, in the order of the matrix.
func sight(state *access.State) []string {
	var out []string
	for _, row := range state.Evaluate().Rows {
		var columns []string
		for _, c := range row.Columns {
			columns = append(columns, c.Name)
		}
		out = append(out, row.Principal+" "+row.Database+"."+row.Table+" "+strings.Join(columns, ","))
	}
	return out
}

// A resource that may not be made is read as if it were, and hides nothing.
func TestConditionsAreTheUpperBound(t *testing.T) {
	state := read(t, lab, grantOf("Always", `"p"`, tableT, ""), grantOf("Perhaps", `"q"`, tableT, `, "Condition": "IsProd"`))
	if diff := cmp.Diff([]string{"p lab.t a,b", "q lab.t a,b"}, sight(state)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if want := "S Perhaps: [SELECT] to q on Table 222222222222/lab.t: condition IsProd decides whether it is made"; !said(state, want) {
		t.Errorf("got %v, want %s", state.Unresolved, want)
	}
	if len(state.Unresolved) != 1 {
		t.Errorf("got %v", state.Unresolved)
	}
}

// Both values of Fn::If are read, those of one condition together.
func TestBothSidesOfFnIf(t *testing.T) {
	columns := `{"TableWithColumns": {"DatabaseName": "lab", "Name": "t", "ColumnNames": {"Fn::If": ["Open", ["a"], ["b"]]}}}`
	state := read(t, lab, grantOf("G", `{"Fn::If": ["Open", "p", {"Fn::If": ["Other", "q", "r"]}]}`, columns, ""))
	if diff := cmp.Diff([]string{"p lab.t a", "q lab.t b", "r lab.t b"}, sight(state)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, want := range []string{
		"S G: [SELECT] to p on TableWithColumns 222222222222/lab.t(a): so it is when Open is true; every answer is read",
		"S G: [SELECT] to r on TableWithColumns 222222222222/lab.t(b): so it is when Open is false and Other is false",
	} {
		if !said(state, want) {
			t.Errorf("got %v, want %s", state.Unresolved, want)
		}
	}
}

// A role whose name depends on a condition is either of the two.
func TestNameUnderACondition(t *testing.T) {
	state := read(t, lab, `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::If": ["IsProd", "p", "q"]}}}`,
		grantOf("G", `{"Fn::GetAtt": ["Role", "Arn"]}`, tableT, ""))
	if diff := cmp.Diff([]string{"arn:aws:iam::222222222222:role/p lab.t a,b", "arn:aws:iam::222222222222:role/q lab.t a,b"}, sight(state)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A table that has other columns under a condition has all of them.
func TestColumnsUnderAConditionAdd(t *testing.T) {
	table := func(id, condition, column string) string {
		return `"` + id + `": {"Type": "AWS::Glue::Table", "Condition": "` + condition + `", "Properties": {"CatalogId": "222222222222", "DatabaseName": "lab", "TableInput": {"Name": "u",
			"StorageDescriptor": {"Columns": [{"Name": "` + column + `", "Type": {"Fn::If": ["Wide", "bigint", "int"]}}]}}}}`
	}
	state := read(t, lab, table("U1", "IsProd", "x"), table("U2", "IsTest", "y"), grantOf("G", `"p"`, `{"Table": {"DatabaseName": "lab", "Name": "u"}}`, ""))
	if diff := cmp.Diff([]string{"p lab.u x,y"}, sight(state)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A property that asks for too many conditions is a marker in the end.
func TestTooManyConditions(t *testing.T) {
	principal := `"p"`
	for _, name := range strings.Split("ABCDE", "") {
		principal = `{"Fn::If": ["` + name + `", "q", ` + principal + `]}`
	}
	state := read(t, lab, grantOf("G", principal, tableT, ""))
	if got := sight(state); len(got) != 2 || !strings.HasPrefix(got[0], "${S ") || !strings.HasPrefix(got[1], "q ") {
		t.Errorf("got %v", got)
	}
	if want := `S G.Principal.DataLakePrincipalIdentifier: ${S {"Fn::If":["A","q","p"]}}: it depends on a condition`; !said(state, want) {
		t.Errorf("got %v, want %s", state.Unresolved, want)
	}
}

// A database that perhaps has no defaults of its own is perhaps as open as the catalog.
func TestDefaultsUnderACondition(t *testing.T) {
	const open = `[{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]`
	state := read(t, `"Settings": {"Type": "AWS::LakeFormation::DataLakeSettings", "Properties": {"CreateTableDefaultPermissions": `+open+`}},
		"Db": {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": "222222222222", "DatabaseInput": {"Name": "lab",
			"CreateTableDefaultPermissions": {"Fn::If": ["Closed", [], {"Ref": "AWS::NoValue"}]}}}},
		"T": {"Type": "AWS::Glue::Table", "Properties": {"CatalogId": "222222222222", "DatabaseName": "lab", "TableInput": {"Name": "t"}}}`)
	if !slices.ContainsFunc(state.Catalogs[0].Grants, func(g lakeformation.Grant) bool { return g.Principal == access.IAMAllowedPrincipals }) {
		t.Errorf("got %v", state.Catalogs[0].Grants)
	}
}

// What a nested stack with a condition makes may not be made.
func TestNestedStackWithACondition(t *testing.T) {
	dir := appOf(t, home, lab+`,
		"Child": {"Type": "AWS::CloudFormation::Stack", "Condition": "IsProd", "Metadata": {"aws:asset:path": "child.nested.template.json"}, "Properties": {}}`)
	write(t, dir, "child.nested.template.json", `{"Resources": {`+grantOf("G", `"p"`, tableT, "")+`}}`)
	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"p lab.t a,b"}, sight(state)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if want := "S/Child G: [SELECT] to p on Table 222222222222/lab.t: condition IsProd decides"; !said(state, want) {
		t.Errorf("got %v, want %s", state.Unresolved, want)
	}
}

// The legacy type is a grant like any other.
func TestLegacyPermissions(t *testing.T) {
	for _, test := range []struct{ name, resource, want string }{
		{"a database", `{"DatabaseResource": {"Name": "lab"}}`, "p on Database 222222222222/lab"},
		{"a table", `{"TableResource": {"DatabaseName": "lab", "Name": "t"}}`, "p on Table 222222222222/lab.t"},
		{"every table", `{"TableResource": {"DatabaseName": "lab", "TableWildcard": {}}}`, "p on Table 222222222222/lab.*"},
		{"columns", `{"TableWithColumnsResource": {"DatabaseName": "lab", "Name": "t", "ColumnNames": ["a"]}}`, "p on TableWithColumns 222222222222/lab.t(a)"},
		{"all but some columns", `{"TableWithColumnsResource": {"DatabaseName": "lab", "Name": "t", "ColumnWildcard": {"ExcludedColumnNames": ["a"]}}}`,
			"p on TableWithColumns 222222222222/lab.t(* except a)"},
		{"a location", `{"DataLocationResource": {"S3Resource": "arn:aws:s3:::lake"}}`, "p on DataLocation 222222222222/arn:aws:s3:::lake"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			state := read(t, `"Old": {"Type": "AWS::LakeFormation::Permissions", "Properties": {"DataLakePrincipal": {"DataLakePrincipalIdentifier": "p"},
				"Resource": `+test.resource+`, "Permissions": ["ALL"], "PermissionsWithGrantOption": ["ALL"]}}`)
			if len(state.Unresolved) != 0 || len(state.Catalogs) != 1 || len(state.Catalogs[0].Grants) != 1 {
				t.Fatalf("got %+v", state)
			}
			g := state.Catalogs[0].Grants[0]
			if g.Key() != test.want || len(g.Grantable) != 1 {
				t.Errorf("got %s with %v, want %s", g.Key(), g.Grantable, test.want)
			}
		})
	}
}
