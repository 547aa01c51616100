package assembly_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// lake is a template with every short form that CloudFormation has for what bears on access.
const lake = `AWSTemplateFormatVersion: '2010-09-09'
Description: A database, a table and who reads it # as people write them
Parameters:
  Stage: {Type: String, Default: dev}
  Readers: {Type: CommaDelimitedList}
Mappings:
  Names:
    dev: {Database: lab_dev}
    prod: {Database: lab}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Settings:
    Type: AWS::LakeFormation::DataLakeSettings
    Properties: {CreateDatabaseDefaultPermissions: [], CreateTableDefaultPermissions: []}
  Db:
    Type: AWS::Glue::Database
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseInput:
        Name: !FindInMap [Names, !Ref Stage, Database]
  T:
    Type: AWS::Glue::Table
    Properties:
      CatalogId: !Ref "AWS::AccountId"
      DatabaseName: !Ref Db
      TableInput:
        Name: t
        StorageDescriptor:
          Columns:
            - {Name: a, Type: string}
            - Name: b
              Type: string
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub 'reader-${Stage}'
  ByRole:
    Type: AWS::LakeFormation::PrincipalPermissions
    Properties:
      Principal:
        DataLakePrincipalIdentifier: !GetAtt Role.Arn
      Resource: &table
        Table:
          CatalogId: !Ref AWS::AccountId
          DatabaseName: !Ref Db
          Name: t
      Permissions: [SELECT]
  ByParameter:
    Type: AWS::LakeFormation::PrincipalPermissions
    Properties:
      Principal:
        DataLakePrincipalIdentifier: !Join ['', ['arn:aws:iam::', !Ref AWS::AccountId, ':role/', !Select [1, !Ref Readers]]]
      Resource:
        TableWithColumns:
          CatalogId: 012345678901
          DatabaseName: !Sub
            - lab${Suffix}
            - Suffix: !If [IsProd, '', _dev]
          Name: t
          ColumnNames: [a]
      Permissions:
        - SELECT
`

