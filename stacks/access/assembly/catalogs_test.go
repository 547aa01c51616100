package assembly_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// readIn reads a stack of some resources in an environment.
func readIn(t *testing.T, environment string, resources ...string) *access.State {
	t.Helper()
	state, err := assembly.Read(appOf(t, environment, strings.Join(resources, ",")))
	if err != nil {
		t.Fatal(err)
	}
	return state
}

const anywhere = "aws://unknown-account/unknown-region"

// labHere is database lab with table t in the catalog of the stack's own account.
var labHere = strings.ReplaceAll(lab, `"222222222222"`, `{"Ref": "AWS::AccountId"}`)

// A catalog that a stack without an account names by its number may be its own: a grant
// on it is not void.
func TestCatalogOfAStackWithoutAnAccount(t *testing.T) {
	on := func(catalog string) string {
		return fmt.Sprintf(`{"Table": {"CatalogId": "%s", "DatabaseName": "lab", "Name": "t"}}`, catalog)
	}
	one := readIn(t, anywhere, labHere, grantOf("G", `"p"`, on("111111111111"), ""))
	if diff := cmp.Diff([]string{"p lab.t a,b"}, sight(one)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if want := "S: 111111111111: taken for the account of the stack"; !said(one, want) {
		t.Errorf("got %v, want %s", one.Unresolved, want)
	}

	two := readIn(t, anywhere, labHere, grantOf("G", `"p"`, on("111111111111"), ""), grantOf("H", `"p"`, on("333333333333"), ""))
	link := readIn(t, anywhere, labHere, grantOf("G", `"p"`, on("111111111111"), ""),
		`"Link": {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": {"Ref": "AWS::AccountId"}, "DatabaseInput": {"Name": "link", "TargetDatabase": {"CatalogId": "111111111111", "DatabaseName": "lab"}}}}`)
	for _, state := range []*access.State{two, link} {
		if want := "S G: 111111111111: may or may not be the catalog of the account"; !said(state, want) {
			t.Errorf("got %v, want %s", state.Unresolved, want)
		}
		if notes := strings.Join(state.Evaluate().Notes, "\n"); strings.Contains(notes, "passes on what it was not given") {
			t.Errorf("a grant is called void: %s", notes)
		}
	}
}

// A catalog in the catalog of an account is the account's own.
func TestGrantInANestedCatalog(t *testing.T) {
	state := read(t, lab, grantOf("G", `"p"`, `{"Table": {"CatalogId": "222222222222:s3tablescatalog/bucket", "DatabaseName": "ns", "Name": "vitals"}}`, ""))
	for _, c := range state.Catalogs {
		if len(c.Cascaded) > 0 {
			t.Errorf("%s has cascaded grants: %v", c.Key(), c.Cascaded)
		}
	}
	if got := len(state.Catalogs[1].Grants); got != 1 {
		t.Errorf("%d grants in %s", got, state.Catalogs[1].Key())
	}
}

// One role is one principal, however the template names it.
func TestOneRoleIsOnePrincipal(t *testing.T) {
	role := func(properties string) string {
		return `"Role": {"Type": "AWS::IAM::Role", "Properties": {` + properties + `}}`
	}
	byGetAtt, bySub := `{"Fn::GetAtt": ["Role", "Arn"]}`, `{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/team/${Role}"}`
	byAttribute, byJoin := `{"Fn::Sub": "${Role.Arn}"}`, `{"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":role/team/", {"Ref": "Role"}]]}`
	byName := `{"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/team/reader"}`
	for _, environment := range []string{home, anywhere} {
		for name, test := range map[string]struct {
			properties string
			ways       []string
		}{
			"named":   {`"RoleName": "reader", "Path": "/team/"`, []string{byGetAtt, bySub, byAttribute, byJoin, byName}},
			"unnamed": {`"Path": "/team/"`, []string{byGetAtt, bySub, byAttribute, byJoin}},
		} {
			resources := []string{labHere, role(test.properties)}
			for i, way := range test.ways {
				resources = append(resources, grantOf(fmt.Sprintf("G%d", i), way, tableT, ""))
			}
			if got := sight(readIn(t, environment, resources...)); len(got) != 1 {
				t.Errorf("%s in %s: got %v", name, environment, got)
			}
		}
	}
}

// What other stacks of the assembly export, put out or set is followed.
func TestReferencesBetweenStacks(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "manifest.json", `{"artifacts": {
		"P": {"type": "aws:cloudformation:stack", "environment": "`+home+`", "properties": {"templateFile": "P.json"}},
		"F": {"type": "aws:cloudformation:stack", "environment": "aws://222222222222/eu-west-1", "properties": {"templateFile": "F.json"}},
		"S": {"type": "aws:cloudformation:stack", "environment": "`+home+`", "properties": {"templateFile": "S.json"}}}}`)
	outputs := func(name string) string {
		return `"Named": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "` + name + `"}}, "Generated": {"Type": "AWS::IAM::Role", "Properties": {}}},
			"Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Named", "Arn"]}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-role"}}},
				"Other": {"Value": {"Fn::GetAtt": ["Generated", "Arn"]}, "Export": {"Name": "shared"}}}}`
	}
	write(t, dir, "P.json", `{"Resources": {`+lab+","+outputs("producer"))
	write(t, dir, "F.json", `{"Resources": {`+outputs("far"))
	write(t, dir, "nested.json", `{"Parameters": {"Who": {"Type": "String"}, "Also": {"Type": "CommaDelimitedList", "Default": "x, default"}}, "Resources": {`+
		grantOf("G", `{"Ref": "Who"}`, tableT, "")+","+grantOf("H", `{"Fn::Select": [1, {"Ref": "Also"}]}`, tableT, "")+`}, "Outputs": {"Out": {"Value": {"Fn::Sub": "${Who}-out"}}}}`)
	write(t, dir, "S.json", `{"Resources": {
		"Child": {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "nested.json"}, "Properties": {"Parameters": {"Who": {"Fn::If": ["C", "one", "two"]}}}},
		`+strings.Join([]string{
		grantOf("A", `{"Fn::ImportValue": {"Fn::Sub": "P-role"}}`, tableT, ""),
		grantOf("B", `{"Fn::ImportValue": "shared"}`, tableT, ""),
		grantOf("C", `{"Fn::GetStackOutput": {"StackName": "F", "OutputName": "Arn", "Region": "eu-west-1"}}`, tableT, ""),
		grantOf("D", `{"Fn::GetAtt": ["Child", "Outputs.Out"]}`, tableT, ""),
		grantOf("E", `{"Fn::ImportValue": "elsewhere"}`, tableT, ""),
	}, ",")+`}}`)
	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`${P.Generated.Arn}`, `${S {"Fn::ImportValue":"elsewhere"}}`, "arn:aws:iam::222222222222:role/far", "arn:aws:iam::222222222222:role/producer",
		"default", "one", "one-out", "two", "two-out",
	}
	var got []string
	for _, g := range state.Catalogs[0].Grants {
		got = append(got, g.Principal)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The default of a parameter is what is most likely deployed; it is said that it may not be.
func TestDefaultsOfParameters(t *testing.T) {
	dir := appOf(t, home, lab)
	write(t, dir, "S.template.json", `{"Parameters": {"Who": {"Type": "String", "Default": "p"}, "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/lake/who"}}, "Resources": {`+
		strings.Join([]string{lab, grantOf("G", `{"Ref": "Who"}`, tableT, ""), grantOf("H", `{"Ref": "Stored"}`, tableT, "")}, ",")+`}}`)
	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"${S.Stored} lab.t a,b", "p lab.t a,b"}, sight(state)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if want := "S G.Principal.DataLakePrincipalIdentifier: p: the default of parameter Who"; !said(state, want) {
		t.Errorf("got %v, want %s", state.Unresolved, want)
	}
}
