package assembly_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/test/golden"
)

// appOf writes an assembly with one stack of the given resources, as JSON.
func appOf(t *testing.T, environment, resources string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "manifest.json", fmt.Sprintf(`{"artifacts": {"S": {"type": "aws:cloudformation:stack", "environment": %q, "properties": {"templateFile": "S.template.json"}}}}`, environment))
	write(t, dir, "S.template.json", `{"Resources": {`+resources+`}}`)
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if !json.Valid([]byte(text)) {
		t.Fatalf("%s is no JSON:\n%s", name, text)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRead(t *testing.T) {
	state, err := assembly.Read("testdata/riverside")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/riverside.state.json", append(text, '\n'))
}

// grantTo is a stack with a role, a bucket, a key and a grant to what the
// expression gives.
func grantTo(expression string) string {
	return `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": "reader-${AWS::Region}"}, "Path": "/team/"}},
		"Generated": {"Type": "AWS::IAM::Role", "Properties": {}},
		"Circle": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Ref": "Circle"}}},
		"Filter": {"Type": "AWS::LakeFormation::DataCellsFilter", "Properties": {"TableCatalogId": {"Ref": "AWS::AccountId"}, "DatabaseName": "db", "TableName": "t", "Name": "f", "ColumnWildcard": {}, "RowFilter": {"AllRowsWildcard": {}}}},
		"Grant": {"Type": "AWS::LakeFormation::PrincipalPermissions", "Properties": {
			"Principal": {"DataLakePrincipalIdentifier": ` + expression + `},
			"Resource": {"Database": {"CatalogId": {"Ref": "AWS::AccountId"}, "Name": "db"}},
			"Permissions": ["DESCRIBE"], "PermissionsWithGrantOption": []}}`
}

func TestIntrinsics(t *testing.T) {
	for _, test := range []struct{ name, expression, want string }{
		{"a text", `"arn:aws:iam::222222222222:role/x"`, "arn:aws:iam::222222222222:role/x"},
		{"the ARN of a named role", `{"Fn::GetAtt": ["Role", "Arn"]}`, "arn:aws:iam::222222222222:role/team/reader-us-east-1"},
		{"the short form of GetAtt", `{"Fn::GetAtt": "Role.Arn"}`, "arn:aws:iam::222222222222:role/team/reader-us-east-1"},
		{"the ARN of a role without a name", `{"Fn::GetAtt": ["Generated", "Arn"]}`, "${S.Generated.Arn}"},
		{"another attribute", `{"Fn::GetAtt": ["Role", "RoleId"]}`, "${S.Role.RoleId}"},
		{"an unknown resource", `{"Fn::GetAtt": ["Gone", "Arn"]}`, "${S.Gone.Arn}"},
		{"a reference by name", `{"Ref": "Role"}`, "reader-us-east-1"},
		{"a reference without a name", `{"Ref": "Generated"}`, "${S.Generated}"},
		{"a name that refers to itself", `{"Ref": "Circle"}`, "${S.Circle}"},
		{"a parameter", `{"Ref": "Param"}`, "${S.Param}"},
		{"the stack's name", `{"Ref": "AWS::StackName"}`, "S"},
		{"join", `{"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "iam:", {"Ref": "AWS::AccountId"}, "role/x"]]}`, "arn:aws:iam::222222222222:role/x"},
		{"join without a value that is left out", `{"Fn::Join": ["-", ["a", {"Ref": "AWS::NoValue"}, "b"]]}`, "a-b"},
		{"join with something unresolved", `{"Fn::Join": ["/", ["a", {"Ref": "Generated"}]]}`, "a/${S.Generated}"},
		{"sub", `{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Role}.${AWS::URLSuffix}"}`, "arn:aws:iam::222222222222:role/reader-us-east-1.amazonaws.com"},
		{"sub with an attribute", `{"Fn::Sub": "<${Role.Arn}>"}`, "<arn:aws:iam::222222222222:role/team/reader-us-east-1>"},
		{"sub with variables", `{"Fn::Sub": ["${A}-${B}", {"A": "1", "B": {"Fn::Select": ["1", ["x", "y"]]}}]}`, "1-y"},
		{"sub with a literal", `{"Fn::Sub": "${!aws:PrincipalTag}"}`, "${aws:PrincipalTag}"},
		{"select and split", `{"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["Role", "Arn"]}]}]}`, "222222222222"},
		{"split of something unresolved", `{"Fn::Select": [0, {"Fn::Split": [":", {"Ref": "Generated"}]}]}`,
			`${S {"Fn::Select":[0,{"Fn::Split":[":",{"Ref":"Generated"}]}]}}`},
		{"select out of range", `{"Fn::Select": [2, ["a"]]}`, `${S {"Fn::Select":[2,["a"]]}}`},
		{"the identity of a filter", `{"Ref": "Filter"}`, "222222222222|db|t|f"},
		{"another function", `{"Fn::ImportValue": "other"}`, `${S {"Fn::ImportValue":"other"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			state, err := assembly.Read(appOf(t, "aws://222222222222/us-east-1", grantTo(test.expression)))
			if err != nil {
				t.Fatal(err)
			}
			got := state.Catalogs[0].Grants[0].Principal
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if marked := strings.Contains(got, "${") && test.name != "sub with a literal"; marked != (len(state.Unresolved) > 0) {
				t.Errorf("unresolved: %v", state.Unresolved)
			}
			for _, u := range state.Unresolved {
				if !strings.HasPrefix(u.Place, "S Grant.Principal") || u.Reason == "" {
					t.Errorf("got %s", u)
				}
			}
		})
	}
}

func TestPartitions(t *testing.T) {
	for region, want := range map[string]string{"eu-west-1": "aws amazonaws.com", "cn-north-1": "aws-cn amazonaws.com.cn", "us-gov-west-1": "aws-us-gov amazonaws.com"} {
		dir := appOf(t, "aws://222222222222/"+region, grantTo(`{"Fn::Sub": "${AWS::Partition} ${AWS::URLSuffix}"}`))
		state, err := assembly.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		if got := state.Catalogs[0].Grants[0].Principal; got != want {
			t.Errorf("%s: got %s, want %s", region, got, want)
		}
	}
}

// A stack that can be deployed anywhere is read, and says so.
func TestReadWithoutEnvironment(t *testing.T) {
	state, err := assembly.Read(appOf(t, "aws://unknown-account/unknown-region", grantTo(`{"Fn::GetAtt": ["Role", "Arn"]}`)))
	if err != nil {
		t.Fatal(err)
	}
	c := state.Catalogs[0]
	if c.Key() != "${AWS::AccountId}/${AWS::Region}" || c.Grants[0].Principal != "arn:aws:iam::${AWS::AccountId}:role/team/reader-${AWS::Region}" {
		t.Errorf("got %s and %s", c.Key(), c.Grants[0].Principal)
	}
	if len(state.Unresolved) < 3 {
		t.Errorf("unresolved: %v", state.Unresolved)
	}
}

// What does not bear on access is not reported, whatever it refers to.
func TestReadIgnoresOtherProperties(t *testing.T) {
	state, err := assembly.Read(appOf(t, "aws://222222222222/us-east-1", `
		"Db": {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": "222222222222", "DatabaseInput": {"Name": "db", "Description": {"Fn::If": ["A", "b", "c"]}}}},
		"Queue": {"Type": "AWS::SQS::Queue", "Condition": "Big", "Properties": {"QueueName": {"Ref": "Param"}}}`))
	if err != nil || len(state.Unresolved) > 0 {
		t.Errorf("got %v and %v", err, state.Unresolved)
	}
}

// What is not as CloudFormation has it is said, with who and what, and hides nothing.
func TestMistakesHideNothing(t *testing.T) {
	grant := func(resource string) string {
		return `"G": {"Type": "AWS::LakeFormation::PrincipalPermissions", "Properties": {"Principal": {"DataLakePrincipalIdentifier": "p"}, "Resource": ` + resource + `, "Permissions": ["SELECT"]}}`
	}
	for _, test := range []struct{ name, resources, want string }{
		{"two members", grant(`{"Database": {"Name": "db"}, "Table": {"DatabaseName": "db", "Name": "t"}}`), "S G.Resource: got Database and Table: expected exactly one member"},
		{"no member", grant(`{}`), "S G.Resource: got no member: expected exactly one member"},
		{"a list for a text", grant(`{"Database": {"Name": ["db"]}}`), "S G.Resource.Database.Name: got []interface {}: expected a string"},
		{"a resource that another function makes", grant(`{"Fn::ToJsonString": {}}`), "S G: [SELECT] to p: on what could not be read"},
		{"nobody", strings.Replace(grant(`{"Database": {"Name": "db"}}`), `"p"`, `""`, 1), "S G.Principal: ${S.G.Principal}: no principal could be read"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			state, err := assembly.Read(appOf(t, "aws://222222222222/us-east-1", test.resources+`,
				"Db": {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": "222222222222", "DatabaseInput": {"Name": "db"}}}`))
			if err != nil || len(state.Catalogs) != 1 || len(state.Catalogs[0].Databases) != 1 {
				t.Fatalf("got %v and %v", state, err)
			}
			if !said(state, test.want) {
				t.Errorf("got %v, want %s", state.Unresolved, test.want)
			}
		})
	}
	t.Run("no assembly", func(t *testing.T) {
		if _, err := assembly.Read(t.TempDir()); err == nil || !strings.Contains(err.Error(), "run cdk synth first") {
			t.Errorf("got %v", err)
		}
	})
}

// said reports whether something unresolved is said, in words that start so.
func said(state *access.State, words string) bool {
	return slices.ContainsFunc(state.Unresolved, func(u access.Unresolved) bool { return strings.HasPrefix(u.String(), words) })
}

// Default permissions become grants to IAM_ALLOWED_PRINCIPALS on what is created
// under them; a database's own empty list hides the account's default.
func TestDefaultPermissions(t *testing.T) {
	const open = `[{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]`
	database := func(id, more string) string {
		return `"` + id + `": {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": "222222222222", "DatabaseInput": {"Name": "` + strings.ToLower(id) + `"` + more + `}}},
			"` + id + `T": {"Type": "AWS::Glue::Table", "Properties": {"CatalogId": "222222222222", "DatabaseName": "` + strings.ToLower(id) + `", "TableInput": {"Name": "t"}}}`
	}
	state, err := assembly.Read(appOf(t, "aws://222222222222/us-east-1", `
		"Settings": {"Type": "AWS::LakeFormation::DataLakeSettings", "Properties": {"CreateTableDefaultPermissions": `+open+`}},`+
		database("Inherits", "")+","+database("Closed", `, "CreateTableDefaultPermissions": []`)+","+database("Open", `, "CreateTableDefaultPermissions": `+open)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range state.Catalogs[0].Grants {
		got = append(got, g.Key())
	}
	want := []string{
		"IAM_ALLOWED_PRINCIPALS on Table 222222222222/inherits.t",
		"IAM_ALLOWED_PRINCIPALS on Table 222222222222/open.t",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !slices.Equal(state.Catalogs[0].OpenByDefault, []string{"tables"}) {
		t.Errorf("open by default: %v", state.Catalogs[0].OpenByDefault)
	}
}

// A nested stack sees the values that its parent gives it.
func TestNestedStacks(t *testing.T) {
	dir := appOf(t, "aws://222222222222/us-east-1", `
		"Generated": {"Type": "AWS::IAM::Role", "Properties": {}},
		"Child": {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "child.nested.template.json"},
			"Properties": {"Parameters": {"Name": {"Fn::Sub": "db-${AWS::AccountId}"}, "Who": {"Fn::GetAtt": ["Generated", "Arn"]}}}},
		"Elsewhere": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.org/t.json"}}`)
	write(t, dir, "child.nested.template.json", `{"Resources": {"Grant": {"Type": "AWS::LakeFormation::PrincipalPermissions", "Properties": {
		"Principal": {"DataLakePrincipalIdentifier": {"Ref": "Who"}}, "Resource": {"Database": {"CatalogId": {"Ref": "AWS::AccountId"}, "Name": {"Ref": "Name"}}},
		"Permissions": ["DESCRIBE"]}}}}`)
	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := state.Catalogs[0].Grants[0].Key(); got != "${S.Generated.Arn} on Database 222222222222/db-222222222222" {
		t.Errorf("got %s", got)
	}
	var places []string
	for _, u := range state.Unresolved {
		places = append(places, u.Place)
	}
	if diff := cmp.Diff([]string{"S Elsewhere", "S/Child Grant.Principal.DataLakePrincipalIdentifier"}, places); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestIcebergSchema(t *testing.T) {
	state, err := assembly.Read(appOf(t, "aws://222222222222/us-east-1", `
		"T": {"Type": "AWS::Glue::Table", "Properties": {"CatalogId": "222222222222", "DatabaseName": "db", "Name": "t",
			"OpenTableFormatInput": {"IcebergInput": {"MetadataOperation": "CREATE", "IcebergTableInput": {"Location": "s3://b/t", "Schema": {"Type": "struct", "Fields": [
				{"Id": 1, "Name": "a", "Type": "long", "Required": true},
				{"Id": 2, "Name": "b", "Type": "decimal(10, 2)", "Required": true},
				{"Id": 3, "Name": "c", "Type": "fixed[16]", "Required": true},
				{"Id": 4, "Name": "d", "Type": {"type": "struct", "fields": [{"name": "x", "type": "timestamptz"}, {"name": "y", "type": {"type": "map", "key": "string", "value": "int"}}]}, "Required": true},
				{"Id": 5, "Name": "e", "Type": "{\"type\": \"list\", \"element\": \"uuid\"}", "Required": true}]}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []access.Table{{Database: "db", Name: "t", Location: "s3://b/t", Columns: []access.Column{
		{Name: "a", Type: "bigint"}, {Name: "b", Type: "decimal(10,2)"}, {Name: "c", Type: "binary"},
		{Name: "d", Type: "struct<x:timestamp,y:map<string,int>>"}, {Name: "e", Type: "array<string>"},
	}}}
	if diff := cmp.Diff(want, state.Catalogs[0].Tables); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