func writeText(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var deployed = template.Given{Account: "012345678901", Region: "eu-west-1", Parameters: map[string]string{"Stage": "prod", "Readers": "x, analyst"}}

func readGiven(t *testing.T, path string, given template.Given) *access.State {
	t.Helper()
	state, err := assembly.ReadGiven(path, given)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// A single template in YAML is read with what is given for its parameters.
func TestTemplateInYAML(t *testing.T) {
	path := writeText(t, t.TempDir(), "lake.yaml", lake)
	state := readGiven(t, path, deployed)
	want := []string{"arn:aws:iam::012345678901:role/analyst lab.t a", "arn:aws:iam::012345678901:role/reader-prod lab.t a,b"}
	if diff := cmp.Diff(want, sight(state)); diff != "" {
		t.Errorf("(-want +got)\n%s\n%v", diff, state.Unresolved)
	}
	if got := state.Catalogs[0].Key(); got != "012345678901/eu-west-1" {
		t.Errorf("got %s", got)
	}

	without := readGiven(t, path, template.Given{})
	for _, want := range []string{"lake: the stack has no fixed account", "lake Db.DatabaseInput.Name[1]: dev: the default of parameter Stage", "lake ByParameter.Principal.DataLakePrincipalIdentifier"} {
		if !said(without, want) {
			t.Errorf("got %v, want %s", without.Unresolved, want)
		}
	}
}

// The templates of a folder are read together; what one nests is read as nested.
func TestFolderOfTemplates(t *testing.T) {
	dir := t.TempDir()
	writeText(t, dir, "lake.template.json", `{"Resources": {`+labHere+`}, "Outputs": {"Db": {"Value": "lab", "Export": {"Name": "database"}}}}`)
	grant := `{"Parameters": {"Who": {"Type": "String"}}, "Resources": {` + grantOf("G", `{"Ref": "Who"}`, `{"Table": {"DatabaseName": {"Fn::ImportValue": "database"}, "Name": "t"}}`, "") + `}}`
	writeText(t, dir, "grant.json", grant)
	writeText(t, dir, "deeper/grant.json", strings.Replace(grant, `"Who": {"Type": "String"}`, `"Who": {"Type": "String", "Default": "deep"}`, 1))
	writeText(t, dir, "parent.yml", `
Resources:
  ByURL:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: !Sub https://${AWS::AccountId}-templates.s3.amazonaws.com/v1/grant.json
      Parameters: {Who: p}
  ByPath:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./deeper/grant.json}
`)
	writeText(t, dir, "settings.yaml", "stage: dev\n") // no template
	state := readGiven(t, dir, template.Given{Account: "222222222222", Region: "us-east-1"})
	if diff := cmp.Diff([]string{"deep lab.t a,b", "p lab.t a,b"}, sight(state)); diff != "" {
		t.Errorf("(-want +got)\n%s\n%v", diff, state.Unresolved)
	}
}

// A repository has a folder for each account, and other files beside the templates.
func TestFoldersBelow(t *testing.T) {
	dir := t.TempDir()
	writeText(t, dir, "lake/lake.json", `{"Resources": {`+labHere+`}}`)
	writeText(t, dir, "grants/lake.json", `{"Resources": {`+grantOf("G", `"p"`, `{"Table": {"DatabaseName": "lab", "Name": "t"}}`, "")+`}}`)
	writeText(t, dir, "grants/parameters.json", `[{"ParameterKey": "Stage", "ParameterValue": "dev"}]`)
	writeText(t, dir, "chart/values.yaml", "{{ if .Values.on }}\n")
	writeText(t, dir, ".tool/lake.json", `{"Resources": "AWS::`)
	given := template.Given{Account: "222222222222", Region: "us-east-1"}
	state := readGiven(t, dir, given)
	if diff := cmp.Diff([]string{"p lab.t a,b"}, sight(state)); diff != "" {
		t.Errorf("(-want +got)\n%s\n%v", diff, state.Unresolved)
	}
	writeText(t, dir, "chart/lake.yaml", "Resources: {A: {Type: AWS::Glue::Table\n")
	if _, err := assembly.ReadGiven(dir, given); err == nil || !strings.Contains(err.Error(), "chart/lake.yaml") {
		t.Errorf("got %v, want the template that cannot be read", err)
	}
}

func TestTemplatesThatCannotBeRead(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"lake.yaml", lake + "  Again:\n    Type: AWS::Glue::Table\n    Properties: *table\n", "got alias; expected what CloudFormation reads"},
		{"lake.yaml", "Resources: [", "lake.yaml: "},
		{"lake.json", "{\n\"Resources\": {", "lake.json:2: "},
		{"lake.yaml", "stage: dev\n", "got no section Resources"},
		{"lake.txt", "hello\n", "got no section Resources"},
		{"lake.yaml", "Resources: {}\nParameters: {Stage: {Type: String}}\n", "no template has the parameters [Readers]; they have [Stage]"},
	} {
		path := writeText(t, t.TempDir(), test.name, test.text)
		if _, err := assembly.ReadGiven(path, deployed); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

// Four names in a filter that are each the filter's own: there are 4^16 ways around.
func TestNamesInCirclesEnd(t *testing.T) {
	own := `{"Fn::Join": ["", [{"Ref": "F"}, {"Ref": "F"}]]}`
	state := read(t, `"F": {"Type": "AWS::LakeFormation::DataCellsFilter", "Properties": {"TableCatalogId": `+own+`, "DatabaseName": `+own+`, "TableName": `+own+`, "Name": `+own+`}}`)
	if len(state.Unresolved) == 0 {
		t.Error("nothing is said of names that refer to themselves")
	}
}

// Whatever a template says, reading it ends, and without a panic.
func FuzzTemplates(f *testing.F) {
	f.Add(lake)
	f.Add(`{"Resources": {` + lab + "," + grantOf("G", `{"Fn::If": ["C", {"Ref": "G"}, {"Fn::GetAtt": ["G", "Arn"]}]}`, tableT, `, "Condition": "C"`) + `}}`)
	f.Add(`{"Outputs": {"O": {"Value": {"Fn::ImportValue": "o"}, "Export": {"Name": "o"}}}, "Resources": {` + grantOf("G", `{"Fn::ImportValue": "o"}`, tableT, "") + `}}`)
	f.Add("Resources:\n  X: {Type: Custom::AWS, Properties: {Create: !Sub ['${A}', {A: !Ref X}]}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		state, err := assembly.ReadGiven(writeText(t, t.TempDir(), "lake.yaml", text), template.Given{})
		if err == nil {
			state.Evaluate()
		}
	})
}
